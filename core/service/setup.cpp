// SPDX-License-Identifier: Apache-2.0
// From options to a configuration, folders and policies. Main thread.
#include "core/service/setup.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <tuple>

#include "core/plugin/paths.hpp"
#include "core/service/instances.hpp"
#include "core/service/policy_settings.hpp"

namespace picket {
namespace {

namespace fs = std::filesystem;

fs::path first_of(const std::string& option, const std::string& configured, const fs::path& bundled) {
    if (!option.empty()) return option;
    return configured.empty() ? bundled : fs::path(configured);
}

void set_local(Setup& setup, const std::vector<std::string>& texts) {
    if (texts.empty()) return;
    auto local = parse_prefixes(texts);
    if (local) {
        setup.config.engine.local = std::move(*local);
        setup.config.origins["engine.local"] = "--local";
    } else {
        Error error = std::move(local.error());
        error.where = "--local";
        setup.problems.push_back(std::move(error));
    }
}

/// "x.toml:12:8" as something to sort by: line 9 comes before line 12. What has no such place comes first.
std::tuple<std::string, size_t, size_t> place_of(const Error& error) {
    const auto second = error.where.rfind(':');
    const auto first =
        second == std::string::npos || second == 0 ? second : error.where.rfind(':', second - 1);
    const auto number = [](std::string_view text) {
        size_t value = 0;
        std::from_chars(text.data(), text.data() + text.size(), value);
        return value;
    };
    if (first == std::string::npos || first == second) return {{}, 0, 0};
    const std::string_view where = error.where;
    return {error.where.substr(0, first), number(where.substr(first + 1, second - first - 1)),
            number(where.substr(second + 1))};
}

void append(std::vector<Error>& to, std::vector<Error> from) {
    std::move(from.begin(), from.end(), std::back_inserter(to));
}

void load_plugins(Setup& setup) {
    auto registry = PluginRegistry::scan(setup.plugins_dir);
    if (!registry) {
        setup.problems.push_back(std::move(registry.error()));
        return;
    }
    append(setup.problems, registry->problems());
    append(setup.problems, check_plugin_tables(*registry, setup.config));
    setup.plugins = std::move(*registry);
}

void load_policies(Setup& setup) {
    const PoliciesSection& section = setup.config.policies;
    PolicyBudget budget;
    budget.call_ns = section.call_budget_ns;
    budget.memory_bytes = section.memory_bytes;
    budget.findings_per_tick = static_cast<uint32_t>(section.findings_per_tick);
    setup.policies = std::make_shared<PolicyHost>(budget);
    const auto settings = policy_settings(setup.config, setup.problems);
    append(setup.problems,
           setup.policies->load(setup.policies_dir, settings, default_policy_settings(setup.config)));
}

}  // namespace

Setup load_setup(const SetupOptions& options) {
    ConfigSources sources;
    sources.files.assign(options.config_files.begin(), options.config_files.end());
    sources.on_top = options.on_top;
    ConfigResult loaded = load_config(sources);
    Setup setup;
    setup.config = std::move(loaded.config);
    setup.problems = std::move(loaded.problems);
    set_local(setup, options.local);
    setup.policies_dir = first_of(options.policies_dir, setup.config.policies.dir, default_policies_dir());
    setup.plugins_dir = first_of(options.plugins_dir, setup.config.plugins.dir, default_plugin_dir());
    load_plugins(setup);
    load_policies(setup);
    std::stable_sort(setup.problems.begin(), setup.problems.end(),
                     [](const Error& a, const Error& b) { return place_of(a) < place_of(b); });
    return setup;
}

EngineConfig engine_config(const Config& config, const std::vector<Prefix>& local, uint64_t hash_seed) {
    EngineConfig out;
    out.tick_ns = config.engine.tick_ns;
    out.counters.tick_ns = config.engine.tick_ns;
    out.counters.rows_max = static_cast<uint32_t>(config.engine.rows_max);
    out.counters.set_memory_bytes = config.engine.set_memory_bytes;
    out.counters.hash_seed = hash_seed;
    out.incidents.repeat_ns = config.engine.finding_interval_ns;
    out.incidents.quiet_ns = config.engine.incident_quiet_ns;
    out.local = config.engine.local.empty() ? local : config.engine.local;
    return out;
}

}  // namespace picket

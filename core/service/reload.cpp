// SPDX-License-Identifier: Apache-2.0
// The steps of a reload. See reload.hpp for the threads.
#include "core/service/reload.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <memory>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "core/config/compare.hpp"
#include "core/plugin/options.hpp"
#include "core/service/ask_engine.hpp"
#include "core/service/runtime_settings.hpp"

namespace picket {
namespace {

constexpr std::chrono::seconds watch_interval{1};

using Values = std::map<std::string, Setting>;

/// Sorts the changed options of one running plugin, and has it take over those that it can. False: it
/// refused.
bool reload_plugin(PluginInstance& instance, const std::string& table, const Values& running,
                   const Values& fresh, ReloadReport& report) {
    const picket_plugin& plugin = instance.plugin();
    PluginOptions before = complete_options(plugin, running, table);
    const PluginOptions after = complete_options(plugin, fresh, table);
    std::vector<std::string> changed;
    for (const OptionSpec& spec : plugin_option_specs(plugin)) {
        OptionValue& value = before.values.at(spec.name);
        if (value == after.values.at(spec.name)) continue;
        const std::string key = table + "." + spec.name;
        if (!spec.reloadable) {
            report.needs_restart.push_back(key);
            continue;
        }
        value = after.values.at(spec.name);
        changed.push_back(key);
    }
    if (changed.empty()) return true;
    const auto taken = instance.reconfigure(options_json(plugin, before.values));
    if (taken)
        std::ranges::move(changed, std::back_inserter(report.changed));
    else
        report.problems.push_back(taken.error());
    return taken.has_value();
}

/// Takes over the reloadable values of a plugin's table, so that the next reload compares with what holds.
void adopt_values(const picket_plugin& plugin, Values& running, const Values& fresh) {
    for (const OptionSpec& spec : plugin_option_specs(plugin)) {
        if (!spec.reloadable) continue;
        running.erase(spec.name);
        if (const auto at = fresh.find(spec.name); at != fresh.end()) running.insert(*at);
    }
}

void compare_table_names(const std::string& table, const std::map<std::string, PluginSection>& running,
                         const std::map<std::string, PluginSection>& fresh, ReloadReport& report) {
    std::set<std::string> only_in_one;
    for (const auto& [name, section] : running)
        if (!fresh.contains(name)) only_in_one.insert(name);
    for (const auto& [name, section] : fresh)
        if (!running.contains(name)) only_in_one.insert(name);
    for (const std::string& name : only_in_one) report.needs_restart.push_back(table + "." + name);
}

}  // namespace

Reloader::Reloader(Parts parts, const Setup& running)
    : parts_(std::move(parts))
    , running_(running.config)
    , watches_(running.config.policies.watch)
    , watch_(running.policies_dir)
    , thread_([this] { run(); }) {}

void Reloader::request(const std::string& actor) {
    const std::lock_guard lock(mutex_);
    requested_by_ = actor;
    changed_.notify_one();
}

void Reloader::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        changed_.notify_one();
    }
    if (thread_.joinable()) thread_.join();
}

void Reloader::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait_for(lock, watch_interval, [this] { return stopping_ || !requested_by_.empty(); });
        if (stopping_) return;
        std::string actor = std::exchange(requested_by_, {});
        lock.unlock();
        const bool changed = watch_.has_changed() && watches_;
        if (actor.empty() && changed) actor = "file change";
        if (!actor.empty()) reload(actor);
        lock.lock();
    }
}

Result<ReloadReport> Reloader::change(const StoredSettings& changes, const Actor& actor) {
    const std::lock_guard lock(one_at_a_time_);
    auto report = change_now(changes, actor);
    if (parts_.on_done) parts_.on_done(actor.name, report);
    return report;
}

namespace {

/// A report, and what the engine no longer uses: that is taken apart on the thread of the reload.
struct Applied {
    ReloadReport report;
    std::shared_ptr<PolicyHost> retired;
};

ReloadReport refusal(std::vector<Error> problems) {
    ReloadReport out;
    out.problems = std::move(problems);
    return out;
}

/// Policies that came, went, or have another text.
void compare_policies(const PolicyHost& running, const PolicyHost& fresh, ReloadReport& report) {
    std::map<std::string, std::string> before, after;
    for (const PolicyStatus& policy : running.status()) before[policy.name] = policy.hash;
    for (const PolicyStatus& policy : fresh.status()) after[policy.name] = policy.hash;
    for (const auto& [name, hash] : before)
        if (!after.contains(name)) report.changed.push_back(fmt::format("{}.lua (gone)", name));
    for (const auto& [name, hash] : after) {
        const auto old = before.find(name);
        if (old == before.end())
            report.changed.push_back(fmt::format("{}.lua (new)", name));
        else if (old->second != hash)
            report.changed.push_back(fmt::format("{}.lua", name));
    }
}

}  // namespace

Result<ReloadReport> Reloader::change_now(const StoredSettings& changes, const Actor& actor) {
    auto settings = parts_.store.settings();
    if (!settings) return tl::unexpected<Error>(settings.error());
    std::vector<Error> left_out;
    Setup loaded = load_with(parts_.load, *settings, left_out);
    for (const auto& [key, value] : changes) {
        settings->erase(key);
        if (!value.empty()) settings->emplace(key, value);
    }
    if (!changes.empty()) loaded = parts_.load(*settings);
    const auto fresh = std::make_shared<const Setup>(std::move(loaded));
    if (!fresh->problems.empty()) return refusal(fresh->problems);
    if (auto failed = parts_.gate.check(fresh->policies->status()); !failed.empty())
        return refusal(std::move(failed));
    if (!changes.empty())
        if (auto kept = parts_.store.set(changes, actor); !kept) return tl::unexpected<Error>(kept.error());
    return apply_soon(fresh);
}

Result<ReloadReport> Reloader::apply_soon(std::shared_ptr<const Setup> fresh) {
    const auto applied = ask_engine<Applied>(parts_.jobs, [this, fresh](Engine& engine) {
        std::shared_ptr<PolicyHost> running = engine.policies();
        return Applied{apply(engine, *fresh), std::move(running)};
    });
    if (!applied) return tl::unexpected<Error>(applied.error());
    if (applied->report.applied) watch_.set_dir(fresh->policies_dir);
    return applied->report;
}

ReloadReport Reloader::apply(Engine& engine, const Setup& fresh) {
    ReloadReport report;
    compare_policies(*engine.policies(), *fresh.policies, report);
    if (auto set = engine.set_policies(fresh.policies); !set) return refusal({set.error()});
    if (parts_.on_policies) parts_.on_policies(engine);
    report.applied = true;
    for (const ConfigDifference& each : compare_config(running_, fresh.config))
        (each.reloadable ? report.changed : report.needs_restart).push_back(each.key);
    adopt_reloadable(running_, fresh.config);
    watches_ = running_.policies.watch;
    const EngineConfig config = engine_config(running_, own_addresses(), 0);
    engine.set_local(config.local);
    engine.incidents().set_intervals(config.incidents.repeat_ns, config.incidents.quiet_ns);
    if (parts_.set_log_level) parts_.set_log_level(running_.log.level);
    apply_plugins(fresh.config, report);
    return report;
}

void Reloader::apply_plugins(const Config& fresh, ReloadReport& report) {
    compare_table_names("capture", running_.capture, fresh.capture, report);
    compare_table_names("action", running_.action, fresh.action, report);
    const auto reload_table = [&](PluginInstance& instance, const std::string& table, auto& running_tables,
                                  const auto& fresh_tables) {
        const auto mine = running_tables.find(instance.plugin().name);
        const auto theirs = fresh_tables.find(instance.plugin().name);
        if (mine == running_tables.end() || theirs == fresh_tables.end()) return;
        if (reload_plugin(instance, table + "." + mine->first, mine->second.values, theirs->second.values,
                          report))
            adopt_values(instance.plugin(), mine->second.values, theirs->second.values);
    };
    reload_table(parts_.source, "capture", running_.capture, fresh.capture);
    for (RunningAction& action : parts_.actions) {
        reload_table(*action.instance, "action", running_.action, fresh.action);
        action.worker->reopen();
    }
}

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// Tables of plugins, checked and turned into instances. Main thread.
#include "core/service/instances.hpp"

#include <fmt/format.h>

#include "core/plugin/options.hpp"

namespace picket {
namespace {

struct TableKind {
    std::string_view table;
    uint32_t kind;
    std::string_view noun;
};
constexpr TableKind capture_tables{"capture", PICKET_KIND_SOURCE, "a source"};
constexpr TableKind action_tables{"action", PICKET_KIND_ACTION, "an action"};

Result<const picket_plugin*> find_plugin(const PluginRegistry& registry, const TableKind& kind,
                                         const std::string& name, const std::string& where) {
    const picket_plugin* plugin = registry.find(name);
    if (plugin == nullptr) {
        std::vector<std::string> names;
        for (const PluginLibrary& library : registry.libraries()) names.emplace_back(library.plugin().name);
        const auto near = nearest_name(name, names);
        return fail(
            ErrorCode::not_found, fmt::format("{}.{}: there is no such plugin", kind.table, name), where,
            near ? fmt::format("did you mean '{}'?", *near) : "`picket plugin list` shows those there are");
    }
    if ((plugin->kinds & kind.kind) == 0)
        return fail(ErrorCode::invalid,
                    fmt::format("{}.{}: the plugin is not {}", kind.table, name, kind.noun), where);
    return plugin;
}

void check_tables(const PluginRegistry& registry, const TableKind& kind,
                  const std::map<std::string, PluginSection>& sections, std::vector<Error>& problems) {
    for (const auto& [name, section] : sections) {
        const auto plugin = find_plugin(registry, kind, name, section.origin);
        if (!plugin) {
            problems.push_back(plugin.error());
            continue;
        }
        for (Error& problem : complete_options(**plugin, section.values,
                                               fmt::format("{}.{}", kind.table, name), section.origin)
                                  .problems)
            problems.push_back(std::move(problem));
    }
}

template <typename Instance>
Result<std::unique_ptr<Instance>> make(const PluginRegistry& registry, const TableKind& kind,
                                       const std::string& name, const std::map<std::string, Setting>& given,
                                       const PluginLog& log) {
    const auto plugin = find_plugin(registry, kind, name, "");
    if (!plugin) return tl::unexpected<Error>(plugin.error());
    const PluginOptions options = complete_options(**plugin, given, fmt::format("{}.{}", kind.table, name));
    if (!options.problems.empty()) return tl::unexpected<Error>(options.problems.front());
    return Instance::create(**plugin, options_json(**plugin, options.values), log);
}

}  // namespace

std::vector<Error> check_plugin_tables(const PluginRegistry& registry, const Config& config) {
    std::vector<Error> problems;
    check_tables(registry, capture_tables, config.capture, problems);
    check_tables(registry, action_tables, config.action, problems);
    return problems;
}

Result<std::unique_ptr<SourceInstance>> make_source(const PluginRegistry& registry, const std::string& name,
                                                    const std::map<std::string, Setting>& given,
                                                    const PluginLog& log) {
    return make<SourceInstance>(registry, capture_tables, name, given, log);
}

Result<std::unique_ptr<ActionInstance>> make_action(const PluginRegistry& registry, const std::string& name,
                                                    const std::map<std::string, Setting>& given,
                                                    const PluginLog& log) {
    return make<ActionInstance>(registry, action_tables, name, given, log);
}

}  // namespace picket

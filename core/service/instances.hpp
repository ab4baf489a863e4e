// SPDX-License-Identifier: Apache-2.0
// From [capture.NAME] and [action.NAME] to instances of plugins. Main thread.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/config/config.hpp"
#include "core/plugin/instance.hpp"
#include "core/plugin/registry.hpp"

namespace picket {

/// All that is wrong with the tables of plugins: no such plugin, of another kind, wrong options.
std::vector<Error> check_plugin_tables(const PluginRegistry& registry, const Config& config);

/// Made, not started. `given` are the table's values, with the command line's over them.
Result<std::unique_ptr<SourceInstance>> make_source(const PluginRegistry& registry, const std::string& name,
                                                    const std::map<std::string, Setting>& given,
                                                    const PluginLog& log);
Result<std::unique_ptr<ActionInstance>> make_action(const PluginRegistry& registry, const std::string& name,
                                                    const std::map<std::string, Setting>& given,
                                                    const PluginLog& log);

}  // namespace picket

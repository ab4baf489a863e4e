// SPDX-License-Identifier: Apache-2.0
// A plugin's configuration: its option table as OptionSpecs, the check of what an operator wrote, and the
// flat JSON object that `create` and `reconfigure` get. Any thread.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/config.hpp"
#include "core/config/option.hpp"
#include "picket/plugin.h"

namespace picket {

OptionSpec option_spec(const picket_option& option);
/// In the order of the plugin's table.
std::vector<OptionSpec> plugin_option_specs(const picket_plugin& plugin);

/// Every option of a plugin with its checked value, and all that is wrong with what was given.
struct PluginOptions {
    std::map<std::string, OptionValue> values;
    std::vector<Error> problems;
};

/// Checks `given`, and takes the default for what is not there. `table` ("capture.pcap") stands before the
/// name in problems; their `where` is the origin of the setting, or `table_origin` for a required one that is
/// missing.
PluginOptions complete_options(const picket_plugin& plugin, const std::map<std::string, Setting>& given,
                               std::string_view table, std::string_view table_origin = {});

/// Durations become a number of seconds, sizes a number of bytes.
std::string options_json(const picket_plugin& plugin, const std::map<std::string, OptionValue>& values);

}  // namespace picket

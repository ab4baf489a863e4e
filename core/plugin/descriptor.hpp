// SPDX-License-Identifier: Apache-2.0
// Reads the data that a plugin declares, before any other code of it runs. It may come from another version
// of the header, or be wrong: nothing is believed. Any thread.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/model/result.hpp"
#include "picket/plugin.h"

namespace picket {

inline constexpr uint32_t plugin_options_max = 256;

/// Sizes, names, functions, interfaces and the option table; the error says the first that is wrong.
Result<void> check_descriptor(const picket_plugin& plugin);

/// Option number `index`, by the stride that the plugin declares.
const picket_option& option_of(const picket_plugin& plugin, uint32_t index);

struct PluginKind {
    uint32_t bit;
    std::string_view name;
    const char* interface;  ///< nullptr: none is defined yet
};
/// The kinds that this version knows.
std::vector<PluginKind> kinds_of(const picket_plugin& plugin);

}  // namespace picket

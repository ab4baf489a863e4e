// SPDX-License-Identifier: Apache-2.0
// A TOML file as a flat list of what stands where: the border to the TOML library, which ends here. Any
// thread.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/config/option.hpp"

namespace picket {

/// Tables deeper than `[policy.flood.group.customers] key` say nothing to anybody: they arrive as a value
/// that is none.
inline constexpr size_t config_depth_max = 5;

struct DocumentNode {
    std::vector<std::string> path;  ///< 1…5 parts: "engine", "tick"
    bool table = false;
    RawValue value;          ///< monostate for a table, and for what no option takes (dates, lists of tables)
    std::string unusable;    ///< what it is then: "a date"
    std::string origin;      ///< of the value, file:line:column
    std::string key_origin;  ///< of the key
};

/// What stands in `text`, tables before their content, in order of place; or the syntax error, with its
/// place.
Result<std::vector<DocumentNode>> read_document(std::string_view name, std::string_view text);

}  // namespace picket

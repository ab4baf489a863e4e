// SPDX-License-Identifier: Apache-2.0
// From `counter { … }` to CounterDecl. Engine thread.
#pragma once
#include <vector>

#include "core/counters/declaration.hpp"
#include "core/policy/read.hpp"

namespace picket {

/// Reads what `counters(p)` returned: name to counter. All problems are collected; wrong counters left out.
std::vector<CounterDecl> read_counters(const std::string& policy, const LuaValue& counters,
                                       const std::string& file, std::vector<Error>& errors);

/// One condition of a filter, by its name in Lua; part of the filter's table, see filter_fields().
std::span<const FieldReader<Filter>> filter_fields();

}  // namespace picket

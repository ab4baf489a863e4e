// SPDX-License-Identifier: Apache-2.0
// From `finding { … }` to Finding. Engine thread.
#pragma once
#include <string>
#include <vector>

#include "core/model/finding.hpp"
#include "core/policy/read.hpp"
#include "core/policy/rows.hpp"

namespace picket {

/// Reads one finding. Complaints are collected in `errors`; texts over their bound are cut, not refused.
Finding read_finding(const LuaValue& value, RowBindings& rows, uint64_t tick_end_ns,
                     std::vector<Error>& errors);

}  // namespace picket

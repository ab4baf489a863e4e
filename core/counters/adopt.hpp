// SPDX-License-Identifier: Apache-2.0
// From the tables of one plan to those of the next, between two ticks: what is counted as before goes on with
// its rows. Engine thread.
#pragma once
#include <memory>
#include <vector>

#include "core/counters/plan.hpp"
#include "core/counters/table.hpp"

namespace picket {

/// The tables of `after`. A table of which nothing has changed is taken as it is; one that has changed costs
/// a copy of its rows.
std::vector<std::unique_ptr<Table>> carry_over(const Plan& before, std::vector<std::unique_ptr<Table>> tables,
                                               const Plan& after, const CountersConfig& config);

}  // namespace picket

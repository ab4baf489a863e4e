// SPDX-License-Identifier: Apache-2.0
// The daemon's state and what the store keeps, as JSON. For the room's own sources. Any thread.
#pragma once
#include <array>
#include <string_view>
#include <vector>

#include "core/api/json.hpp"
#include "core/engine/status.hpp"
#include "core/store/store.hpp"

namespace picket {

Json status_object(const DaemonStatus& status, const StoreStats& store);
/// What changes each second, for streams.
Json stream_status_object(const DaemonStatus& status);
/// A finding with its place in the order of arrival.
Json finding_record_object(const FindingRecord& record);
Json source_object(const SourceStatus& source);
Json policy_object(const PolicyStatus& policy);
Json params_array(const std::vector<PolicyParam>& params);
std::string_view name_of(PolicyState state);
/// How many policies are in each state, by PolicyState.
std::array<uint64_t, 3> policy_states(const std::vector<PolicyStatus>& policies);

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// Incidents as people read them: a table of many, one in full, and why it came to be. Main thread.
#pragma once
#include <string>
#include <vector>

#include "core/client/json_read.hpp"

namespace picket {

/// Newest first or however they are given; with a head.
std::string incident_table(const std::vector<Json>& incidents, bool colours);
/// Everything that is known of one.
std::string incident_text(const Json& incident, bool colours);
/// The answer of /api/v1/incidents/{id}/explain: sentences, then measures against their limits, then the
/// parameters of the policy.
std::string explain_text(const Json& explained, bool colours);

}  // namespace picket

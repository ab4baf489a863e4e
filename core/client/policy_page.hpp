// SPDX-License-Identifier: Apache-2.0
// Policies as text for people, from what the API says of them. Main thread.
#pragma once
#include <string>

#include "core/client/json_read.hpp"

namespace picket {

/// A line each.
std::string policy_table(const Json& policies, bool colours);
/// One in full: state, parameters with their origin, what differs for some addresses.
std::string policy_text(const Json& policy, bool colours);

/// The candidate policies, and what they would change.
std::string shadow_text(const Json& shadow, bool colours);

}  // namespace picket

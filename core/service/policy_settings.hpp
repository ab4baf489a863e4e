// SPDX-License-Identifier: Apache-2.0
// What the configuration says of policies, in the words of the policy host: groups as prefixes, modes as far
// as [policies] and the policy's own table let them go. Main thread, and that of a reload.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "core/config/config.hpp"
#include "core/policy/policy_host.hpp"

namespace picket {

/// Of the policies that the configuration names. Groups that do not exist, and prefixes that two groups have,
/// are added to `problems`.
std::map<std::string, PolicySettings> policy_settings(const Config& config, std::vector<Error>& problems);

/// Of all others.
PolicySettings default_policy_settings(const Config& config);

}  // namespace picket

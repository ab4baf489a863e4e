// SPDX-License-Identifier: Apache-2.0
// Two configurations side by side: what a reload has to do. Any thread.
#pragma once
#include <string>
#include <vector>

#include "core/config/config.hpp"

namespace picket {

struct ConfigDifference {
    std::string key;  ///< "engine.local", "policy.port_scan"
    bool reloadable = false;
};

/// The keys of the core's own tables, and the tables of policies, whose values are not the same.
std::vector<ConfigDifference> compare_config(const Config& running, const Config& fresh);

/// Takes the reloadable keys of the core's own tables over, with their origins.
void adopt_reloadable(Config& running, const Config& fresh);

}  // namespace picket

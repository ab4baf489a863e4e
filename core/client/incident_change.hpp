// SPDX-License-Identifier: Apache-2.0
// The subcommands of `picket incident` that change something: one table, one way. Main thread.
#pragma once
#include <functional>
#include <utility>
#include <vector>

#include "core/terminal/command.hpp"

namespace picket {

/// ack, resolve, false-positive, archive, reopen and delete.
std::vector<std::pair<CLI::App*, Run>> define_incident_changes(CLI::App& app);

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// The subcommands that talk to a running picket. Main thread.
#pragma once
#include "core/terminal/command.hpp"

namespace picket {

Run define_status(CLI::App& app);
Run define_top(CLI::App& app);
Run define_incident(CLI::App& app);
Run define_explain(CLI::App& app);
Run define_reload(CLI::App& app);
Run define_policy(CLI::App& app);

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// The command line: one table of subcommands, each in a file of its own. Main thread.
#pragma once
#include "core/terminal/command.hpp"

namespace picket {

Run define_run(CLI::App& app);
Run define_replay(CLI::App& app);
Run define_check(CLI::App& app);
Run define_test(CLI::App& app);
Run define_doctor(CLI::App& app);
Run define_plugin(CLI::App& app);
Run define_completion(CLI::App& app);
Run define_manual(CLI::App& app);

/// Parses the command line and runs what it says.
int run_cli(int argc, const char* const* argv);

}  // namespace picket

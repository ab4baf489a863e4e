// SPDX-License-Identifier: Apache-2.0
// What every subcommand is made of: its entry in the table, exit codes, and the one way errors reach a
// person. Main thread.
#pragma once
#include <functional>
#include <vector>

#include "core/model/result.hpp"

namespace CLI {
class App;
}

namespace picket {

/// What the shell gets; docs/errors.md says the same.
enum ExitCode : int {
    exit_ok = 0,
    exit_found = 1,   ///< it ran, and found what it was asked to look for: failed tests
    exit_input = 2,   ///< the command line, the configuration, a policy or an input file is wrong
    exit_failed = 3,  ///< the system, a plugin or a policy failed while it ran
};

/// Runs a subcommand whose options are parsed; returns an ExitCode.
using Run = std::function<int()>;

struct Command {
    const char* name;
    const char* group;  ///< heading in `picket --help`
    const char* summary;
    /// Adds the options to `app`; what it returns runs when the command line named this command.
    Run (*define)(CLI::App& app);
};

/// "picket: where: what (hint)" on standard error, a line each.
void print_error(const Error& error);
int print_errors(const std::vector<Error>& errors);
/// Prints the error; returns its exit code.
int fail_with(const Error& error);

/// The exit code for an error that stopped a command: wrong input, or a failure of the system.
ExitCode exit_code_of(const Error& error);
/// Writes out what standard output still holds; exit_failed when that cannot be done, else `code`.
int flush_output(int code);

}  // namespace picket

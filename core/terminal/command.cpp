// SPDX-License-Identifier: Apache-2.0
// Errors and results on their way to the shell. Main thread.
#include "core/terminal/command.hpp"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>

namespace picket {

void print_error(const Error& error) { fmt::print(stderr, "picket: {}\n", error.text()); }

int print_errors(const std::vector<Error>& errors) {
    ExitCode code = exit_ok;
    for (const Error& error : errors) {
        print_error(error);
        code = std::max(code, exit_code_of(error));
    }
    return code;
}

int fail_with(const Error& error) {
    print_error(error);
    return exit_code_of(error);
}

ExitCode exit_code_of(const Error& error) {
    switch (error.code) {
    case ErrorCode::invalid:
    case ErrorCode::not_found:
    case ErrorCode::io:
    case ErrorCode::limit:
        return exit_input;
    case ErrorCode::denied:
    case ErrorCode::internal:
        return exit_failed;
    }
    return exit_failed;
}

int flush_output(int code) {
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return code;
    fmt::print(stderr, "picket: cannot write to standard output\n");
    return exit_failed;
}

}  // namespace picket

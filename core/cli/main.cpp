// SPDX-License-Identifier: Apache-2.0
// The program. Every exception that comes this far is a fault of Picket. Main thread.
#include <cstdio>
#include <exception>

#include "core/cli/cli.hpp"

int main(int argc, char** argv) {
    try {
        return picket::run_cli(argc, argv);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "picket: internal error: %s\n", error.what());
    }
    return picket::exit_failed;
}

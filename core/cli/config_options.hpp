// SPDX-License-Identifier: Apache-2.0
// The options that several subcommands share. Main thread.
#pragma once
#include "core/service/setup.hpp"

namespace CLI {
class App;
}

namespace picket {

void add_config_options(CLI::App& app, SetupOptions& options);
void add_local_option(CLI::App& app, SetupOptions& options);

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// The daemon as a whole: what `picket run` does. Main thread, which is the engine's too.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/model/result.hpp"
#include "core/service/setup.hpp"

namespace picket {

/// What the command line says, over the configuration.
struct ServiceOptions {
    SetupOptions setup;
    std::vector<std::string> interfaces;
    std::string filter;
    std::string state_dir;                      ///< over store.dir
    std::optional<std::string> socket, listen;  ///< over api.socket, api.listen
};

/// Runs until a signal ends it. The errors that kept it from starting, or that ended it; empty: all was well.
std::vector<Error> run_service(const ServiceOptions& options);

}  // namespace picket

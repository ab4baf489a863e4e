// SPDX-License-Identifier: Apache-2.0
// The options by which a command finds the running picket. Main thread.
#pragma once
#include <string>

#include "core/client/api_client.hpp"

namespace CLI {
class App;
}

namespace picket {

inline constexpr const char* default_socket = "/run/picket/picket.sock";

/// --socket, --url and --token-file. Without them: $PICKET_SOCKET, or the default.
void add_api_options(CLI::App& app, ApiAddress& address);
/// What the options left open, filled in.
ApiAddress resolved(ApiAddress address);

}  // namespace picket

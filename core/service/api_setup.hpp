// SPDX-License-Identifier: Apache-2.0
// [api] as the server wants it. Main thread.
#pragma once
#include "core/api/server/server.hpp"
#include "core/config/config.hpp"

namespace picket {

/// Reads the token, from the file that is named or from systemd's credential.
Result<ApiServerConfig> api_server_config(const ApiSection& section);

}  // namespace picket

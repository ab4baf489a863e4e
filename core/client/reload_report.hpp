// SPDX-License-Identifier: Apache-2.0
// What all commands have in common that change policies or configuration of a running picket: the request,
// and its report for people or programs. Main thread.
#pragma once
#include "core/client/api_client.hpp"

namespace picket {

inline constexpr long reload_timeout_ms = 60'000;  ///< it runs the tests of the policies

/// Sends it and prints what came of it; returns an ExitCode.
int send_change(ApiClient& client, const ApiRequest& request, bool json);

}  // namespace picket

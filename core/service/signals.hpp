// SPDX-License-Identifier: Apache-2.0
// What the shell, systemd and logrotate say by signals. Handlers only set flags, which the engine thread
// looks at between two ticks.
#pragma once
#include <atomic>

namespace picket {

/// SIGINT and SIGTERM set `stop`; SIGHUP sets `reload`. SIGPIPE is ignored: a daemon hears of a closed pipe
/// from the write that fails.
struct Signals {
    std::atomic<bool> stop{false}, reload{false};
};

/// Takes the signals from now on. There is one set for the process. [main]
Signals& take_signals();

}  // namespace picket

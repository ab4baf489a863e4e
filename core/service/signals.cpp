// SPDX-License-Identifier: Apache-2.0
// Signal handlers: async-signal-safe, since they do nothing but set lock-free flags.
#include "core/service/signals.hpp"

#include <csignal>

namespace picket {
namespace {

Signals signals;
static_assert(std::atomic<bool>::is_always_lock_free);

void on_signal(int signal) {
    (signal == SIGHUP ? signals.reload : signals.stop).store(true, std::memory_order_release);
}

}  // namespace

Signals& take_signals() {
    struct sigaction action {};
    action.sa_handler = on_signal;
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaction(signal, &action, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    return signals;
}

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// Tells systemd how the service does: sd_notify(3), sd_watchdog_enabled(3). Does nothing where nobody asks
// for it. One thread, the same for all calls.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "core/engine/status.hpp"
#include "core/log/log.hpp"
#include "core/service/heartbeat.hpp"

namespace picket {

class Notifier {
  public:
    /// Looks at NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID.
    explicit Notifier(Log log);

    /// It captures: after start, and again after reloading(), whatever came of the reload.
    void ready(std::string_view status);
    /// A reload begins at `monotonic_ns`. ready() ends it.
    void reloading(uint64_t monotonic_ns);
    /// Reached the end of its life; what follows is bounded by TimeoutStopSec.
    void stopping();
    /// The line in `systemctl status`.
    void status(std::string_view line);
    /// Beats for the watchdog when no thread is silent, at most every watchdog_ns() / 4; else says in the
    /// log who is silent, once, and leaves the rest to systemd. Call it about every second.
    void watch(const Heartbeat& heart, uint64_t now_ns);

    /// The time within which systemd wants a beat; 0: it wants none.
    [[nodiscard]] uint64_t watchdog_ns() const { return watchdog_ns_; }
    /// Whether somebody listens.
    [[nodiscard]] bool active() const { return active_; }

  private:
    void send(const std::string& state);

    Log log_;
    bool active_ = false;
    bool failed_ = false;  ///< the socket refused, and it was said
    uint64_t watchdog_ns_ = 0;
    uint64_t beaten_ns_ = 0;
    std::string silent_;  ///< who was silent at the last look
};

/// "healthy; 1,234 packets/s, 0 dropped; 7 policies, 1 stopped; 2 incidents open". Rate and drops are those
/// between `before` and `now`; with `before` a DaemonStatus{}, those since the start.
std::string status_line(const DaemonStatus& before, const DaemonStatus& now);

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// libsystemd, which ends here, and the status line. One thread.
#include "core/service/notify.hpp"

#include <systemd/sd-daemon.h>

#include <algorithm>
#include <cstdlib>
#include <system_error>

#include <fmt/format.h>

#include "core/model/duration.hpp"
#include "core/terminal/table.hpp"

namespace picket {
namespace {

constexpr uint64_t ns_per_us = 1000;

/// A line break would begin another assignment of the protocol.
std::string status_assignment(std::string_view line) { return "STATUS=" + printable(line); }

uint64_t dropped(const DaemonStatus& status) {
    return status.capture.source.dropped_kernel + status.capture.source.dropped_interface +
           status.capture.records_dropped;
}

}  // namespace

Notifier::Notifier(Log log)
    : log_(std::move(log)) {
    const char* socket = std::getenv("NOTIFY_SOCKET");
    active_ = socket != nullptr && *socket != '\0';
    uint64_t watchdog_us = 0;
    if (active_ && sd_watchdog_enabled(0, &watchdog_us) > 0) watchdog_ns_ = watchdog_us * ns_per_us;
}

void Notifier::send(const std::string& state) {
    if (!active_) return;
    const int code = sd_notify(0, state.c_str());
    if (code < 0 && !failed_)
        log_(PICKET_LOG_WARNING,
             fmt::format("systemd cannot be told of the service's state: {} (NOTIFY_SOCKET is {})",
                         std::generic_category().message(-code), std::getenv("NOTIFY_SOCKET")));
    failed_ = code < 0;
}

void Notifier::ready(std::string_view status) { send("READY=1\n" + status_assignment(status)); }

void Notifier::reloading(uint64_t monotonic_ns) {
    send(fmt::format("RELOADING=1\nMONOTONIC_USEC={}\n{}", monotonic_ns / ns_per_us,
                     status_assignment("reloading")));
}

void Notifier::stopping() { send("STOPPING=1\n" + status_assignment("stopping")); }

void Notifier::status(std::string_view line) { send(status_assignment(line)); }

void Notifier::watch(const Heartbeat& heart, uint64_t now_ns) {
    std::string names;
    uint64_t longest_ns = 0;
    for (const Heartbeat::Silent& silent : heart.silent(now_ns)) {
        names += (names.empty() ? "" : ", ") + silent.name;
        longest_ns = std::max(longest_ns, silent.for_ns);
    }
    if (!names.empty()) {
        if (names != silent_)
            log_(PICKET_LOG_ERROR, fmt::format("no sign of life for {} from: {}{}",
                                               duration_text(longest_ns / ns_per_ms * ns_per_ms), names,
                                               watchdog_ns_ > 0 ? "; systemd's watchdog gets no beat" : ""));
        silent_ = std::move(names);
        return;
    }
    if (!silent_.empty()) log_(PICKET_LOG_INFO, fmt::format("alive again: {}", silent_));
    silent_.clear();
    if (watchdog_ns_ == 0 || (beaten_ns_ != 0 && now_ns - beaten_ns_ < watchdog_ns_ / 4)) return;
    send("WATCHDOG=1");
    beaten_ns_ = now_ns;
}

std::string status_line(const DaemonStatus& before, const DaemonStatus& now) {
    const uint64_t since_ns = std::max(before.time_ns, now.started_ns);
    const double seconds =
        now.time_ns > since_ns ? static_cast<double>(now.time_ns - since_ns) / ns_per_second : 0;
    const uint64_t packets = now.capture.packets - std::min(before.capture.packets, now.capture.packets);
    const uint64_t lost = dropped(now) - std::min(dropped(before), dropped(now));
    const auto rate = seconds > 0 ? static_cast<uint64_t>(static_cast<double>(packets) / seconds) : 0;
    const auto stopped = std::ranges::count(now.policies, PolicyState::stopped, &PolicyStatus::state);
    const auto off = std::ranges::count(now.policies, PolicyState::off, &PolicyStatus::state);

    std::string out = "healthy";
    if (!now.problems.empty()) {
        out = "not healthy: " + now.problems.front();
        if (now.problems.size() > 1) out += fmt::format(" (and {} more)", now.problems.size() - 1);
    }
    out += fmt::format("; {} packets/s, {} dropped; {} policies", grouped(rate), grouped(lost),
                       now.policies.size() - static_cast<size_t>(off));
    if (stopped > 0) out += fmt::format(", {} stopped", stopped);
    return out + fmt::format("; {} incidents open", grouped(now.incidents_open));
}

}  // namespace picket

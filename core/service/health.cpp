// SPDX-License-Identifier: Apache-2.0
// A table of what may not grow, and how the growth is told. Engine thread.
#include "core/service/health.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace picket {
namespace {

constexpr size_t seconds_looked_at = 10;
/// A handful of lost packets is no reason to distrust all others.
constexpr double loss_max = 0.01;

std::string loss_text(uint64_t lost, uint64_t packets, std::string_view by) {
    const double all = static_cast<double>(lost + packets);
    const double share = all > 0 ? static_cast<double>(lost) / all : 0;
    if (share <= loss_max) return {};
    return fmt::format("{:.1f} % of the packets of the last 10 s were lost by {}", share * 100, by);
}

void add_interfaces(const DaemonStatus& now, std::vector<std::string>& out) {
    for (const SourceStatus& source : now.sources) {
        const uint32_t down = source.stats.interfaces_down;
        const uint32_t all = down + source.stats.interfaces_up;
        if (down > 0)
            out.push_back(fmt::format("{} of {} interfaces of {} {} down", down, all, source.name,
                                      down == 1 ? "is" : "are"));
    }
}

void add_policies(const DaemonStatus& now, std::vector<std::string>& out) {
    for (const PolicyStatus& policy : now.policies)
        if (policy.state == PolicyState::stopped)
            out.push_back(fmt::format("policy {} is stopped: {}", policy.name, policy.last_error));
}

}  // namespace

Health::Sample Health::sample(const DaemonStatus& now, const StoreStats& store) {
    Sample out;
    out.packets = now.capture.packets;
    out.lost_kernel = now.capture.source.dropped_kernel;
    out.lost_interface = now.capture.source.dropped_interface;
    out.records_lost = now.capture.records_dropped;
    out.ticks = now.tick.ticks;
    out.ticks_late = now.tick.late;
    for (const ActionStatus& action : now.actions) out.alerts_lost += action.dropped;
    out.source_failures = now.capture.failures;
    out.puts_refused = store.refused;
    out.puts_failed = store.failed;
    out.commits = store.commits + store.failed;
    out.puts_waiting = store.waiting;
    return out;
}

std::vector<std::string> Health::judge(const DaemonStatus& now, const StoreStats& store) {
    const Sample last = sample(now, store);
    if (samples_.empty()) samples_.push_back(last);
    const Sample first = samples_.front();
    samples_.push_back(last);
    if (samples_.size() > seconds_looked_at) samples_.pop_front();
    const auto grown = [&](uint64_t Sample::*count) { return last.*count - first.*count; };

    std::vector<std::string> out;
    add_interfaces(now, out);
    const uint64_t packets = grown(&Sample::packets);
    for (const auto& [lost, by] : {std::pair{grown(&Sample::lost_kernel), "the kernel: the ring was full"},
                                   std::pair{grown(&Sample::lost_interface), "the interface"}})
        if (auto text = loss_text(lost, packets, by); !text.empty()) out.push_back(std::move(text));
    const struct {
        uint64_t Sample::*count;
        std::string_view what;
    } growing[]{
        {&Sample::records_lost, "flow records dropped in the last 10 s: the engine is behind"},
        {&Sample::source_failures, "calls for packets failed in the last 10 s"},
        {&Sample::ticks_late, "ticks of the last 10 s took longer than engine.tick"},
        {&Sample::alerts_lost, "alerts dropped in the last 10 s: an action is behind"},
        {&Sample::puts_refused, "records not kept in the last 10 s: the store is behind"},
    };
    for (const auto& each : growing)
        if (grown(each.count) > 0) out.push_back(fmt::format("{} {}", grown(each.count), each.what));
    if (!store.last_error.empty()) out.push_back("the store does not write: " + store.last_error);
    // Not the watchdog's: a disk that hangs must not end detection.
    if (samples_.size() == seconds_looked_at && grown(&Sample::commits) == 0 &&
        std::ranges::all_of(samples_, [](const Sample& each) { return each.puts_waiting > 0; }))
        out.push_back(
            fmt::format("{} records wait for the store, which has written nothing for 10 s", store.waiting));
    add_policies(now, out);
    return out;
}

}  // namespace picket

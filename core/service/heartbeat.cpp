// SPDX-License-Identifier: Apache-2.0
// The slots; see heartbeat.hpp. Any thread.
#include "core/service/heartbeat.hpp"

namespace picket {

Heartbeat::Beat Heartbeat::add(std::string name, uint64_t silence_max_ns) {
    const std::lock_guard lock(mutex_);
    return Beat(slots_.emplace_back(std::move(name), silence_max_ns));
}

std::vector<Heartbeat::Silent> Heartbeat::silent(uint64_t now_ns) const {
    const std::lock_guard lock(mutex_);
    std::vector<Silent> out;
    for (const Slot& slot : slots_) {
        const uint64_t last_ns = slot.last_ns.load(std::memory_order_relaxed);
        // A beat may be newer than the caller's reading of the clock.
        if (last_ns == 0 || last_ns >= now_ns) continue;
        if (now_ns - last_ns > slot.silence_max_ns) out.push_back({slot.name, now_ns - last_ns});
    }
    return out;
}

}  // namespace picket

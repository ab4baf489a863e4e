// SPDX-License-Identifier: Apache-2.0
// The live clock: wall time that never goes back and never stalls. It runs with the monotonic clock from
// where the wall clock stood at the start; where the wall clock gets ahead by more than a second (a step, a
// suspended machine), it follows; where that steps back, it does not. Engine thread.
#pragma once
#include <chrono>
#include <cstdint>

namespace picket {

inline uint64_t monotonic_ns() {
    return static_cast<uint64_t>(std::chrono::steady_clock::now().time_since_epoch() /
                                 std::chrono::nanoseconds(1));
}
inline uint64_t wall_ns() {
    return static_cast<uint64_t>(std::chrono::system_clock::now().time_since_epoch() /
                                 std::chrono::nanoseconds(1));
}

class LiveClock {
  public:
    LiveClock()
        : LiveClock(wall_ns(), monotonic_ns()) {}
    LiveClock(uint64_t wall, uint64_t monotonic)
        : offset_ns_(wall - monotonic) {}

    /// Unix time in nanoseconds.
    uint64_t now_ns() { return now_ns(wall_ns(), monotonic_ns()); }
    uint64_t now_ns(uint64_t wall, uint64_t monotonic) {
        constexpr uint64_t tolerance_ns = 1'000'000'000;
        if (wall > monotonic + offset_ns_ + tolerance_ns) offset_ns_ = wall - monotonic;
        return monotonic + offset_ns_;
    }

  private:
    uint64_t offset_ns_;
};

}  // namespace picket

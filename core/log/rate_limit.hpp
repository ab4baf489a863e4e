// SPDX-License-Identifier: Apache-2.0
// Keeps a fault that repeats from filling the disk: so many messages of one shape a second, and one line that
// says how many there were beyond. Two messages have one shape when they differ only in words with a digit or
// a colon in them: numbers, times, addresses, ids. Bounded. Not for several threads at once.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/log/log.hpp"

namespace picket {

class LogRateLimit {
  public:
    /// `burst`: messages of a shape in a second. Shapes beyond `shapes_max` in a second count as one.
    explicit LogRateLimit(uint32_t burst, size_t shapes_max = 256)
        : burst_(burst)
        , shapes_max_(shapes_max) {}

    /// Whether the message may pass at `now_ns` (any clock).
    bool admit(const LogEntry& entry, uint64_t now_ns);

    struct Held {
        picket_log_level level;
        std::string component;
        std::string text;  ///< "57 messages suppressed, the last: …"
    };
    /// What was held back in the second that is over at `now_ns`; nothing while it is not.
    std::vector<Held> over(uint64_t now_ns);

  private:
    struct Shape {
        uint32_t passed = 0;
        uint64_t held = 0;
        Held last;
    };
    uint32_t burst_;
    size_t shapes_max_;
    uint64_t second_begin_ns_ = 0;
    std::map<std::string, Shape, std::less<>> shapes_;
};

/// What the messages of one shape have in common.
std::string log_shape(const LogEntry& entry);

}  // namespace picket

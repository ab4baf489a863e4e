// SPDX-License-Identifier: Apache-2.0
// What the source counts. Written by the source threads once a batch, read by anybody. Any thread.
#pragma once
#include <atomic>
#include <cstdint>

#include "picket/plugin.h"

namespace picket::capture {

struct Counters {
    std::atomic<uint64_t> received{0}, dropped_kernel{0}, dropped_interface{0}, truncated{0}, malformed{0};
    std::atomic<uint32_t> interfaces_up{0}, interfaces_down{0};

    void write(picket_source_stats& out) const {
        out.interfaces_up = interfaces_up;
        out.interfaces_down = interfaces_down;
        out.received = received;
        out.dropped_kernel = dropped_kernel;
        out.dropped_interface = dropped_interface;
        out.truncated = truncated;
        out.malformed = malformed;
    }
};

}  // namespace picket::capture

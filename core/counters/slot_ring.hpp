// SPDX-License-Identifier: Apache-2.0
// One measure's counts by slot, inside a row. A window is made of slots; slot numbers are absolute (Unix time
// divided by the slot's length). Rings of a row's cells with slots of one length lie interleaved, so that one
// slot of all their measures shares a cache line or two. Engine thread.
#pragma once
#include <cstddef>
#include <cstdint>

namespace picket {

struct SlotRing {
    uint64_t* counts = nullptr;  ///< first place of this measure
    uint64_t* total = nullptr;   ///< sum over the live slots
    uint32_t stride = 1;         ///< words from one slot to the next
    uint32_t slots = 1;          ///< live slots: those that touch the window
    uint32_t filled = 1;         ///< slots in use, the newest ones; what lies in the others is not defined
    uint32_t newest = 0;         ///< place of the newest slot in the ring
    uint32_t now = 0;            ///< number of the newest slot, its low bits

    /// The count of the slot that is `age` (below `filled`) slots older than the newest.
    [[nodiscard]] uint64_t& aged(uint32_t age) const {
        return counts[size_t{newest >= age ? newest - age : newest + slots - age} * stride];
    }
    void add(uint64_t amount) const {
        counts[size_t{newest} * stride] += amount;
        *total += amount;
    }
};

}  // namespace picket

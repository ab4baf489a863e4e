// SPDX-License-Identifier: Apache-2.0
// One measure's counts by slot, inside a row. A window is made of slots; slot numbers are absolute (Unix time
// divided by the slot's length). Rings of a row's cells with slots of one length lie interleaved, so that one
// slot of all their measures shares a cache line or two. The newest slot has no count of its own: it is what
// the total has more than the slots before, which is noted when a slot ends (`before`). So counting touches
// the total alone, and a cell that lives for one slot only never touches its ring. Engine thread.
#pragma once
#include <cstddef>
#include <cstdint>

namespace picket {

class SlotRing {
  public:
    SlotRing(uint64_t* first_place, uint64_t* total_count, uint32_t words_between, uint32_t slot_count,
             uint32_t slots_filled, uint32_t newest_place, uint32_t newest_slot)
        : counts(first_place)
        , total(total_count)
        , stride(words_between)
        , slots(slot_count)
        , filled(slots_filled)
        , newest(newest_place)
        , now(newest_slot) {}

    uint64_t* counts = nullptr;  ///< first place of this measure
    uint64_t* total = nullptr;   ///< sum over the live slots
    uint32_t stride = 1;         ///< words from one slot to the next
    uint32_t slots = 1;          ///< live slots: those that touch the window
    uint32_t filled = 1;         ///< slots in use, the newest ones; what lies in the others is not defined
    uint32_t newest = 0;         ///< place of the newest slot in the ring
    uint32_t now = 0;            ///< number of the newest slot, its low bits

    /// Sum over the slots but the newest; not defined while `filled` is 1.
    [[nodiscard]] uint64_t& before() const { return counts[size_t{slots} * stride]; }
    /// The count of the slot that is `age` (below `filled`) slots older than the newest.
    [[nodiscard]] uint64_t aged(uint32_t age) const {
        if (age == 0) return filled > 1 ? *total - before() : *total;
        return ended(age);
    }
    void add(uint64_t amount) const { *total += amount; }
    /// Takes one from the slot that is `age` slots older.
    void take(uint32_t age) const {
        --*total;
        if (age == 0) return;
        --ended(age);
        --before();
    }

  private:
    [[nodiscard]] uint64_t& ended(uint32_t age) const {
        return counts[size_t{newest >= age ? newest - age : newest + slots - age} * stride];
    }
};

}  // namespace picket

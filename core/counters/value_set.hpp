// SPDX-License-Identifier: Apache-2.0
// The distinct values of a field within a sliding window. Each value is kept with the slot in which it was
// last seen, so values leave the window exactly. Beyond a bound (or when memory is short) only values whose
// hash ends in `level` zero bits are kept, and each stands for 2^level: adaptive sampling (Flajolet 1990, "On
// adaptive sampling"), relative standard error about 1.2 / sqrt(capacity / 2). Engine thread.
#pragma once
#include <cstdint>
#include <vector>

#include "core/counters/arena.hpp"
#include "core/counters/slot_ring.hpp"

namespace picket {

/// Lives in a row, so it is plain data; all zero is empty. Entries are id << 8 | (slot mod 256).
struct ValueSet {
    static constexpr uint32_t inline_max = 2;
    union {
        uint64_t inline_entries[inline_max];
        uint32_t block;  ///< of the arena, once log2 is not 0
    };
    uint32_t used;      ///< entries, also those that left the window but were not swept out yet
    uint8_t log2;       ///< capacity of the block; 0: entries are inline
    uint8_t level;      ///< sampling level of what comes in now
    uint8_t old_level;  ///< of slots before `change_tag`
    uint8_t change_tag;
};
static_assert(sizeof(ValueSet) == 24);

/// What all value sets of a table share.
struct ValueSetContext {
    Arena* arena = nullptr;
    uint64_t seed = 0;
    std::vector<uint64_t>* scratch = nullptr;
    unsigned max_log2 = 15;
};

/// Notes `id` (1 … 2^56 - 1) in the newest slot; `ring` counts, by slot, the values last seen in it. `hash`
/// is hash_word(id, context.seed).
void insert_value(ValueSet& set, const ValueSetContext& context, const SlotRing& ring, uint64_t id,
                  uint64_t hash);
/// The part of insert_value() that nearly every value takes: one that was seen in this slot already, or a new
/// one for which there is room. False if it takes more; then nothing was done. `now` and `total` are the
/// ring's.
inline bool note_value(ValueSet& set, Arena& arena, uint32_t now, uint64_t id, uint64_t hash,
                       uint64_t& total) {
    const uint64_t entry = id << 8 | (now & 0xff);
    uint64_t* place = set.inline_entries;
    uint32_t load_max = ValueSet::inline_max;
    if (set.log2 == 0) {
        if (set.level != 0) return false;
        while (place != set.inline_entries + set.used && *place >> 8 != id) ++place;
        if (place == set.inline_entries + ValueSet::inline_max) return false;
        if (place != set.inline_entries + set.used) return *place == entry;
    } else {
        if ((hash & ((uint64_t{1} << set.level) - 1)) != 0) return true;  // not among the sampled
        const uint64_t mask = (uint64_t{1} << set.log2) - 1;
        uint64_t at = hash >> (64 - set.log2);
        uint64_t* words = arena.words(set.block);
        while (words[at] != 0 && words[at] >> 8 != id) at = (at + 1) & mask;
        place = words + at;
        load_max = static_cast<uint32_t>((mask + 1) / 4 * 3);
        if (*place != 0) return *place == entry;
    }
    if (set.used >= load_max) return false;
    *place = entry;
    ++set.used;
    ++total;
    return true;
}
/// Fetches the memory that insert_value() will look at.
inline void prefetch_value(const ValueSet& set, const Arena& arena, uint64_t hash) {
    if (set.log2 != 0) __builtin_prefetch(arena.words(set.block) + (hash >> (64 - set.log2)), 1);
}
/// To be called after the ring moved on from `old_slot` by less than its length.
void advance_values(ValueSet& set, const ValueSetContext& context, const SlotRing& ring, uint32_t old_slot);
void clear_values(ValueSet& set, Arena& arena);
/// How many distinct values the window holds.
double estimate_values(const ValueSet& set, const SlotRing& ring);
inline bool is_sampled(const ValueSet& set) { return set.level > 0 || set.old_level > 0; }
/// Longest run of consecutive numbers among the live values, which must be numbers below 65536 (id = number +
/// 1).
uint32_t longest_run_of(const ValueSet& set, const ValueSetContext& context, const SlotRing& ring);

}  // namespace picket

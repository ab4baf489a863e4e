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
    uint64_t inline_entries[inline_max];
    uint32_t block;
    uint32_t used;      ///< entries, also those that left the window but were not swept out yet
    uint8_t log2;       ///< capacity of the block; 0: entries are inline
    uint8_t level;      ///< sampling level of what comes in now
    uint8_t old_level;  ///< of slots before `change_tag`
    uint8_t change_tag;
    uint32_t reserved;
};
static_assert(sizeof(ValueSet) == 32);

/// What all value sets of a table share.
struct ValueSetContext {
    Arena* arena = nullptr;
    uint64_t seed = 0;
    std::vector<uint64_t>* scratch = nullptr;
    unsigned max_log2 = 15;
};

/// Notes `id` (1 … 2^56 - 1) in the newest slot; `ring` counts, by slot, the values last seen in it. `hash` is
/// hash_word(id, context.seed).
void insert_value(ValueSet& set, const ValueSetContext& context, const SlotRing& ring, uint64_t id,
                  uint64_t hash);
/// Fetches the memory that insert_value() will look at.
inline void prefetch_value(const ValueSet& set, Arena& arena, uint64_t hash) {
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

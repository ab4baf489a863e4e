// SPDX-License-Identifier: Apache-2.0
// The distinct values of a field within a sliding window. Each value is kept with the slot in which it was
// last seen, so values leave the window exactly: whoever asks how many there are counts those that are live.
// That is for the few rows that may be over a limit; noting a value, which every record does, writes one word
// and keeps no sum. How many entries there are bounds the number of live ones from above. Beyond a bound (or
// when memory is short) only values whose hash ends in `level` zero bits are kept, and each stands for
// 2^level: adaptive sampling (Flajolet 1990, "On adaptive sampling"), relative standard error about 1.2 /
// sqrt(capacity / 2). Engine thread.
#pragma once
#include <cstdint>
#include <vector>

#include "core/counters/arena.hpp"

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

/// The slots that a window touches.
struct LiveSlots {
    uint32_t newest = 0;  ///< its number, the low bits
    uint32_t count = 1;
};

/// What all value sets of a table share.
struct ValueSetContext {
    Arena* arena = nullptr;
    uint64_t seed = 0;
    std::vector<uint64_t>* scratch = nullptr;
    unsigned max_log2 = 15;
};

/// Notes `id` (1 … 2^56 - 1) in the newest slot. `hash` is hash_word(id, context.seed).
void insert_value(ValueSet& set, const ValueSetContext& context, const LiveSlots& slots, uint64_t id,
                  uint64_t hash);
/// The part of insert_value() that nearly every value takes: one that is there already, or a new one for
/// which there is room. False if it takes more; then nothing was done. `newest` as in LiveSlots.
inline bool note_value(ValueSet& set, Arena& arena, uint32_t newest, uint64_t id, uint64_t hash) {
    const uint64_t entry = id << 8 | (newest & 0xff);
    uint64_t* place = set.inline_entries;
    uint32_t load_max = ValueSet::inline_max;
    if (set.log2 == 0) {
        if (set.level != 0) return false;
        const uint64_t* const end = set.inline_entries + set.used;
        while (place != end && *place >> 8 != id) ++place;
        if (place != end) {
            *place = entry;
            return true;
        }
    } else {
        if ((hash & ((uint64_t{1} << set.level) - 1)) != 0) return true;  // not among the sampled
        const uint64_t mask = (uint64_t{1} << set.log2) - 1;
        uint64_t at = hash >> (64 - set.log2);
        uint64_t* words = arena.words(set.block);
        while (words[at] != 0 && words[at] >> 8 != id) at = (at + 1) & mask;
        place = words + at;
        if (*place != 0) {
            *place = entry;
            return true;
        }
        load_max = static_cast<uint32_t>((mask + 1) / 4 * 3);
    }
    if (set.used >= load_max) return false;
    *place = entry;
    ++set.used;
    return true;
}
/// Fetches the memory that insert_value() will look at.
inline void prefetch_value(const ValueSet& set, const Arena& arena, uint64_t hash) {
    if (set.log2 != 0) __builtin_prefetch(arena.words(set.block) + (hash >> (64 - set.log2)), 1);
}
/// To be called when the newest slot is another than `old_newest`, but some of the old ones are live.
void advance_values(ValueSet& set, const ValueSetContext& context, const LiveSlots& slots,
                    uint32_t old_newest);
void clear_values(ValueSet& set, Arena& arena);
/// How many values of the window are kept; at most set.used.
uint32_t count_values(const ValueSet& set, const Arena& arena, const LiveSlots& slots);
/// How many distinct values the window holds.
double estimate_values(const ValueSet& set, const Arena& arena, const LiveSlots& slots);
inline bool is_sampled(const ValueSet& set) { return set.level > 0 || set.old_level > 0; }
/// Longest run of consecutive numbers among the live values, which must be numbers below 65536 (id = number +
/// 1).
uint32_t longest_run_of(const ValueSet& set, const Arena& arena, const LiveSlots& slots);

}  // namespace picket

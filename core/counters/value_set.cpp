// SPDX-License-Identifier: Apache-2.0
// Open addressing with linear probing over a block of the arena; nothing is deleted one by one: what left the
// window is swept out when room is needed, and before its slot number (mod 256) could come round. Engine
// thread.
#include "core/counters/value_set.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <span>

#include "core/model/hash.hpp"

namespace picket {
namespace {

constexpr uint64_t tag_mask = 0xff;
constexpr uint64_t sweep_every =
    128;  // slots; a value untouched for 128 slots and two windows (of at most 64) is still younger than 256

uint64_t age_of(uint64_t tag, uint64_t now) { return (now - tag) & tag_mask; }
bool is_live(uint64_t entry, const LiveSlots& slots) {
    return age_of(entry & tag_mask, slots.newest) < slots.count;
}

uint32_t capacity_of(const ValueSet& set) {
    return set.log2 == 0 ? ValueSet::inline_max : uint32_t{1} << set.log2;
}
uint32_t load_max(const ValueSet& set) {
    return set.log2 == 0 ? ValueSet::inline_max : capacity_of(set) / 4 * 3;
}
uint64_t* entries_of(ValueSet& set, Arena& arena) {
    return set.log2 == 0 ? set.inline_entries : arena.words(set.block);
}
const uint64_t* entries_of(const ValueSet& set, const Arena& arena) {
    return set.log2 == 0 ? set.inline_entries : arena.words(set.block);
}

unsigned level_of(const ValueSet& set, uint64_t tag, uint64_t now) {
    return age_of(tag, now) > age_of(set.change_tag, now) ? set.old_level : set.level;
}

bool is_kept(uint64_t hash, unsigned level) { return (hash & ((uint64_t{1} << level) - 1)) == 0; }

/// The entry that holds `id`, or the empty one where it belongs; nullptr when an inline set is full.
uint64_t* find_entry(uint64_t* entries, const ValueSet& set, uint64_t id, uint64_t hash) {
    if (set.log2 == 0) {
        for (uint32_t i = 0; i < set.used; ++i)
            if (entries[i] >> 8 == id) return &entries[i];
        return set.used < ValueSet::inline_max ? &entries[set.used] : nullptr;
    }
    const uint64_t mask = capacity_of(set) - 1;
    uint64_t at = hash >> (64 - set.log2);
    while (entries[at] != 0 && entries[at] >> 8 != id) at = (at + 1) & mask;
    return &entries[at];
}

/// Shows the live entries, in the order in which they lie.
template <typename See>
void for_each_live(const ValueSet& set, const Arena& arena, const LiveSlots& slots, See see) {
    const std::span<const uint64_t> entries(entries_of(set, arena),
                                            set.log2 == 0 ? set.used : capacity_of(set));
    for (const uint64_t entry : entries)
        if (entry != 0 && is_live(entry, slots)) see(entry);
}

void take_out_live(const ValueSet& set, const ValueSetContext& context, const LiveSlots& slots) {
    context.scratch->clear();
    for_each_live(set, *context.arena, slots, [&](uint64_t entry) {
        if (is_kept(hash_word(entry >> 8, context.seed), level_of(set, entry & tag_mask, slots.newest)))
            context.scratch->push_back(entry);
    });
}

void put_back(ValueSet& set, const ValueSetContext& context) {
    uint64_t* entries = entries_of(set, *context.arena);
    std::fill_n(entries, capacity_of(set), 0);
    set.used = 0;
    for (const uint64_t entry : *context.scratch) {
        *find_entry(entries, set, entry >> 8, hash_word(entry >> 8, context.seed)) = entry;
        ++set.used;
    }
}

/// Sweeps, grows, or samples more thinly, whichever the bounds allow, until one more entry fits.
void make_room(ValueSet& set, const ValueSetContext& context, const LiveSlots& slots) {
    const bool mostly_stale = count_values(set, *context.arena, slots) <= set.used / 2;
    uint32_t bigger = Arena::none;
    const unsigned bigger_log2 = std::max<unsigned>(set.log2 + 1U, Arena::min_log2);
    if (!mostly_stale && set.log2 < context.max_log2) bigger = context.arena->allocate(bigger_log2);
    if (!mostly_stale && bigger == Arena::none) {
        ++set.level;
        set.old_level = std::max(set.old_level, set.level);
    }
    take_out_live(set, context, slots);
    if (bigger != Arena::none) {
        if (set.log2 != 0) context.arena->release(set.block, set.log2);
        set.block = bigger;
        set.log2 = static_cast<uint8_t>(bigger_log2);
    }
    put_back(set, context);
}

}  // namespace

void insert_value(ValueSet& set, const ValueSetContext& context, const LiveSlots& slots, uint64_t id,
                  uint64_t hash) {
    for (;;) {
        if (!is_kept(hash, set.level)) return;
        uint64_t* found = find_entry(entries_of(set, *context.arena), set, id, hash);
        if (found != nullptr && (*found != 0 || set.used < load_max(set))) {
            set.used += *found == 0 ? 1 : 0;
            *found = id << 8 | (slots.newest & tag_mask);
            return;
        }
        make_room(set, context, slots);
    }
}

void advance_values(ValueSet& set, const ValueSetContext& context, const LiveSlots& slots,
                    uint32_t old_newest) {
    if (old_newest / sweep_every != slots.newest / sweep_every) {
        take_out_live(set, context, slots);
        put_back(set, context);
    }
    if (!is_sampled(set)) return;
    const bool change_left_window = age_of(set.change_tag, slots.newest) >= slots.count;
    if (change_left_window) set.old_level = set.level;
    // Sample more densely again once there is ample room; what is in the window keeps its old weight.
    if (set.level > 0 && set.old_level == set.level &&
        count_values(set, *context.arena, slots) < load_max(set) / 8) {
        --set.level;
        set.change_tag = static_cast<uint8_t>(slots.newest & tag_mask);
    }
}

void clear_values(ValueSet& set, Arena& arena) {
    if (set.log2 != 0) arena.release(set.block, set.log2);
    std::memset(&set, 0, sizeof set);
}

uint32_t count_values(const ValueSet& set, const Arena& arena, const LiveSlots& slots) {
    uint32_t count = 0;
    for_each_live(set, arena, slots, [&](uint64_t) { ++count; });
    return count;
}

double estimate_values(const ValueSet& set, const Arena& arena, const LiveSlots& slots) {
    if (!is_sampled(set)) return count_values(set, arena, slots);
    uint64_t sum = 0;
    for_each_live(set, arena, slots, [&](uint64_t entry) {
        sum += uint64_t{1} << level_of(set, entry & tag_mask, slots.newest);
    });
    return static_cast<double>(sum);
}

uint32_t longest_run_of(const ValueSet& set, const Arena& arena, const LiveSlots& slots) {
    std::array<uint64_t, 65536 / 64> bits{};
    for_each_live(set, arena, slots, [&](uint64_t entry) {
        const uint64_t number = ((entry >> 8) - 1) & 0xffff;
        bits[number / 64] |= uint64_t{1} << (number % 64);
    });
    uint32_t longest = 0, run = 0;
    for (const uint64_t word : bits) {
        if (word == ~uint64_t{0}) {
            run += 64;
        } else if (word == 0) {
            run = 0;
        } else {
            for (unsigned bit = 0; bit < 64; ++bit) {
                run = (word >> bit & 1) != 0 ? run + 1 : 0;
                longest = std::max(longest, run);
            }
        }
        longest = std::max(longest, run);
    }
    return longest;
}

}  // namespace picket

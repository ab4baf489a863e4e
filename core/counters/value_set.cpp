// SPDX-License-Identifier: Apache-2.0
// Open addressing with linear probing over a block of the arena; nothing is deleted one by one: what left the
// window is swept out when room is needed, and before its slot number (mod 256) could come round. Engine
// thread.
#include "core/counters/value_set.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "core/model/hash.hpp"

namespace picket {
namespace {

constexpr uint64_t tag_mask = 0xff;
constexpr uint64_t sweep_every =
    128;  // slots; a value untouched for 128 slots and two rings (of at most 64) is still younger than 256

uint64_t age_of(uint64_t tag, uint64_t now) { return (now - tag) & tag_mask; }
bool is_live(uint64_t entry, const SlotRing& ring) { return age_of(entry & tag_mask, ring.now) < ring.slots; }
/// The count of the slot in which a live entry was last seen.
uint64_t& count_of(uint64_t entry, const SlotRing& ring) {
    return ring.aged(static_cast<uint32_t>(age_of(entry & tag_mask, ring.now)));
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

void take_out_live(ValueSet& set, const ValueSetContext& context, const SlotRing& ring) {
    context.scratch->clear();
    const uint64_t* entries = entries_of(set, *context.arena);
    for (uint32_t i = 0; i < capacity_of(set); ++i) {
        const uint64_t entry = entries[i];
        if (entry == 0 || !is_live(entry, ring)) continue;
        if (is_kept(hash_word(entry >> 8, context.seed), level_of(set, entry & tag_mask, ring.now))) {
            context.scratch->push_back(entry);
        } else {
            --count_of(entry, ring);
            --*ring.total;
        }
    }
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
void make_room(ValueSet& set, const ValueSetContext& context, const SlotRing& ring) {
    const bool mostly_stale = *ring.total <= set.used / 2;
    uint32_t bigger = Arena::none;
    const unsigned bigger_log2 = std::max<unsigned>(set.log2 + 1U, Arena::min_log2);
    if (!mostly_stale && set.log2 < context.max_log2) bigger = context.arena->allocate(bigger_log2);
    if (!mostly_stale && bigger == Arena::none) {
        ++set.level;
        set.old_level = std::max(set.old_level, set.level);
    }
    take_out_live(set, context, ring);
    if (bigger != Arena::none) {
        if (set.log2 != 0) context.arena->release(set.block, set.log2);
        set.block = bigger;
        set.log2 = static_cast<uint8_t>(bigger_log2);
    }
    put_back(set, context);
}

}  // namespace

void insert_value(ValueSet& set, const ValueSetContext& context, const SlotRing& ring, uint64_t id,
                  uint64_t hash) {
    const uint64_t entry = id << 8 | (ring.now & tag_mask);
    for (;;) {
        if (!is_kept(hash, set.level)) return;
        uint64_t* found = find_entry(entries_of(set, *context.arena), set, id, hash);
        if (found != nullptr && *found != 0) {
            if (*found == entry) return;
            if (is_live(*found, ring)) {
                --count_of(*found, ring);
                --*ring.total;
            }
            *found = entry;
            break;
        }
        if (set.used < load_max(set)) {
            *found = entry;
            ++set.used;
            break;
        }
        make_room(set, context, ring);
    }
    ring.add(1);
}

void advance_values(ValueSet& set, const ValueSetContext& context, const SlotRing& ring, uint32_t old_slot) {
    if (old_slot / sweep_every != ring.now / sweep_every) {
        take_out_live(set, context, ring);
        put_back(set, context);
    }
    if (!is_sampled(set)) return;
    const bool change_left_window = age_of(set.change_tag, ring.now) >= ring.slots;
    if (change_left_window) set.old_level = set.level;
    // Sample more densely again once there is ample room; what is in the window keeps its old weight.
    if (set.level > 0 && set.old_level == set.level && *ring.total < load_max(set) / 8) {
        --set.level;
        set.change_tag = static_cast<uint8_t>(ring.now & tag_mask);
    }
}

void clear_values(ValueSet& set, Arena& arena) {
    if (set.log2 != 0) arena.release(set.block, set.log2);
    set = ValueSet{};
}

double estimate_values(const ValueSet& set, const SlotRing& ring) {
    if (!is_sampled(set)) return static_cast<double>(*ring.total);
    double sum = 0;
    for (uint32_t age = 0; age < ring.filled; ++age) {
        const unsigned level = level_of(set, (ring.now - age) & tag_mask, ring.now);
        sum += static_cast<double>(ring.aged(age)) * static_cast<double>(uint64_t{1} << level);
    }
    return sum;
}

uint32_t longest_run_of(const ValueSet& set, const ValueSetContext& context, const SlotRing& ring) {
    std::array<uint64_t, 65536 / 64> bits{};
    const uint64_t* entries = entries_of(set, *context.arena);
    for (uint32_t i = 0; i < capacity_of(set); ++i) {
        if (entries[i] == 0 || !is_live(entries[i], ring)) continue;
        const uint64_t number = ((entries[i] >> 8) - 1) & 0xffff;
        bits[number / 64] |= uint64_t{1} << (number % 64);
    }
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

// SPDX-License-Identifier: Apache-2.0
// A block is 8 words; a value sets one bit in each of 6 of them, all taken from one hash. Engine thread.
#include "core/counters/seen_filter.hpp"

#include <algorithm>
#include <bit>

#include "core/model/hash.hpp"

namespace picket {
namespace {

constexpr unsigned block_words = 8;
constexpr unsigned bits_per_value = 6;

bool contains(const std::vector<uint64_t>& words, size_t block, uint64_t bits) {
    for (unsigned i = 0; i < bits_per_value; ++i)
        if ((words[block + i] >> (bits >> (6 * i) & 63) & 1) == 0) return false;
    return true;
}

void set(std::vector<uint64_t>& words, size_t block, uint64_t bits) {
    for (unsigned i = 0; i < bits_per_value; ++i) words[block + i] |= uint64_t{1} << (bits >> (6 * i) & 63);
}

}  // namespace

SeenFilter::SeenFilter(uint32_t values_max, uint64_t memory_ns)
    : turn_at_values_(std::max(values_max / 2, 1U))
    , turn_after_ns_(memory_ns / 2)
    // 32 bits for each of the values_max / 2 values of one filter
    , newer_(std::bit_ceil(std::max<size_t>(values_max / 4, block_words)))
    , older_(newer_.size()) {}

void SeenFilter::turn(uint64_t now_ns) {
    const bool long_ago = now_ns >= turned_ns_ + 2 * turn_after_ns_;
    newer_.swap(older_);
    std::ranges::fill(newer_, 0);
    if (long_ago) std::ranges::fill(older_, 0);
    values_ = 0;
    turned_ns_ = now_ns;
}

bool SeenFilter::add(uint64_t hash, uint64_t now_ns) {
    if (turned_ns_ == 0) turned_ns_ = now_ns;
    if (values_ >= turn_at_values_ || now_ns >= turned_ns_ + turn_after_ns_) turn(now_ns);
    const size_t block = (hash & (newer_.size() / block_words - 1)) * block_words;
    const uint64_t bits = hash_word(hash, hash_odd_1);
    if (contains(newer_, block, bits)) return false;
    const bool known = contains(older_, block, bits);
    set(newer_, block, bits);
    ++values_;
    return !known;
}

}  // namespace picket

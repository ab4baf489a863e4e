// SPDX-License-Identifier: Apache-2.0
// The sum of c log c is kept up to date while counting and made anew at each slot, so that rounding does not
// add up. Engine thread.
#include "core/counters/entropy.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace picket {
namespace {
constexpr size_t first_capacity = 64;
double c_log_c(uint64_t count) {
    return count < 2 ? 0.0 : static_cast<double>(count) * std::log2(static_cast<double>(count));
}
}  // namespace

EntropyMap::EntropyMap(uint32_t slots, uint32_t values_max)
    : slots_(slots)
    , values_max_(values_max)
    , ids_(first_capacity)
    , totals_(first_capacity)
    , by_slot_(first_capacity * slots)
    , hashes_(first_capacity) {}

size_t EntropyMap::find(uint64_t id, uint64_t hash) const {
    const size_t mask = ids_.size() - 1;
    size_t at = hash & mask;
    while (ids_[at] != 0 && ids_[at] != id) at = (at + 1) & mask;
    return at;
}

void EntropyMap::add(const SlotRing& ring, uint64_t id, uint64_t hash, uint64_t packets) {
    size_t at = find(id, hash);
    if (ids_[at] == 0 && used_ >= values_max_) {
        // No room for another value: it counts with one that is there, so a spread-out field stays spread
        // out.
        at = hash & (ids_.size() - 1);
        while (ids_[at] == 0) at = (at + 1) & (ids_.size() - 1);
    } else if (ids_[at] == 0) {
        if (used_ * 2 >= ids_.size()) {
            grow();
            at = find(id, hash);
        }
        ids_[at] = id;
        hashes_[at] = hash;
        ++used_;
    }
    uint32_t& count = by_slot_[at * slots_ + ring.newest];
    const uint64_t room = UINT32_MAX - count;
    const uint64_t counted = std::min(packets, room);
    sum_c_log_c_ -= c_log_c(totals_[at]);
    count += static_cast<uint32_t>(counted);
    totals_[at] += counted;
    sum_c_log_c_ += c_log_c(totals_[at]);
    ring.add(counted);
}

void EntropyMap::advance(uint64_t old_slot, uint64_t new_slot) {
    const uint64_t steps = std::min<uint64_t>(new_slot - old_slot, slots_);
    for (size_t i = 0; i < ids_.size(); ++i) {
        if (ids_[i] == 0) continue;
        for (uint64_t step = 1; step <= steps; ++step) {
            uint32_t& count = by_slot_[i * slots_ + (old_slot + step) % slots_];
            totals_[i] -= count;
            count = 0;
        }
    }
    recompute();
}

void EntropyMap::recompute() {
    std::vector<uint64_t> ids(ids_.size()), totals(ids_.size()), hashes(ids_.size());
    std::vector<uint32_t> by_slot(by_slot_.size());
    ids.swap(ids_);
    totals.swap(totals_);
    hashes.swap(hashes_);
    by_slot.swap(by_slot_);
    used_ = 0;
    sum_c_log_c_ = 0;
    for (size_t i = 0; i < ids.size(); ++i) {
        if (totals[i] == 0) continue;
        const size_t at = find(ids[i], hashes[i]);
        ids_[at] = ids[i];
        totals_[at] = totals[i];
        hashes_[at] = hashes[i];
        std::copy_n(&by_slot[i * slots_], slots_, &by_slot_[at * slots_]);
        sum_c_log_c_ += c_log_c(totals[i]);
        ++used_;
    }
}

void EntropyMap::grow() {
    const size_t doubled = ids_.size() * 2;
    ids_.resize(doubled);
    totals_.resize(doubled);
    hashes_.resize(doubled);
    by_slot_.resize(doubled * slots_);
    recompute();
}

double EntropyMap::value(uint64_t total) const {
    if (total == 0) return 0;
    const auto n = static_cast<double>(total);
    return std::max(0.0, std::log2(n) - sum_c_log_c_ / n);
}

}  // namespace picket

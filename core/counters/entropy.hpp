// SPDX-License-Identifier: Apache-2.0
// Shannon entropy of a field within a sliding window, weighted by packets:
//   H = log2 N - (1/N) * sum c_i log2 c_i        (C. E. Shannon, 1948, for p_i = c_i / N)
// Exact up to `values_max` distinct values; further values share cells by their hash. Engine thread.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace picket {

class EntropyMap {
  public:
    EntropyMap(uint32_t slots, uint32_t values_max);

    /// Counts `packets` of value `id` (not 0) in the slot at this place. Gives what the window's sum N grows
    /// by.
    uint64_t add(uint32_t place, uint64_t id, uint64_t hash, uint64_t packets);
    /// Forgets the slots (old_slot - slots, new_slot - slots].
    void advance(uint64_t old_slot, uint64_t new_slot);
    /// Bits; 0 for an empty window.
    [[nodiscard]] double value(uint64_t total) const;
    /// What a map takes once it is full.
    static uint64_t full_bytes(uint32_t slots, uint32_t values_max) {
        return uint64_t{values_max} * 2 * (3 * sizeof(uint64_t) + sizeof(uint32_t) * slots);
    }

  private:
    size_t find(uint64_t id, uint64_t hash) const;
    void grow();
    void recompute();

    uint32_t slots_, values_max_;
    uint32_t used_ = 0;
    double sum_c_log_c_ = 0;
    std::vector<uint64_t> ids_;      ///< open addressing; 0 is free
    std::vector<uint64_t> totals_;   ///< beside ids_
    std::vector<uint32_t> by_slot_;  ///< slots_ per id, saturating
    std::vector<uint64_t> hashes_;   ///< beside ids_, for growing
};

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// Which values were seen lately: two Bloom filters (B. H. Bloom, 1970) in turn, blocked to one cache line a
// value. A value stays known for between half of and the whole memory time, or until as many other values
// came. Engine thread.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace picket {

class SeenFilter {
  public:
    /// About 0.1 % of new values are taken for known ones when `values_max` are held. Memory: 4 bytes a
    /// value.
    SeenFilter(uint32_t values_max, uint64_t memory_ns);

    /// True if the value was not known; it is from now on.
    bool add(uint64_t hash, uint64_t now_ns);

  private:
    void turn(uint64_t now_ns);

    uint32_t turn_at_values_;
    uint64_t turn_after_ns_;
    uint64_t turned_ns_ = 0;
    uint32_t values_ = 0;
    std::vector<uint64_t> newer_, older_;
};

}  // namespace picket

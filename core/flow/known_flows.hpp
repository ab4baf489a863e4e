// SPDX-License-Identifier: Apache-2.0
// The memory of known flows: says of a record whether its flow is new and whether the other side has spoken.
// A set-associative table of fixed size, one cache line per set, asked once per record and not per packet.
// A set keeps its entries in the order of their last use, in two halves: flows that settled, and the others.
// When it is full, a flow makes room: an idle one first, else the longest unused of the second half, so that
// a flood of invented sources pushes out itself. [source] thread.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/flow/flow_table.hpp"
#include "core/flow/hash.hpp"

namespace picket {

class KnownFlows {
  public:
    /// `flows_max` is rounded up to a power of two; 8 bytes each.
    KnownFlows(uint32_t flows_max, uint32_t idle_seconds, const FlowHasher& hasher);

    /// Sets PICKET_FLOW_NEW and _REPLY, turns a bare ACK to nothing into a probe, counts `flows` and
    /// `forgotten`.
    void mark(std::span<picket_flow> records, FlowTableStats& stats);

  private:
    static constexpr unsigned ways = 8, settled_ways = 4;
    /// The entry with state 0 is free. State: second of the last record (24 bits), then Seen flags (8 bits).
    struct Entry {
        uint32_t fingerprint = 0, state = 0;
    };
    struct alignas(64) Set {
        std::array<Entry, ways> entries{};
    };

    void mark_batch(std::span<picket_flow> records, FlowTableStats& stats);
    void mark_one(picket_flow& record, Set& set, const FlowHash& hash, FlowTableStats& stats) const;
    void touch(picket_flow& record, Set& set, unsigned way, uint32_t own) const;
    [[nodiscard]] bool is_idle(uint32_t state, uint32_t second) const;
    [[nodiscard]] unsigned make_room(const Set& set, uint32_t second, FlowTableStats& stats) const;
    static unsigned half_of(unsigned way);
    static void put_first(Set& set, unsigned way, unsigned first, Entry entry);

    FlowHasher hasher_;
    uint32_t idle_seconds_;
    uint64_t set_mask_;
    std::vector<Set> sets_;
};

}  // namespace picket

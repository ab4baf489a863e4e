// SPDX-License-Identifier: Apache-2.0
// The per-shard flow table: folds the packets of a tick into flow records, and remembers which flows are
// known, so that a record can say whether it is new and whether the other direction was seen.
// Bounded; a full table hands its records on early and loses nothing. [source] thread.
#pragma once
#include <cstdint>
#include <memory>
#include <span>

#include "core/flow/packet.hpp"

namespace picket {

struct FlowTableConfig {
    uint32_t records_max = 16384;        ///< records of one tick before an early flush; power of two
    uint32_t known_flows_max = 1 << 18;  ///< remembered flows; power of two
    uint32_t idle_seconds = 60;          ///< after which a silent flow is new again
    uint64_t hash_seed = 0;
};

struct FlowTableStats {
    uint64_t packets = 0, bytes = 0;
    uint64_t records = 0;        ///< records handed on
    uint64_t flows = 0;          ///< records that were new flows
    uint64_t early_flushes = 0;  ///< table full before the end of the tick
    uint64_t forgotten = 0;      ///< known flows that made room for others before they were idle
};

/// Where full tables go. Records are borrowed for the call.
class RecordSink {
  public:
    virtual ~RecordSink() = default;
    virtual void on_records(std::span<picket_flow> records) = 0;
};

class FlowTable {
  public:
    explicit FlowTable(const FlowTableConfig& config);
    ~FlowTable();
    FlowTable(FlowTable&&) noexcept;

    /// Folds packets in. Calls `sink` when the table is full.
    void add(std::span<const Packet> packets, RecordSink& sink);
    /// Ends a tick: hands on all records, in the order of their first packets.
    void flush(RecordSink& sink);
    [[nodiscard]] const FlowTableStats& stats() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace picket

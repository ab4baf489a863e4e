// SPDX-License-Identifier: Apache-2.0
// One shard's way from captured packets to flow records: decode, fold, hand on at the end of each tick.
// [source] thread when live, the calling thread in replay.
#pragma once
#include <array>
#include <cstdint>
#include <span>

#include "core/flow/decoder.hpp"
#include "core/flow/flow_table.hpp"
#include "core/flow/packet.hpp"

namespace picket {

class Shard {
  public:
    explicit Shard(const FlowTableConfig& config)
        : flows_(config) {}

    /// Decodes packets and folds what is IP into the running tick.
    void add(std::span<const picket_packet> packets, RecordSink& sink);
    /// Ends the tick.
    void flush(RecordSink& sink) { flows_.flush(sink); }

    [[nodiscard]] const FlowTableStats& flow_stats() const { return flows_.stats(); }
    /// Packets by DecodeResult.
    [[nodiscard]] const std::array<uint64_t, decode_result_count>& decoded() const { return decoded_; }

  private:
    FlowTable flows_;
    std::array<Packet, 256> packets_;
    std::array<uint64_t, decode_result_count> decoded_{};
};

}  // namespace picket

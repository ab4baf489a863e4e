// SPDX-License-Identifier: Apache-2.0
// Replay: capture files in, events out, with packet time as the only clock. Runs on the calling thread alone,
// and gives the same output for the same input.
#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/engine/engine.hpp"
#include "core/flow/packet.hpp"
#include "core/plugin/instance.hpp"

namespace picket {

struct ReplayProgress {
    uint64_t packets = 0;
    uint64_t time_ns = 0;  ///< packet time reached
};

struct ReplaySummary {
    uint64_t packets = 0, bytes = 0;  ///< decoded IP packets, and their IP bytes
    uint64_t flows = 0;               ///< new flows
    uint64_t findings = 0;            ///< passed on
    uint64_t incidents = 0;           ///< opened
    uint64_t dropped = 0;             ///< records, packets or rows that were not counted for want of room
    uint64_t late = 0;                ///< packets whose time went back before the running tick
    uint64_t first_ns = 0, last_ns = 0;
    std::array<uint64_t, decode_result_count> decoded{};  ///< packets by DecodeResult
    picket_source_stats source{};
    std::vector<TableStats> tables;
    double seconds = 0;  ///< wall time; the only value that is not the same on every run
};

/// `source` is created and started. `on_progress` is called every 65,536 packets; may be empty.
Result<ReplaySummary> replay(SourceInstance& source, Engine& engine,
                             const std::function<void(const ReplayProgress&)>& on_progress);

}  // namespace picket

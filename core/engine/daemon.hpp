// SPDX-License-Identifier: Apache-2.0
// The daemon: one thread per shard captures, decodes and folds packets; the calling thread runs the ticks by
// the wall clock. They meet in one bounded queue of batches of flow records.
#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/engine/engine.hpp"
#include "core/flow/packet.hpp"
#include "core/plugin/instance.hpp"

namespace picket {

struct DaemonConfig {
    uint32_t queue_max = 256;  ///< batches of records between capture and engine; beyond: dropped and counted
    uint64_t hash_seed = 0;
};

/// Numbers of a running daemon, all since its start.
struct DaemonStats {
    picket_source_stats source{};
    std::array<uint64_t, decode_result_count> decoded{};
    uint64_t packets = 0, flows = 0;
    uint64_t records_dropped = 0;  ///< the queue was full
    uint64_t longest_tick_ns = 0;
};

/// Runs until `stop` is true. `on_second` is called about once a second between two ticks (status, log
/// rotation); may be empty. All shards are stopped and joined, and the last tick is finished, before it
/// returns.
Result<DaemonStats> run_daemon(const DaemonConfig& config, SourceInstance& source, Engine& engine,
                               const std::atomic<bool>& stop,
                               const std::function<void(const DaemonStats&)>& on_second);

}  // namespace picket

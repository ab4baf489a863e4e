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
#include "core/engine/job_queue.hpp"
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
    uint64_t failures = 0;         ///< calls of the source for packets that failed
    uint64_t ticks_late = 0;       ///< took longer than engine.tick
    uint64_t last_tick_ns = 0, longest_tick_ns = 0;
    /// Unix time up to which each shard has handed on its records.
    std::vector<uint64_t> flushed_ns;
};

/// What goes on between two ticks, on the engine thread. Any may be empty.
struct DaemonHooks {
    std::function<void(uint64_t tick_end_ns, uint64_t took_ns)> on_tick;
    std::function<void(const DaemonStats&)> on_second;  ///< about once a second
    JobQueue* jobs = nullptr;  ///< run in what is left of a tick, at most a quarter of it
};

/// Runs until `stop` is true. All shards are stopped and joined, and the last tick is finished, before it
/// returns. What is still open then stays open: who runs it decides.
Result<DaemonStats> run_daemon(const DaemonConfig& config, SourceInstance& source, Engine& engine,
                               const std::atomic<bool>& stop, const DaemonHooks& hooks);

}  // namespace picket

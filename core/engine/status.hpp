// SPDX-License-Identifier: Apache-2.0
// The state of a running daemon at one moment, as a value that the engine thread publishes once a second and
// every other thread may read.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/engine/daemon.hpp"
#include "core/engine/engine.hpp"
#include "core/policy/policy_host.hpp"

namespace picket {

/// Counts of one source plugin's instance, all since its start.
struct SourceStatus {
    std::string name;
    uint32_t shards = 0;
    picket_source_stats stats{};
    uint64_t failures = 0;  ///< calls for packets that failed
};

/// Counts of one action plugin's instance, all since its start.
struct ActionStatus {
    std::string name;
    uint64_t done = 0, failed = 0, retried = 0, dropped = 0;
};

struct TickStatus {
    uint64_t ticks = 0;
    uint64_t last_ns = 0, longest_ns = 0;  ///< time that a tick took
    uint64_t late = 0;                     ///< ticks that took longer than engine.tick
};

/// What came of changes to policies and configuration.
struct ReloadStatus {
    uint64_t applied = 0, refused = 0;
    uint64_t last_ns = 0;  ///< Unix time; 0: there was none
    std::string last_by;
    std::vector<std::string> problems;  ///< why the last one was refused; empty: it was not
};

struct DaemonStatus {
    uint64_t time_ns = 0, started_ns = 0;  ///< Unix time
    uint64_t memory_bytes = 0;             ///< resident
    DaemonStats capture;
    TickStatus tick;
    EngineStats engine;
    IncidentStats incidents;
    uint64_t incidents_open = 0;
    std::vector<SourceStatus> sources;
    std::vector<ActionStatus> actions;
    std::vector<TableStats> tables;
    std::vector<PolicyStatus> policies;
    ReloadStatus reloads;
    /// Why it is not healthy, a sentence each; empty: it is.
    std::vector<std::string> problems;
};

}  // namespace picket

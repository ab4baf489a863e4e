// SPDX-License-Identifier: Apache-2.0
// One capture thread: pulls batches of one shard from the source, folds them, and hands the records on at
// each tick boundary. What it says of itself to others is in atomics.
#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>

#include "core/engine/clock.hpp"
#include "core/engine/handover.hpp"
#include "core/engine/shard.hpp"
#include "core/plugin/instance.hpp"

namespace picket {

class CaptureThread {
  public:
    struct Config {
        uint32_t shard = 0;
        uint64_t tick_ns = 100'000'000;
        uint32_t queue_max = 256;
        uint64_t hash_seed = 0;
    };

    CaptureThread(const Config& config, SourceInstance& source);
    ~CaptureThread() { stop(); }
    CaptureThread(const CaptureThread&) = delete;
    CaptureThread& operator=(const CaptureThread&) = delete;

    void start() {
        thread_ = std::thread([this] { run(); });
    }
    /// Stops and joins; the last records are handed on. The caller wakes the source.
    void stop();

    /// [engine]
    Handover& handover() { return handover_; }
    /// The last tick boundary for which all records were handed on. [any]
    [[nodiscard]] uint64_t flushed_ns() const { return flushed_ns_.load(std::memory_order_acquire); }
    /// The source came to its end. [any]
    [[nodiscard]] bool ended() const { return ended_.load(std::memory_order_acquire); }
    [[nodiscard]] uint64_t packets() const { return packets_.load(std::memory_order_relaxed); }
    [[nodiscard]] uint64_t flows() const { return new_flows_.load(std::memory_order_relaxed); }
    [[nodiscard]] uint64_t decoded(size_t result) const {
        return decoded_[result].load(std::memory_order_relaxed);
    }
    [[nodiscard]] uint64_t failures() const { return failures_.load(std::memory_order_relaxed); }

  private:
    void run();
    void flush(uint64_t boundary_ns);
    void pause_after_failure();

    Config config_;
    SourceInstance& source_;
    Shard shard_;
    Handover handover_;
    std::thread thread_;
    std::atomic<bool> stopping_{false}, ended_{false};
    std::atomic<uint64_t> flushed_ns_{0}, packets_{0}, new_flows_{0}, failures_{0};
    std::array<std::atomic<uint64_t>, decode_result_count> decoded_{};
};

}  // namespace picket

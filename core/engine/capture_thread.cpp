// SPDX-License-Identifier: Apache-2.0
// The capture loop. Waits for packets no longer than to the next tick boundary. [source] thread.
#include "core/engine/capture_thread.hpp"

#include <algorithm>
#include <chrono>

namespace picket {
namespace {
constexpr uint64_t retry_ns =
    500'000'000;  ///< after a failing next_batch; the source does its own back-off too
}

CaptureThread::CaptureThread(const Config& config, SourceInstance& source)
    : config_(config)
    , source_(source)
    , shard_(FlowTableConfig{.hash_seed = config.hash_seed})
    , handover_(config.queue_max) {}

void CaptureThread::stop() {
    stopping_.store(true, std::memory_order_release);
    if (thread_.joinable()) thread_.join();
}

void CaptureThread::run() {
    LiveClock clock;
    uint64_t boundary_ns = (clock.now_ns() / config_.tick_ns + 1) * config_.tick_ns;
    while (!stopping_.load(std::memory_order_acquire)) {
        const uint64_t now_ns = clock.now_ns();
        if (now_ns >= boundary_ns) {
            flush(now_ns / config_.tick_ns * config_.tick_ns);
            boundary_ns = (now_ns / config_.tick_ns + 1) * config_.tick_ns;
        }
        picket_batch batch{};
        const auto status = source_.next_batch(config_.shard, boundary_ns - now_ns, batch);
        if (!status) {
            pause_after_failure();
            continue;
        }
        if (*status == PICKET_END) break;
        if (*status == PICKET_OK) {
            shard_.add({batch.packets, batch.packet_count}, handover_);
            if (batch.flow_count > 0)
                handover_.on_records({const_cast<picket_flow*>(batch.flows), batch.flow_count});
        }
    }
    flush(boundary_ns);
    ended_.store(true, std::memory_order_release);
}

void CaptureThread::flush(uint64_t boundary_ns) {
    shard_.flush(handover_);
    packets_.store(shard_.flow_stats().packets, std::memory_order_relaxed);
    new_flows_.store(shard_.flow_stats().flows, std::memory_order_relaxed);
    for (size_t i = 0; i < decode_result_count; ++i)
        decoded_[i].store(shard_.decoded()[i], std::memory_order_relaxed);
    flushed_ns_.store(boundary_ns, std::memory_order_release);
}

void CaptureThread::pause_after_failure() {
    failures_.fetch_add(1, std::memory_order_relaxed);
    const uint64_t until_ns = monotonic_ns() + retry_ns;
    while (!stopping_.load(std::memory_order_acquire) && monotonic_ns() < until_ns)
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
}

}  // namespace picket

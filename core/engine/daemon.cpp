// SPDX-License-Identifier: Apache-2.0
// The live loop: at each tick boundary it waits a moment for the capture threads to hand on their records,
// counts them, and ends the tick. Engine thread.
#include "core/engine/daemon.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>

#include "core/engine/capture_thread.hpp"

namespace picket {
namespace {

constexpr uint64_t poll_ns = 2'000'000;
constexpr uint64_t second_ns = 1'000'000'000;

class Daemon {
  public:
    Daemon(const DaemonConfig& config, SourceInstance& source, Engine& engine, const DaemonHooks& hooks);

    void run(const std::atomic<bool>& stop);
    DaemonStats finish();

  private:
    void wait_until(uint64_t time_ns);
    void wait_for_captures(uint64_t boundary_ns);
    void tick(uint64_t end_ns);
    void answer_jobs();
    [[nodiscard]] bool all_ended() const;
    [[nodiscard]] DaemonStats stats() const;

    SourceInstance& source_;
    Engine& engine_;
    const DaemonHooks& hooks_;
    LiveClock clock_;
    std::vector<std::unique_ptr<CaptureThread>> captures_;
    uint64_t last_tick_ns_ = 0, longest_tick_ns_ = 0, ticks_late_ = 0;
};

Daemon::Daemon(const DaemonConfig& config, SourceInstance& source, Engine& engine, const DaemonHooks& hooks)
    : source_(source)
    , engine_(engine)
    , hooks_(hooks) {
    for (uint32_t shard = 0; shard < source.shards(); ++shard)
        captures_.push_back(std::make_unique<CaptureThread>(
            CaptureThread::Config{shard, engine.tick_ns(), config.queue_max, config.hash_seed}, source));
}

void Daemon::run(const std::atomic<bool>& stop) {
    for (auto& capture : captures_) capture->start();
    const uint64_t tick_ns = engine_.tick_ns();
    uint64_t boundary_ns = engine_.tick_end_of(clock_.now_ns());
    uint64_t next_second_ns = clock_.now_ns() + second_ns;
    while (!stop.load(std::memory_order_acquire) && !all_ended()) {
        wait_until(boundary_ns);
        wait_for_captures(boundary_ns);
        tick(boundary_ns);
        answer_jobs();
        const uint64_t now_ns = clock_.now_ns();
        // After a stall (a suspended machine) the missed ticks are not made up for: windows go by time.
        boundary_ns = std::max(boundary_ns + tick_ns, now_ns / tick_ns * tick_ns);
        if (now_ns >= next_second_ns) {
            if (hooks_.on_second) hooks_.on_second(stats());
            next_second_ns = now_ns + second_ns;
        }
    }
}

DaemonStats Daemon::finish() {
    source_.wake();
    for (auto& capture : captures_) capture->stop();
    const uint64_t end_ns = engine_.tick_end_of(clock_.now_ns()) + engine_.tick_ns();
    tick(end_ns);
    return stats();
}

void Daemon::answer_jobs() {
    if (hooks_.jobs != nullptr) hooks_.jobs->run(engine_, monotonic_ns() + engine_.tick_ns() / 4);
}

void Daemon::wait_until(uint64_t time_ns) {
    const uint64_t now_ns = clock_.now_ns();
    if (time_ns > now_ns) std::this_thread::sleep_for(std::chrono::nanoseconds(time_ns - now_ns));
}

/// At most half a tick: a capture thread that is stuck must not stop the others from being judged.
void Daemon::wait_for_captures(uint64_t boundary_ns) {
    const uint64_t until_ns = boundary_ns + engine_.tick_ns() / 2;
    const auto late = [&](const auto& capture) {
        return !capture->ended() && capture->flushed_ns() < boundary_ns;
    };
    while (clock_.now_ns() < until_ns && std::ranges::any_of(captures_, late))
        std::this_thread::sleep_for(std::chrono::nanoseconds(poll_ns));
}

void Daemon::tick(uint64_t end_ns) {
    const uint64_t begin_ns = monotonic_ns();
    for (auto& capture : captures_)
        capture->handover().drain(
            [&](std::span<const picket_flow> records) { engine_.add(records, end_ns); });
    engine_.end_tick(end_ns);
    last_tick_ns_ = monotonic_ns() - begin_ns;
    longest_tick_ns_ = std::max(longest_tick_ns_, last_tick_ns_);
    if (last_tick_ns_ > engine_.tick_ns()) ++ticks_late_;
    if (hooks_.on_tick) hooks_.on_tick(end_ns, last_tick_ns_);
}

bool Daemon::all_ended() const {
    return std::ranges::all_of(captures_, [](const auto& capture) { return capture->ended(); });
}

DaemonStats Daemon::stats() const {
    DaemonStats out;
    out.source = source_.stats();
    out.last_tick_ns = last_tick_ns_;
    out.longest_tick_ns = longest_tick_ns_;
    out.ticks_late = ticks_late_;
    for (const auto& capture : captures_) {
        out.packets += capture->packets();
        out.flows += capture->flows();
        out.failures += capture->failures();
        out.flushed_ns.push_back(capture->ended() ? UINT64_MAX : capture->flushed_ns());
        out.records_dropped += capture->handover().dropped();
        for (size_t i = 0; i < decode_result_count; ++i) out.decoded[i] += capture->decoded(i);
    }
    return out;
}

}  // namespace

Result<DaemonStats> run_daemon(const DaemonConfig& config, SourceInstance& source, Engine& engine,
                               const std::atomic<bool>& stop, const DaemonHooks& hooks) {
    Daemon daemon(config, source, engine, hooks);
    daemon.run(stop);
    return daemon.finish();
}

}  // namespace picket

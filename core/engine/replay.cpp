// SPDX-License-Identifier: Apache-2.0
// The replay loop: packet time ends the ticks; stretches without packets are skipped. Calling thread.
#include "core/engine/replay.hpp"

#include <algorithm>
#include <chrono>
#include <limits>

#include "core/engine/shard.hpp"

namespace picket {
namespace {

constexpr uint64_t progress_every = 65536;

/// Hands the shard's records to the engine's running tick.
class ToEngine final : public RecordSink {
  public:
    explicit ToEngine(Engine& engine)
        : engine_(engine) {}
    void on_records(std::span<picket_flow> records) override { engine_.add(records, tick_end_ns); }
    uint64_t tick_end_ns = 0;

  private:
    Engine& engine_;
};

class Replay {
  public:
    Replay(Engine& engine, const std::function<void(const ReplayProgress&)>& on_progress)
        : engine_(engine)
        , to_engine_(engine)
        , on_progress_(on_progress) {}

    void take(std::span<const picket_packet> packets);
    void finish();
    [[nodiscard]] ReplaySummary summary() const;

  private:
    void end_tick();
    void report_progress(size_t packets, uint64_t time_ns);

    Engine& engine_;
    // A fixed seed: the same input must meet the same collisions.
    Shard shard_{FlowTableConfig{}};
    ToEngine to_engine_;
    const std::function<void(const ReplayProgress&)>& on_progress_;
    uint64_t first_ns_ = 0, last_ns_ = 0, late_ = 0;
    uint64_t packets_ = 0, reported_ = 0;
};

void Replay::end_tick() {
    shard_.flush(to_engine_);
    engine_.end_tick(to_engine_.tick_end_ns);
}

void Replay::take(std::span<const picket_packet> packets) {
    size_t from = 0;
    for (size_t i = 0; i < packets.size(); ++i) {
        const uint64_t time_ns = packets[i].time_ns;
        if (time_ns <= to_engine_.tick_end_ns) {
            if (time_ns + engine_.tick_ns() <= to_engine_.tick_end_ns) ++late_;
            continue;
        }
        shard_.add(packets.subspan(from, i - from), to_engine_);
        from = i;
        if (to_engine_.tick_end_ns != 0) {
            end_tick();
        } else {
            first_ns_ = time_ns;
        }
        to_engine_.tick_end_ns = engine_.tick_end_of(time_ns);
    }
    shard_.add(packets.subspan(from), to_engine_);
    if (packets.empty()) return;
    last_ns_ = std::max(last_ns_, packets.back().time_ns);
    report_progress(packets.size(), packets.back().time_ns);
}

void Replay::report_progress(size_t packets, uint64_t time_ns) {
    packets_ += packets;
    if (!on_progress_ || packets_ - reported_ < progress_every) return;
    reported_ = packets_;
    on_progress_({packets_, time_ns});
}

void Replay::finish() {
    if (to_engine_.tick_end_ns != 0) end_tick();
    engine_.finish(to_engine_.tick_end_ns);
}

ReplaySummary Replay::summary() const {
    ReplaySummary out;
    const FlowTableStats& flows = shard_.flow_stats();
    out.packets = flows.packets;
    out.bytes = flows.bytes;
    out.flows = flows.flows;
    out.findings = engine_.incident_stats().passed_on;
    out.incidents = engine_.incident_stats().opened;
    out.late = late_;
    out.first_ns = first_ns_;
    out.last_ns = last_ns_;
    out.decoded = shard_.decoded();
    out.tables = engine_.table_stats();
    return out;
}

}  // namespace

Result<ReplaySummary> replay(SourceInstance& source, Engine& engine,
                             const std::function<void(const ReplayProgress&)>& on_progress) {
    const auto begin = std::chrono::steady_clock::now();
    Replay run(engine, on_progress);
    for (;;) {
        picket_batch batch{};
        const auto status = source.next_batch(0, std::numeric_limits<uint64_t>::max(), batch);
        if (!status) return tl::unexpected<Error>(status.error());
        if (*status == PICKET_END) break;
        run.take({batch.packets, batch.packet_count});
    }
    run.finish();
    ReplaySummary out = run.summary();
    out.source = source.stats();
    out.dropped = out.source.dropped_kernel + out.source.dropped_interface;
    out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return out;
}

}  // namespace picket

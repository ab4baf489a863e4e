// SPDX-License-Identifier: Apache-2.0
// What a packet costs on its way into a flow record: decoding, folding an ordinary mix (six packets of each
// flow in a tick), and a flood in which every packet is a new flow, hand-on included. Main thread.
//   ninja -C build/release bench_flow && build/release/bench/bench_flow
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <random>
#include <vector>

#include "core/flow/decoder.hpp"
#include "core/flow/flow_table.hpp"

using namespace picket;

namespace {

constexpr size_t batch = 256;

struct Count final : RecordSink {
    void on_records(std::span<picket_flow> records) override { seen += records.size(); }
    uint64_t seen = 0;
};

using Frame = std::array<uint8_t, 64>;

Frame tcp_frame(std::mt19937& random, bool v6) {
    Frame frame{};
    const size_t transport = v6 ? 54 : 34;
    frame[12] = v6 ? 0x86 : 0x08;
    frame[13] = v6 ? 0xdd : 0x00;
    for (size_t i = v6 ? 22 : 26; i < transport + 4 && i < 64; ++i) frame[i] = static_cast<uint8_t>(random());
    frame[14] = v6 ? 0x60 : 0x45;
    frame[v6 ? 19 : 17] = 40;
    frame[v6 ? 20 : 23] = v6 ? 17 : 6;
    if (!v6) {
        frame[46] = 0x50;
        frame[47] = random() % 4 == 0 ? 0x02 : 0x10;
    }
    return frame;
}

void decode_frames(benchmark::State& state) {
    std::mt19937 random(1);
    std::vector<Frame> frames(16384);
    for (Frame& frame : frames) frame = tcp_frame(random, state.range(0) != 0 && random() % 4 == 0);
    std::array<Packet, batch> out;
    size_t at = 0;
    for (auto _ : state) {
        for (size_t i = 0; i < batch; ++i) {
            const Frame& frame = frames[at + i];
            const picket_packet in{frame.data(), 1'000'000'000 + at, 64, 64, 1, 0, 0};
            benchmark::DoNotOptimize(decode(in, out[i]));
        }
        benchmark::DoNotOptimize(out.data());
        benchmark::ClobberMemory();
        at = (at + batch) % frames.size();
    }
    state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * batch));
}
BENCHMARK(decode_frames)->ArgName("v6")->Arg(0)->Arg(1);

Packet random_packet(std::mt19937_64& random) {
    Packet packet;
    packet.src = packet.dst = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 0};
    const uint64_t bits = random();
    std::memcpy(packet.src.data() + 12, &bits, 4);
    packet.src_port = static_cast<uint16_t>(bits >> 32);
    packet.dst_port = 443;
    packet.proto = 6;
    packet.tcp_class = PICKET_TCP_ESTABLISHED;
    packet.flags = PICKET_FLOW_PORTS;
    packet.bytes = 60;
    return packet;
}

/// A tick's packets: `flows` flows of `each` packets, shuffled; ns per packet of add and flush.
void run_ticks(benchmark::State& state, size_t flows, size_t each, bool renew) {
    std::mt19937_64 random(7);
    std::vector<Packet> packets;
    for (size_t i = 0; i < flows; ++i) packets.insert(packets.end(), each, random_packet(random));
    std::shuffle(packets.begin(), packets.end(), random);
    FlowTable table({});
    Count sink;
    uint64_t time_ns = 1'000'000'000;
    uint32_t round = 0;
    std::array<Packet, batch> in;
    for (auto _ : state) {
        ++round;
        for (size_t at = 0; at + batch <= packets.size(); at += batch) {
            for (size_t i = 0; i < batch; ++i) {
                in[i] = packets[at + i];
                in[i].time_ns = time_ns += 1000;
                // Another destination each round makes every flow of the round a new one.
                if (renew) std::memcpy(in[i].dst.data() + 12, &round, 4);
            }
            table.add(in, sink);
        }
        table.flush(sink);
    }
    state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * (packets.size() / batch * batch)));
    state.counters["records"] = static_cast<double>(sink.seen) / static_cast<double>(state.iterations());
}

void fold_mix(benchmark::State& state) {
    const auto flows = static_cast<size_t>(state.range(0));
    run_ticks(state, flows, static_cast<size_t>(state.range(1)), false);
}
BENCHMARK(fold_mix)
    ->ArgNames({"flows", "each"})
    ->Args({512, 6})
    ->Args({4096, 6})
    ->Args({8192, 3})
    ->Args({8192, 10});

void fold_all_new(benchmark::State& state) { run_ticks(state, 1 << 15, 1, true); }
BENCHMARK(fold_all_new);

}  // namespace

BENCHMARK_MAIN();

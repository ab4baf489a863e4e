// SPDX-License-Identifier: Apache-2.0
// Cost of counting, per record: traffic of few known sources, and a flood in which every record is a new
// source, against counters like those of the bundled policies.
#include <benchmark/benchmark.h>

#include <cstring>
#include <random>
#include <vector>

#include "core/counters/counters.hpp"

using namespace picket;

namespace {

constexpr uint64_t second = 1'000'000'000;
constexpr uint64_t tick = second / 10;

MeasureDecl measure(const char* name, MeasureKind kind, Field field = Field::dst_port) {
    MeasureDecl out;
    out.name = name;
    out.kind = kind;
    out.field = field;
    return out;
}

CounterDecl inbound(std::vector<KeyPart> by, uint64_t window_ns, uint8_t tcp_classes,
                    std::vector<MeasureDecl> measures) {
    CounterDecl out;
    out.name = "bench";
    out.by = std::move(by);
    out.window_ns = window_ns;
    out.filter.directions = 1;
    out.filter.tcp_classes = tcp_classes;
    out.measures = std::move(measures);
    return out;
}

std::vector<CounterDecl> declarations() {
    const auto packets = measure("packets", MeasureKind::packets);
    const auto bytes = measure("bytes", MeasureKind::bytes);
    const auto ports = measure("ports", MeasureKind::distinct);
    const auto hosts = measure("hosts", MeasureKind::distinct, Field::dst);
    const uint8_t syn = 1 << PICKET_TCP_SYN;
    return {inbound({{Field::dst}}, second, 0, {packets, bytes}),
            inbound({{Field::src}}, second, 0, {packets, bytes}),
            inbound({{Field::dst}, {Field::dst_port}}, second, syn, {packets}),
            inbound({{Field::src}, {Field::dst}}, 10 * second, syn, {ports}),
            inbound({{Field::src}}, second, syn, {hosts}),
            inbound({{Field::src}}, 600 * second, syn, {hosts})};
}

std::vector<FlowRecord> records(size_t count, uint32_t sources, uint8_t tcp_class) {
    std::mt19937 random(1);
    std::vector<FlowRecord> out(count);
    for (FlowRecord& record : out) {
        const Address src = Address::from_v4(0xc0000000U + static_cast<uint32_t>(random()) % sources);
        const Address dst = Address::from_v4(0x0a000001U + static_cast<uint32_t>(random()) % 4);
        std::memcpy(record.src, src.bytes().data(), 16);
        std::memcpy(record.dst, dst.bytes().data(), 16);
        record.dst_port = 80;
        record.proto = IPPROTO_TCP;
        record.tcp_class = tcp_class;
        record.flags = PICKET_FLOW_PORTS | PICKET_FLOW_NEW;
        record.packets = 1;
        record.bytes = 60;
        record.sampling = 1;
    }
    return out;
}

void run(benchmark::State& state, uint32_t sources, uint8_t tcp_class, bool renew) {
    Counters counters({});
    counters.configure(declarations()).value();
    auto traffic = records(100'000, sources, tcp_class);
    std::mt19937 random(2);
    std::vector<ClassifiedRecord> classified;
    for (const FlowRecord& record : traffic) classified.push_back({&record, Direction::inbound});
    uint64_t end_ns = 1'700'000'000 * second;
    for (auto _ : state) {
        if (renew) {
            state.PauseTiming();
            for (FlowRecord& record : traffic) {
                const auto number = static_cast<uint32_t>(random());
                std::memcpy(record.src + 12, &number, sizeof number);
            }
            state.ResumeTiming();
        }
        counters.begin_tick(end_ns += tick);
        counters.add(classified);
    }
    state.counters["ns_per_record"] =
        benchmark::Counter(static_cast<double>(state.iterations() * traffic.size()) / 1e9,
                           benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void known_sources(benchmark::State& state) { run(state, 1000, PICKET_TCP_ESTABLISHED, false); }
void flood_of_new_sources(benchmark::State& state) { run(state, 0x30000000, PICKET_TCP_SYN, true); }

BENCHMARK(known_sources)->Unit(benchmark::kMillisecond);
BENCHMARK(flood_of_new_sources)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();

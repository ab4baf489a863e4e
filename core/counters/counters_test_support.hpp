// SPDX-License-Identifier: Apache-2.0
// Helpers of this room's tests: records in one line, and a counter engine on a virtual tick.
#pragma once
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "core/counters/counters.hpp"

namespace picket::counters_test {

inline constexpr uint64_t ms = 1'000'000;
inline constexpr uint64_t second = 1'000'000'000;
inline constexpr uint64_t tick = 100 * ms;

/// Random numbers of 32 bits, the same on every run.
class Random {
  public:
    explicit Random(uint32_t seed)
        : engine_(seed) {}
    uint32_t operator()() { return static_cast<uint32_t>(engine_()); }

  private:
    std::mt19937 engine_;
};

inline Address v4(uint32_t number) { return Address::from_v4(number); }

inline FlowRecord record(const Address& src, const Address& dst, uint16_t dst_port, uint64_t packets = 1) {
    FlowRecord out{};
    std::memcpy(out.src, src.bytes().data(), 16);
    std::memcpy(out.dst, dst.bytes().data(), 16);
    out.src_port = 40000;
    out.dst_port = dst_port;
    out.proto = IPPROTO_TCP;
    out.tcp_class = PICKET_TCP_SYN;
    out.flags = PICKET_FLOW_PORTS | PICKET_FLOW_NEW;
    out.sampling = 1;
    out.packets = packets;
    out.bytes = packets * 60;
    return out;
}

inline MeasureDecl measure(std::string name, MeasureKind kind, Field field = Field::dst_port) {
    MeasureDecl out;
    out.name = std::move(name);
    out.kind = kind;
    out.field = field;
    return out;
}

inline CounterDecl counter(std::vector<KeyPart> by, uint64_t window_ns, std::vector<MeasureDecl> measures) {
    CounterDecl out;
    out.policy = "test";
    out.name = "c";
    out.by = std::move(by);
    out.window_ns = window_ns;
    out.measures = std::move(measures);
    return out;
}

/// Counters with a virtual clock that begins late enough for any window.
struct Bench {
    explicit Bench(std::vector<CounterDecl> declarations, CountersConfig config = {})
        : counters(config) {
        ids = counters.configure(std::move(declarations)).value();
        counters.begin_tick(now);
    }
    void tick_to(uint64_t end_ns) {
        now = end_ns;
        counters.begin_tick(now);
    }
    void add(const FlowRecord& in, Direction direction = Direction::inbound) {
        const ClassifiedRecord classified{&in, direction};
        counters.add({&classified, 1});
    }
    double value(const std::vector<KeyValue>& key, uint32_t measure = 0, size_t counter = 0) {
        RowRef row;
        return counters.find(ids[counter], key, row) ? counters.value(row, measure) : -1;
    }
    static KeyValue by_src(const Address& address) { return {Field::src, address, 0}; }

    Counters counters;
    std::vector<CounterId> ids;
    uint64_t now = 1'700'000'000 * second;
};

}  // namespace picket::counters_test

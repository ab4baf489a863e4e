// SPDX-License-Identifier: Apache-2.0
// Decoded packets and a flow table that collects what it hands on, for the tests of this room.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <random>
#include <span>
#include <utility>
#include <vector>

#include "core/flow/flow_table.hpp"
#include "core/flow/transport.hpp"

namespace picket::packets {

inline constexpr uint64_t second = 1'000'000'000;
inline constexpr std::array<uint8_t, 16> host4{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 5};
inline constexpr std::array<uint8_t, 16> peer4{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 203, 0, 113, 9};
inline constexpr std::array<uint8_t, 16> host6{0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5};
inline constexpr std::array<uint8_t, 16> peer6{0x20, 1, 0xd, 0xb8, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9};

/// What of a record's flags comes from its packets, but for the bare ACK.
inline constexpr uint16_t key_flags = PICKET_FLOW_PORTS | PICKET_FLOW_FRAGMENT | PICKET_FLOW_ICMP;

/// A TCP data packet of an hour ago, changed by `change`.
template <typename Change>
Packet made(Change change) {
    Packet packet;
    packet.src = host4;
    packet.dst = peer4;
    packet.src_port = 40000;
    packet.dst_port = 443;
    packet.proto = 6;
    packet.tcp_class = PICKET_TCP_ESTABLISHED;
    packet.flags = PICKET_FLOW_PORTS;
    packet.bytes = 100;
    packet.time_ns = 3600 * second;
    change(packet);
    return packet;
}
inline Packet made() {
    return made([](Packet&) {});
}

/// The same packet the other way.
inline Packet answer(Packet packet) {
    std::swap(packet.src, packet.dst);
    std::swap(packet.src_port, packet.dst_port);
    return packet;
}

/// From a small space, so that keys meet again.
inline Packet random_packet(std::mt19937_64& random) {
    return made([&](Packet& p) {
        const uint64_t bits = random();
        if ((bits & 1) != 0) {
            p.src = host6;
            p.dst = peer6;
        }
        p.src[15] = (bits >> 8) & 7;
        p.dst[15] = (bits >> 16) & 7;
        p.src_port = (bits >> 24) & 7;
        p.proto = (bits & 2) != 0 ? 6 : 17;
        p.tcp_class = p.proto == 6 ? static_cast<uint8_t>(1 + (bits >> 32) % 5) : uint8_t{PICKET_TCP_NONE};
        p.interface = (bits >> 40) & 1;
        p.bytes = (bits >> 44) & 0x3ff;
        p.time_ns += bits >> 56;
    });
}

/// A table, and the records it handed on since they were last asked for.
class Tick final : public RecordSink {
  public:
    explicit Tick(const FlowTableConfig& config = {})
        : table_(config) {}

    Tick& add(std::span<const Packet> packets) {
        table_.add(packets, *this);
        return *this;
    }
    Tick& add(std::initializer_list<Packet> packets) {
        return add(std::span(packets.begin(), packets.size()));
    }
    std::vector<picket_flow> flush() {
        table_.flush(*this);
        return taken();
    }
    /// One packet, one tick, one record.
    picket_flow one(const Packet& packet) { return add({packet}).flush().at(0); }

    void on_records(std::span<picket_flow> records) override {
        records_.insert(records_.end(), records.begin(), records.end());
    }
    std::vector<picket_flow> taken() { return std::exchange(records_, {}); }
    [[nodiscard]] const FlowTableStats& stats() const { return table_.stats(); }

  private:
    FlowTable table_;
    std::vector<picket_flow> records_;
};

}  // namespace picket::packets

// SPDX-License-Identifier: Apache-2.0
// What a scenario says about one packet, and its bytes on the wire: Ethernet, IP and TCP, UDP or ICMP with
// correct lengths and checksums. Any thread.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tests/support/make_traffic/addresses.hpp"

namespace picket::traffic {

enum class Proto { tcp, udp, icmp };

namespace tcp {
inline constexpr uint8_t fin = 0x01;
inline constexpr uint8_t syn = 0x02;
inline constexpr uint8_t rst = 0x04;
inline constexpr uint8_t psh = 0x08;
inline constexpr uint8_t ack = 0x10;
inline constexpr uint8_t urg = 0x20;
}  // namespace tcp

inline constexpr uint16_t segment_max = 1420;  ///< payload bytes that fit a 1500-byte packet of either family
inline constexpr size_t frame_max = 1514;
inline constexpr uint16_t frame_min = 60;  ///< what a network card sends without the checksum of the frame

struct Packet {
    uint64_t time_ns = 0;
    Proto proto = Proto::tcp;
    uint8_t tcp_flags = 0;
    bool icmp_reply = false;  ///< echo reply instead of echo request
    uint16_t src_port = 0;    ///< the identifier, in an echo
    uint16_t dst_port = 0;    ///< the sequence number, in an echo
    uint16_t payload_size = 0;
    uint16_t frame_size = 0;   ///< payload is cut or padded to make this frame size; 0: as payload_size says
    std::string_view payload;  ///< how the payload begins; zeros follow
    uint32_t seq = 0;
    uint32_t ack = 0;
    Ip src;
    Ip dst;
};

struct Frame {
    size_t size = 0;
    std::array<uint8_t, frame_max> bytes{};
};

/// Writes the packet's bytes. Both addresses are of one family.
void build(const Packet& packet, Frame& frame);

}  // namespace picket::traffic

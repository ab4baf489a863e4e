// SPDX-License-Identifier: Apache-2.0
// The transport header: ports, TCP class, ICMP type. What was cut off is left out, never guessed. Inline,
// since every packet comes here. [source] thread.
#pragma once
#include <array>
#include <cstdint>

#include "core/flow/packet.hpp"
#include "core/flow/wire.hpp"

namespace picket {

/// TCP flags of byte 13 (RFC 9293, 3.1); ECE and CWR above them are masked off, since an ECN-capable host
/// sets them on honest segments of every kind (RFC 3168).
enum TcpFlag : uint8_t { tcp_fin = 1, tcp_syn = 2, tcp_rst = 4, tcp_psh = 8, tcp_ack = 16, tcp_urg = 32 };
inline constexpr uint8_t tcp_flags_mask = 0x3f;

constexpr uint8_t tcp_class_of(unsigned flags) {
    if ((flags & tcp_syn) != 0) {
        if ((flags & (tcp_fin | tcp_rst)) != 0) return PICKET_TCP_PROBE;
        return (flags & tcp_ack) != 0 ? PICKET_TCP_SYNACK : PICKET_TCP_SYN;
    }
    if ((flags & tcp_rst) != 0) return PICKET_TCP_RST;
    // Once a connection stands, every segment has ACK: without it this is NULL, FIN, XMAS or a kin of theirs.
    return (flags & tcp_ack) != 0 ? PICKET_TCP_ESTABLISHED : PICKET_TCP_PROBE;
}

inline constexpr std::array<uint8_t, tcp_flags_mask + 1> tcp_classes = [] {
    std::array<uint8_t, tcp_flags_mask + 1> table{};
    for (unsigned flags = 0; flags < table.size(); ++flags) table[flags] = tcp_class_of(flags);
    return table;
}();

/// Bytes needed for ports and class: a TCP packet has both or neither, so that no SYN is counted as something
/// that has ports but is not TCP.
inline constexpr uint32_t tcp_needed = 14;

/// Fills ports, class and flags of `out`. `have` bytes are readable at `at`; the packet holds `length` from
/// there on (have <= length), which tells a bare ACK from data that was not captured.
inline void decode_transport(const uint8_t* at, uint32_t have, uint32_t length, Packet& out) {
    switch (wire::headers[out.proto]) {
    case wire::Header::tcp: {
        if (have < tcp_needed) return;
        const unsigned flags = at[13] & tcp_flags_mask;
        out.tcp_class = tcp_classes[flags];
        // A data offset under 5 words is a lie; the packet is still counted, but not as an honest bare ACK.
        const uint32_t header_size = (at[12] >> 4) * 4U;
        const unsigned bare =
            unsigned{flags == tcp_ack} & unsigned{length == header_size} & unsigned{header_size >= 20};
        out.flags = static_cast<uint16_t>(out.flags | bare * PICKET_FLOW_BARE_ACK);
        break;
    }
    case wire::Header::ports:
        if (have < 4) return;
        break;
    case wire::Header::icmp:
        if (have < 2) return;
        out.dst_port = wire::be16(at);
        out.flags |= PICKET_FLOW_ICMP;
        return;
    default:
        return;
    }
    out.src_port = wire::be16(at);
    out.dst_port = wire::be16(at + 2);
    out.flags |= PICKET_FLOW_PORTS;
}

}  // namespace picket

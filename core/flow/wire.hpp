// SPDX-License-Identifier: Apache-2.0
// Numbers as they travel: big-endian reads, and the kinds of headers by IANA protocol number. Private to this
// room. [source] thread.
#pragma once
#include <array>
#include <cstdint>
#include <initializer_list>

namespace picket::wire {

inline uint16_t be16(const uint8_t* at) { return static_cast<uint16_t>(at[0] << 8 | at[1]); }
inline uint32_t be32(const uint8_t* at) { return uint32_t{be16(at)} << 16 | be16(at + 2); }
inline uint32_t le32(const uint8_t* at) {
    return at[0] | uint32_t{at[1]} << 8 | uint32_t{at[2]} << 16 | uint32_t{at[3]} << 24;
}

// IANA protocol numbers that the decoder knows by name.
inline constexpr uint8_t proto_hop_by_hop = 0, proto_icmp = 1, proto_tcp = 6, proto_udp = 17, proto_dccp = 33,
                         proto_routing = 43, proto_fragment = 44, proto_ah = 51, proto_icmpv6 = 58,
                         proto_no_next = 59, proto_destination = 60, proto_sctp = 132, proto_mobility = 135,
                         proto_udp_lite = 136, proto_hip = 139, proto_shim6 = 140;

/// What follows an IP header, as far as the decoder reads it.
enum class Header : uint8_t {
    opaque,  ///< the protocol number is all we take: GRE, ESP, tunnels, unknown ones
    tcp,
    ports,      ///< starts with source and destination port
    icmp,       ///< starts with type and code
    extension,  ///< IPv6 only: next header, length in 8 bytes beyond the first 8 (RFC 8200, 4.1)
    fragment,   ///< IPv6 only (RFC 8200, 4.5)
    ah,         ///< next header, length in 4 bytes minus 2 (RFC 4302, 2.2)
};

inline constexpr std::array<Header, 256> headers = [] {
    std::array<Header, 256> table{};
    table[proto_tcp] = Header::tcp;
    table[proto_fragment] = Header::fragment;
    table[proto_ah] = Header::ah;
    for (const uint8_t proto : {proto_udp, proto_dccp, proto_sctp, proto_udp_lite})
        table[proto] = Header::ports;
    for (const uint8_t proto : {proto_icmp, proto_icmpv6}) table[proto] = Header::icmp;
    for (const uint8_t proto :
         {proto_hop_by_hop, proto_routing, proto_destination, proto_mobility, proto_hip, proto_shim6})
        table[proto] = Header::extension;
    return table;
}();

/// Protocols whose flows are told apart by ports.
inline constexpr bool has_ports(uint8_t proto) {
    return headers[proto] == Header::tcp || headers[proto] == Header::ports;
}

}  // namespace picket::wire

// SPDX-License-Identifier: Apache-2.0
// Frames for the tests of this room, built from the outside in as they read:
// ethernet(0x0800, ipv4(6, tcp(40000, 443, tcp_syn))). Checksums are left 0: nothing here looks at them.
#pragma once
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <initializer_list>
#include <ostream>
#include <vector>

#include "core/flow/decoder.hpp"
#include "core/flow/transport.hpp"

namespace picket::frames {

using Bytes = std::vector<uint8_t>;

inline Bytes join(std::initializer_list<Bytes> parts) {
    Bytes out;
    for (const Bytes& part : parts) out.insert(out.end(), part.begin(), part.end());
    return out;
}
inline Bytes be(uint32_t value, unsigned size) {
    Bytes out;
    while (size-- > 0) out.push_back(static_cast<uint8_t>(value >> 8 * size));
    return out;
}
inline Bytes zeros(size_t size) { return Bytes(size, 0); }

inline Bytes tcp(uint16_t from, uint16_t to, uint8_t flags, size_t payload = 0, size_t options = 0) {
    const auto offset = static_cast<uint8_t>((20 + options) / 4 << 4);
    return join({be(from, 2), be(to, 2), zeros(8), {offset, flags}, zeros(6 + options), Bytes(payload, 'x')});
}
inline Bytes udp(uint16_t from, uint16_t to, size_t payload = 0) {
    return join(
        {be(from, 2), be(to, 2), be(static_cast<uint32_t>(8 + payload), 2), zeros(2), Bytes(payload, 'x')});
}
inline Bytes icmp(uint8_t type, uint8_t code) { return join({{type, code}, zeros(6)}); }

inline const Bytes v4_src{10, 0, 0, 5}, v4_dst{203, 0, 113, 9};
inline const Bytes v6_src{0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5};
inline const Bytes v6_dst{0x20, 1, 0xd, 0xb8, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9};

inline constexpr uint16_t more_fragments = 0x2000;

/// `fragment` is the word of flags and offset (in units of 8 bytes).
inline Bytes ipv4(uint8_t proto, const Bytes& payload, uint16_t fragment = 0, size_t options = 0) {
    const size_t header = 20 + options;
    return join({{static_cast<uint8_t>(0x40 | header / 4), 0},
                 be(static_cast<uint32_t>(header + payload.size()), 2),
                 zeros(2),
                 be(fragment, 2),
                 {64, proto, 0, 0},
                 v4_src,
                 v4_dst,
                 Bytes(options, 1),
                 payload});
}
inline Bytes ipv6(uint8_t next, const Bytes& payload) {
    return join(
        {{0x60, 0, 0, 0}, be(static_cast<uint32_t>(payload.size()), 2), {next, 64}, v6_src, v6_dst, payload});
}
/// An IPv6 extension header of 8 * (1 + more) bytes.
inline Bytes extension(uint8_t next, uint8_t more, const Bytes& payload) {
    return join({{next, more}, zeros(6U + 8U * more), payload});
}
/// `offset` in units of 8 bytes.
inline Bytes fragment(uint8_t next, uint16_t offset, bool more, const Bytes& payload) {
    return join({{next, 0}, be(offset * 8U | (more ? 1U : 0U), 2), zeros(4), payload});
}
inline Bytes ah(uint8_t next, const Bytes& payload) { return join({{next, 4}, zeros(22), payload}); }

inline Bytes ethernet(uint16_t type, const Bytes& payload) { return join({zeros(12), be(type, 2), payload}); }
inline Bytes vlan(uint16_t type, const Bytes& payload) { return join({be(100, 2), be(type, 2), payload}); }
inline Bytes mpls(bool bottom, const Bytes& payload) {
    return join({{0, 1, bottom ? uint8_t{1} : uint8_t{0}, 64}, payload});
}
inline Bytes pppoe(uint16_t protocol, const Bytes& payload) {
    return join(
        {{0x11, 0, 0, 1}, be(static_cast<uint32_t>(payload.size() + 2), 2), be(protocol, 2), payload});
}
inline Bytes sll(uint16_t type, const Bytes& payload) { return join({zeros(14), be(type, 2), payload}); }
inline Bytes sll2(uint16_t type, const Bytes& payload) { return join({be(type, 2), zeros(18), payload}); }

struct Decoded {
    DecodeResult result;
    Packet packet;
};
/// The first `captured` bytes are readable, and under the sanitizer no byte more.
inline Decoded decode_cut(uint16_t link_type, const Bytes& frame, size_t captured) {
    const Bytes readable(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(captured));
    Decoded out{};
    const picket_packet in{readable.data(),
                           7,
                           static_cast<uint32_t>(captured),
                           static_cast<uint32_t>(frame.size()),
                           link_type,
                           3,
                           0};
    out.result = decode(in, out.packet);
    return out;
}
inline Decoded decode_frame(uint16_t link_type, const Bytes& frame) {
    return decode_cut(link_type, frame, frame.size());
}

inline constexpr unsigned ports = PICKET_FLOW_PORTS, frag = PICKET_FLOW_FRAGMENT, typed = PICKET_FLOW_ICMP,
                          bare_ack = PICKET_FLOW_BARE_ACK;
inline constexpr uint8_t none = PICKET_TCP_NONE, syn = PICKET_TCP_SYN;

struct Case {
    const char* description;
    uint16_t link_type;
    Bytes frame;
    uint8_t proto;
    uint16_t src_port, dst_port;
    uint8_t tcp_class;
    unsigned flags;
    uint32_t bytes;
};

inline void check(const Case& one) {
    BOOST_TEST_CONTEXT(one.description) {
        const Decoded out = decode_frame(one.link_type, one.frame);
        BOOST_TEST_REQUIRE(out.result == DecodeResult::ok);
        const Bytes src(out.packet.src.begin(), out.packet.src.end());
        const Bytes dst(out.packet.dst.begin(), out.packet.dst.end());
        const bool v4 = src != v6_src;
        const Bytes mapped = join({zeros(10), {0xff, 0xff}});
        BOOST_TEST((src == (v4 ? join({mapped, v4_src}) : v6_src)));
        BOOST_TEST((dst == (v4 ? join({mapped, v4_dst}) : v6_dst)));
        BOOST_TEST(out.packet.proto == one.proto);
        BOOST_TEST(out.packet.src_port == one.src_port);
        BOOST_TEST(out.packet.dst_port == one.dst_port);
        BOOST_TEST(out.packet.tcp_class == one.tcp_class);
        BOOST_TEST(out.packet.flags == one.flags);
        BOOST_TEST(out.packet.bytes == one.bytes);
    }
}

/// Cut at any length, a packet is truncated, or decoded to the same but for what was cut off.
inline void check_all_cuts(const Case& one) {
    const Packet whole = decode_frame(one.link_type, one.frame).packet;
    for (size_t cut = 0; cut < one.frame.size(); ++cut) {
        BOOST_TEST_CONTEXT(one.description << ", cut at " << cut) {
            const Decoded out = decode_cut(one.link_type, one.frame, cut);
            if (out.result != DecodeResult::ok) {
                BOOST_TEST(out.result == DecodeResult::truncated);
                continue;
            }
            BOOST_TEST((out.packet.src == whole.src && out.packet.dst == whole.dst));
            BOOST_TEST(out.packet.bytes == whole.bytes);
            BOOST_TEST((out.packet.flags & ~whole.flags) == 0);
            const bool has_ports = (out.packet.flags & (ports | typed)) != 0;
            BOOST_TEST(out.packet.src_port == (has_ports ? whole.src_port : 0));
            BOOST_TEST(out.packet.dst_port == (has_ports ? whole.dst_port : 0));
            BOOST_TEST(out.packet.tcp_class == (has_ports ? whole.tcp_class : none));
            if (has_ports) BOOST_TEST(out.packet.proto == whole.proto);
        }
    }
}

}  // namespace picket::frames

namespace picket {
inline std::ostream& operator<<(std::ostream& out, DecodeResult result) {
    return out << "DecodeResult " << static_cast<int>(result);
}
}  // namespace picket

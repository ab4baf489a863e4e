// SPDX-License-Identifier: Apache-2.0
// IPv4 and IPv6 headers, options, extension headers, fragments and lengths give the right protocol, ports and
// bytes, whole or cut anywhere; a header that contradicts itself is malformed.
#include "core/flow/network.hpp"

#include <boost/test/unit_test.hpp>
#include <random>

#include "core/flow/frames.test.hpp"

using namespace picket;
using namespace picket::frames;

namespace {

const Bytes probe = tcp(1, 2, tcp_syn);  // 20 bytes
const Bytes query = udp(1, 2);           // 8 bytes

/// `count` hop-by-hop headers before UDP.
Bytes long_chain(unsigned count) {
    Bytes out = query;
    uint8_t next = 17;
    for (; count > 0; --count) {
        out = extension(next, 0, out);
        next = 0;
    }
    return ipv6(0, out);
}

const Bytes mixed_chain = ipv6(
    0, extension(60, 0,
                 extension(43, 1, extension(44, 2, fragment(51, 0, true, ah(60, extension(6, 0, probe)))))));

const std::vector<Case> v4_cases{
    {"options", 101, ipv4(6, probe, 0, 40), 6, 1, 2, syn, ports, 80},
    {"don't fragment is no fragment", 101, ipv4(17, query, 0x4000), 17, 1, 2, none, ports, 28},
    {"first fragment", 101, ipv4(17, udp(1, 2, 32), more_fragments), 17, 1, 2, none, ports | frag, 60},
    {"middle fragment", 101, ipv4(17, query, more_fragments | 4), 17, 0, 0, none, frag, 28},
    {"last fragment", 101, ipv4(6, probe, 185), 6, 0, 0, none, frag, 40},
    {"later fragment of ICMP", 101, ipv4(1, icmp(8, 0), 185), 1, 0, 0, none, frag, 28},
    {"fragment too tiny for TCP flags", 101, ipv4(6, Bytes(8, 1), more_fragments), 6, 0, 0, none, frag, 28},
    {"AH", 101, ipv4(51, ah(6, probe)), 6, 1, 2, syn, ports, 64},
    {"AH, twice", 101, ipv4(51, ah(51, ah(17, query))), 17, 1, 2, none, ports, 76},
    {"a routing header is just a protocol", 101, ipv4(43, extension(6, 0, probe)), 43, 0, 0, none, 0, 48},
    {"a routing header below AH too", 101, ipv4(51, ah(43, extension(6, 0, probe))), 43, 0, 0, none, 0, 72},
    {"GRE", 101, ipv4(47, Bytes(24, 1)), 47, 0, 0, none, 0, 44},
    {"ESP", 101, ipv4(50, Bytes(24, 1)), 50, 0, 0, none, 0, 44},
    {"IPv4 in IPv4", 101, ipv4(4, ipv4(17, query)), 4, 0, 0, none, 0, 48},
    {"no payload at all", 101, ipv4(6, {}), 6, 0, 0, none, 0, 20},
};

const std::vector<Case> v6_cases{
    {"hop-by-hop", 101, ipv6(0, extension(17, 0, query)), 17, 1, 2, none, ports, 56},
    {"routing, 24 bytes", 101, ipv6(43, extension(6, 2, probe)), 6, 1, 2, syn, ports, 84},
    {"destination options", 101, ipv6(60, extension(17, 0, query)), 17, 1, 2, none, ports, 56},
    {"AH", 101, ipv6(51, ah(17, query)), 17, 1, 2, none, ports, 72},
    {"mobility", 101, ipv6(135, extension(17, 0, query)), 17, 1, 2, none, ports, 56},
    {"HIP", 101, ipv6(139, extension(17, 4, query)), 17, 1, 2, none, ports, 88},
    {"shim6", 101, ipv6(140, extension(17, 0, query)), 17, 1, 2, none, ports, 56},
    {"five kinds in one chain", 101, mixed_chain, 6, 1, 2, syn, ports | frag, 148},
    {"as many as are walked", 101, long_chain(extension_headers_max), 17, 1, 2, none, ports, 176},
    {"one more: the last one reached", 101, long_chain(extension_headers_max + 1), 0, 0, 0, none, 0, 184},
    {"first fragment", 101, ipv6(44, fragment(17, 0, true, query)), 17, 1, 2, none, ports | frag, 56},
    {"later fragment", 101, ipv6(44, fragment(17, 3, true, query)), 17, 0, 0, none, frag, 56},
    {"last fragment", 101, ipv6(44, fragment(6, 3, false, probe)), 6, 0, 0, none, frag, 68},
    {"atomic fragment is a whole packet", 101, ipv6(44, fragment(17, 0, false, query)), 17, 1, 2, none, ports,
     56},
    {"reserved bits make no fragment", 101, ipv6(44, join({{17, 0, 0, 6}, zeros(4), query})), 17, 1, 2, none,
     ports, 56},
    {"ESP stops", 101, ipv6(0, extension(50, 0, Bytes(32, 1))), 50, 0, 0, none, 0, 80},
    {"no next header", 101, ipv6(59, {}), 59, 0, 0, none, 0, 40},
    {"AH, then no next header", 101, ipv6(51, ah(59, {})), 51, 0, 0, none, 0, 64},
    {"AH, then something unknown", 101, ipv6(51, ah(200, Bytes(8, 1))), 200, 0, 0, none, 0, 72},
    {"extension header beyond the end", 101, ipv6(60, join({{17, 9}, zeros(14)})), 60, 0, 0, none, 0, 56},
};

Bytes with_v4_total(uint16_t total, Bytes packet) {
    packet[2] = static_cast<uint8_t>(total >> 8);
    packet[3] = static_cast<uint8_t>(total);
    return packet;
}
Bytes with_v6_payload(uint16_t payload, Bytes packet) {
    packet[4] = static_cast<uint8_t>(payload >> 8);
    packet[5] = static_cast<uint8_t>(payload);
    return packet;
}

const std::vector<Case> length_cases{
    {"IPv4 total 0: segmentation offload", 101, with_v4_total(0, ipv4(6, tcp(1, 2, tcp_ack, 3000))), 6, 1, 2,
     PICKET_TCP_ESTABLISHED, ports, 3040},
    {"IPv4 total beyond what travelled", 101, with_v4_total(65535, ipv4(17, query)), 17, 1, 2, none, ports,
     28},
    {"IPv4 ends before the ports: padding is none", 101, with_v4_total(22, ipv4(17, query)), 17, 0, 0, none,
     0, 22},
    {"IPv6 payload 0: segmentation offload", 101, with_v6_payload(0, ipv6(6, probe)), 6, 1, 2, syn, ports,
     60},
    {"IPv6 jumbogram", 101, with_v6_payload(0, ipv6(0, extension(17, 0, query))), 17, 1, 2, none, ports, 56},
    {"IPv6 payload beyond what travelled", 101, with_v6_payload(65535, ipv6(17, query)), 17, 1, 2, none,
     ports, 48},
    {"IPv6 ends before the ports", 101, with_v6_payload(2, ipv6(17, query)), 17, 0, 0, none, 0, 42},
    {"IPv6 no next header, padded", 101, join({ipv6(59, {}), zeros(6)}), 59, 0, 0, none, 0, 40},
};

Bytes with_first_byte(uint8_t first, Bytes packet) {
    packet[0] = first;
    return packet;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(network)

BOOST_AUTO_TEST_CASE(ipv4_packets_give_their_key) {
    for (const Case& one : v4_cases) check(one);
}

BOOST_AUTO_TEST_CASE(ipv6_packets_give_their_key) {
    for (const Case& one : v6_cases) check(one);
}

BOOST_AUTO_TEST_CASE(lengths_that_lie_are_not_believed) {
    for (const Case& one : length_cases) check(one);
}

BOOST_AUTO_TEST_CASE(no_byte_is_read_beyond_a_cut_and_nothing_wrong_comes_of_it) {
    for (const auto* cases : {&v4_cases, &v6_cases, &length_cases})
        for (const Case& one : *cases) check_all_cuts(one);
}

BOOST_AUTO_TEST_CASE(a_source_that_understates_the_wire_length_is_believed_for_what_it_shows) {
    const Bytes packet = ipv4(17, udp(1, 2, 20));
    Packet out;
    BOOST_TEST(decode({packet.data(), 7, static_cast<uint32_t>(packet.size()), 0, 101, 3, 0}, out) ==
               DecodeResult::ok);
    BOOST_TEST(out.bytes == packet.size());
}

BOOST_AUTO_TEST_CASE(a_packet_cut_behind_its_addresses_is_counted_without_ports) {
    for (const auto& [packet, header] : {std::pair{ipv4(6, probe), 20U}, std::pair{ipv6(6, probe), 40U}}) {
        BOOST_TEST(decode_cut(101, packet, header - 1).result == DecodeResult::truncated);
        const Decoded out = decode_cut(101, packet, header);
        BOOST_TEST(out.result == DecodeResult::ok);
        BOOST_TEST(out.packet.proto == 6);
        BOOST_TEST(out.packet.flags == 0);
    }
}

BOOST_AUTO_TEST_CASE(an_ip_header_that_contradicts_itself_is_malformed) {
    for (const Bytes& packet : {
             with_first_byte(0x44, ipv4(6, probe)),  // a header of 16 bytes
             with_first_byte(0x40, ipv4(6, probe)), with_first_byte(0x55, ipv4(6, probe)),
             with_first_byte(0x75, ipv6(6, probe)), with_v4_total(19, ipv4(6, probe)),
             with_v4_total(59, ipv4(6, probe, 0, 40)),  // ends within its options
         })
        BOOST_TEST(decode_frame(101, packet).result == DecodeResult::malformed);
}

BOOST_AUTO_TEST_CASE(random_bytes_behind_good_headers_never_break_an_invariant) {
    std::mt19937 random(1);
    for (unsigned round = 0; round < 20000; ++round) {
        Bytes frame = round % 2 == 0 ? mixed_chain : ipv4(51, ah(51, ah(6, probe)));
        for (unsigned change = 0; change < 4; ++change)
            frame[random() % frame.size()] = static_cast<uint8_t>(random());
        const Decoded out = decode_cut(101, frame, random() % (frame.size() + 1));
        if (out.result != DecodeResult::ok) continue;
        const unsigned flags = out.packet.flags;
        BOOST_TEST_REQUIRE(out.packet.bytes <= frame.size());
        BOOST_TEST_REQUIRE((flags & (ports | typed)) != (ports | typed));
        if ((flags & (ports | typed)) == 0)
            BOOST_TEST_REQUIRE((out.packet.src_port | out.packet.dst_port) == 0);
        BOOST_TEST_REQUIRE((out.packet.tcp_class != none) == (out.packet.proto == 6 && (flags & ports) != 0));
    }
}

BOOST_AUTO_TEST_SUITE_END()

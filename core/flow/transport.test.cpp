// SPDX-License-Identifier: Apache-2.0
// Ports, TCP classes and ICMP types come out right for both families; a bare ACK is one without payload,
// whatever its ECN bits.
#include "core/flow/transport.hpp"

#include <boost/test/unit_test.hpp>

#include "core/flow/frames.test.hpp"

using namespace picket;
using namespace picket::frames;

namespace {

constexpr uint8_t ece = 0x40, cwr = 0x80;
constexpr uint8_t synack = PICKET_TCP_SYNACK, rst = PICKET_TCP_RST, odd = PICKET_TCP_PROBE,
                  established = PICKET_TCP_ESTABLISHED;

struct FlagCase {
    const char* description;
    unsigned tcp_flags;
    uint8_t tcp_class;
};

constexpr FlagCase flag_cases[] = {
    {"SYN", tcp_syn, syn},
    {"SYN of an ECN-capable client", tcp_syn | ece | cwr, syn},
    {"SYN with data pushed", tcp_syn | tcp_psh, syn},
    {"SYN-ACK", tcp_syn | tcp_ack, synack},
    {"SYN-ACK of an ECN-capable server", tcp_syn | tcp_ack | ece, synack},
    {"SYN and FIN", tcp_syn | tcp_fin, odd},
    {"SYN and FIN and ACK", tcp_syn | tcp_fin | tcp_ack, odd},
    {"SYN and RST", tcp_syn | tcp_rst, odd},
    {"all flags", 0xff, odd},
    {"RST", tcp_rst, rst},
    {"RST and ACK", tcp_rst | tcp_ack, rst},
    {"RST and FIN", tcp_rst | tcp_fin, rst},
    {"NULL", 0, odd},
    {"NULL with ECN bits", ece | cwr, odd},
    {"FIN without ACK", tcp_fin, odd},
    {"XMAS", tcp_fin | tcp_psh | tcp_urg, odd},
    {"PSH without ACK", tcp_psh, odd},
    {"URG without ACK", tcp_urg, odd},
    {"ACK", tcp_ack, established},
    {"data", tcp_ack | tcp_psh, established},
    {"FIN and ACK", tcp_fin | tcp_ack, established},
    {"Maimon's scan looks like any end", tcp_fin | tcp_ack | tcp_psh | tcp_urg, established},
};

const std::vector<Case> cases{
    {"UDP", 101, ipv4(17, udp(5353, 53)), 17, 5353, 53, none, ports, 28},
    {"UDP-Lite", 101, ipv6(136, udp(1, 2)), 136, 1, 2, none, ports, 48},
    {"SCTP", 101, ipv4(132, join({be(7, 2), be(2905, 2), zeros(8)})), 132, 7, 2905, none, ports, 32},
    {"DCCP", 101, ipv6(33, join({be(7, 2), be(5001, 2), zeros(8)})), 33, 7, 5001, none, ports, 52},
    {"ICMP echo", 101, ipv4(1, icmp(8, 0)), 1, 0, 8 * 256, none, typed, 28},
    {"ICMP port unreachable keeps its own key", 101, ipv4(1, join({icmp(3, 3), ipv4(17, udp(1, 2))})), 1, 0,
     3 * 256 + 3, none, typed, 56},
    {"ICMPv6 echo", 101, ipv6(58, icmp(128, 0)), 58, 0, 128 * 256, none, typed, 48},
    {"ICMPv6 behind hop-by-hop", 101, ipv6(0, extension(58, 0, icmp(143, 0))), 58, 0, 143 * 256, none, typed,
     56},
    {"ICMP, first fragment", 101, ipv4(1, icmp(8, 0), more_fragments), 1, 0, 8 * 256, none, typed | frag, 28},
    {"IGMP", 101, ipv4(2, zeros(8)), 2, 0, 0, none, 0, 28},
    {"bare ACK", 101, ipv4(6, tcp(1, 2, tcp_ack)), 6, 1, 2, established, ports | bare_ack, 40},
    {"bare ACK with options", 101, ipv6(6, tcp(1, 2, tcp_ack, 0, 12)), 6, 1, 2, established, ports | bare_ack,
     72},
    {"bare ACK that echoes congestion", 101, ipv4(6, tcp(1, 2, tcp_ack | ece)), 6, 1, 2, established,
     ports | bare_ack, 40},
    {"bare ACK, padded", 1, join({ethernet(0x0800, ipv4(6, tcp(1, 2, tcp_ack))), zeros(6)}), 6, 1, 2,
     established, ports | bare_ack, 40},
    {"ACK with one byte", 101, ipv4(6, tcp(1, 2, tcp_ack, 1)), 6, 1, 2, established, ports, 41},
    {"ACK and PSH, empty", 101, ipv4(6, tcp(1, 2, tcp_ack | tcp_psh)), 6, 1, 2, established, ports, 40},
    {"ACK with a data offset of 0", 101,
     ipv4(6, join({be(1, 2), be(2, 2), zeros(8), {0, tcp_ack}, zeros(6)})), 6, 1, 2, established, ports, 40},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(transport)

BOOST_AUTO_TEST_CASE(tcp_flags_give_the_class) {
    for (const FlagCase& one : flag_cases) {
        BOOST_TEST_CONTEXT(one.description) {
            const Bytes segment = tcp(1, 2, static_cast<uint8_t>(one.tcp_flags));
            BOOST_TEST(decode_frame(101, ipv4(6, segment)).packet.tcp_class == one.tcp_class);
            BOOST_TEST(decode_frame(101, ipv6(6, segment)).packet.tcp_class == one.tcp_class);
        }
    }
}

BOOST_AUTO_TEST_CASE(protocols_give_their_ports_or_type) {
    for (const Case& one : cases) check(one);
}

BOOST_AUTO_TEST_CASE(no_byte_is_read_beyond_a_cut_and_nothing_wrong_comes_of_it) {
    for (const Case& one : cases) check_all_cuts(one);
}

BOOST_AUTO_TEST_CASE(data_that_was_not_captured_is_still_data) {
    const Bytes packet = ipv4(6, tcp(1, 2, tcp_ack, 100));
    const Decoded cut = decode_cut(101, packet, 40);
    BOOST_TEST(cut.packet.flags == ports);
    BOOST_TEST(cut.packet.bytes == 140U);
}

BOOST_AUTO_TEST_CASE(a_tcp_header_cut_before_its_flags_gives_no_ports) {
    const Bytes packet = ipv4(6, tcp(1, 2, tcp_syn));
    BOOST_TEST(decode_cut(101, packet, 20 + tcp_needed - 1).packet.flags == 0);
    BOOST_TEST(decode_cut(101, packet, 20 + tcp_needed).packet.flags == ports);
}

BOOST_AUTO_TEST_SUITE_END()

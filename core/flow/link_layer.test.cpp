// SPDX-License-Identifier: Apache-2.0
// Every link type and encapsulation leads to its IP header, whole or cut anywhere; what holds no IP, or is
// broken, is called what it is; all loops end.
#include "core/flow/link_layer.hpp"

#include "core/flow/frames.test.hpp"

#include <boost/test/unit_test.hpp>

using namespace picket;
using namespace picket::frames;

namespace {

const Bytes syn4 = ipv4(6, tcp(40000, 443, tcp_syn));
const Bytes syn6 = ipv6(6, tcp(40000, 443, tcp_syn));
const Bytes dns4 = ipv4(17, udp(40000, 53, 20));
const Bytes dns6 = ipv6(17, udp(40000, 53, 20));

/// `levels` tags above `payload`, which is of Ethernet type `type`.
Bytes tags(unsigned levels, uint16_t type, Bytes payload) {
    for (; levels > 0; --levels) {
        payload = vlan(type, payload);
        type = 0x8100;
    }
    return ethernet(type, payload);
}

Bytes labels(unsigned count, Bytes payload) {
    payload = mpls(true, payload);
    while (--count > 0) payload = mpls(false, payload);
    return payload;
}

const std::vector<Case> good{
    {"Ethernet, IPv4", 1, ethernet(0x0800, syn4), 6, 40000, 443, syn, ports, 40},
    {"Ethernet, IPv6", 1, ethernet(0x86dd, dns6), 17, 40000, 53, none, ports, 68},
    {"Ethernet, padded to its minimum", 1, join({ethernet(0x0800, syn4), zeros(6)}), 6, 40000, 443, syn,
     ports, 40},
    {"VLAN", 1, tags(1, 0x0800, syn4), 6, 40000, 443, syn, ports, 40},
    {"QinQ 802.1ad", 1, ethernet(0x88a8, vlan(0x8100, vlan(0x86dd, syn6))), 6, 40000, 443, syn, ports, 60},
    {"QinQ before the standard", 1, ethernet(0x9100, vlan(0x0800, dns4)), 17, 40000, 53, none, ports, 48},
    {"as many tags as are walked", 1, tags(link_tags_max, 0x0800, syn4), 6, 40000, 443, syn, ports, 40},
    {"MPLS, one label, IPv4", 1, ethernet(0x8847, labels(1, syn4)), 6, 40000, 443, syn, ports, 40},
    {"MPLS multicast, stack, IPv6", 1, ethernet(0x8848, labels(3, dns6)), 17, 40000, 53, none, ports, 68},
    {"as many labels as are walked", 1, ethernet(0x8847, labels(mpls_labels_max, syn4)), 6, 40000, 443, syn,
     ports, 40},
    {"VLAN, then MPLS", 1, tags(1, 0x8847, labels(2, syn4)), 6, 40000, 443, syn, ports, 40},
    {"PPPoE session, IPv4", 1, ethernet(0x8864, pppoe(0x0021, syn4)), 6, 40000, 443, syn, ports, 40},
    {"VLAN, PPPoE session, IPv6", 1, tags(1, 0x8864, pppoe(0x0057, dns6)), 17, 40000, 53, none, ports, 68},
    {"PPPoE session, MPLS", 1, ethernet(0x8864, pppoe(0x0281, labels(1, dns4))), 17, 40000, 53, none, ports,
     48},
    {"RAW, IPv4", 101, syn4, 6, 40000, 443, syn, ports, 40},
    {"RAW, IPv6", 101, dns6, 17, 40000, 53, none, ports, 68},
    {"RAW of the BSDs", 12, syn4, 6, 40000, 443, syn, ports, 40},
    {"RAW of OpenBSD", 14, syn6, 6, 40000, 443, syn, ports, 60},
    {"IPV4", 228, dns4, 17, 40000, 53, none, ports, 48},
    {"IPV6", 229, dns6, 17, 40000, 53, none, ports, 68},
    {"NULL, little-endian", 0, join({{2, 0, 0, 0}, syn4}), 6, 40000, 443, syn, ports, 40},
    {"NULL, big-endian", 0, join({{0, 0, 0, 2}, syn4}), 6, 40000, 443, syn, ports, 40},
    {"NULL, IPv6 of Linux", 0, join({{10, 0, 0, 0}, dns6}), 17, 40000, 53, none, ports, 68},
    {"NULL, IPv6 of NetBSD", 0, join({{24, 0, 0, 0}, dns6}), 17, 40000, 53, none, ports, 68},
    {"NULL, IPv6 of FreeBSD", 0, join({{28, 0, 0, 0}, dns6}), 17, 40000, 53, none, ports, 68},
    {"LOOP, IPv6 of macOS", 108, join({{0, 0, 0, 30}, dns6}), 17, 40000, 53, none, ports, 68},
    {"SLL", 113, sll(0x0800, syn4), 6, 40000, 443, syn, ports, 40},
    {"SLL, VLAN, IPv6", 113, sll(0x8100, vlan(0x86dd, dns6)), 17, 40000, 53, none, ports, 68},
    {"SLL2", 276, sll2(0x86dd, syn6), 6, 40000, 443, syn, ports, 60},
};

struct Bad {
    const char* description;
    uint16_t link_type;
    Bytes frame;
    DecodeResult result;
};

const std::vector<Bad> bad{
    {"nothing at all", 1, {}, DecodeResult::truncated},
    {"ARP", 1, ethernet(0x0806, zeros(28)), DecodeResult::not_ip},
    {"802.3 with a length", 1, ethernet(46, zeros(46)), DecodeResult::not_ip},
    {"LLDP below a VLAN tag", 1, tags(1, 0x88cc, zeros(20)), DecodeResult::not_ip},
    {"a tag and no more", 1, ethernet(0x8100, {0, 1}), DecodeResult::truncated},
    {"one tag too many", 1, tags(link_tags_max + 1, 0x0800, syn4), DecodeResult::malformed},
    {"one label too many", 1, ethernet(0x8847, labels(mpls_labels_max + 1, syn4)), DecodeResult::malformed},
    {"MPLS without a bottom", 1, ethernet(0x8847, mpls(false, {})), DecodeResult::truncated},
    {"MPLS pseudowire", 1, ethernet(0x8847, labels(1, ethernet(0x0800, syn4))), DecodeResult::not_ip},
    {"PPPoE, LCP", 1, ethernet(0x8864, pppoe(0xc021, zeros(8))), DecodeResult::not_ip},
    {"PPPoE discovery", 1, ethernet(0x8863, zeros(20)), DecodeResult::not_ip},
    {"NULL of AppleTalk", 0, join({{16, 0, 0, 0}, zeros(20)}), DecodeResult::not_ip},
    {"IPV4 that holds IPv6", 228, syn6, DecodeResult::malformed},
    {"IPV6 that holds IPv4", 229, syn4, DecodeResult::malformed},
    {"Ethernet says IPv4, the header 6", 1, ethernet(0x0800, syn6), DecodeResult::malformed},
    {"RAW of neither version", 101, Bytes(40, 0x50), DecodeResult::malformed},
    {"a link type of another world", 147, syn4, DecodeResult::unknown_link_type},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(link_layer)

BOOST_AUTO_TEST_CASE(every_encapsulation_leads_to_its_ip_header) {
    for (const Case& one : good) check(one);
}

BOOST_AUTO_TEST_CASE(no_byte_is_read_beyond_a_cut_and_nothing_wrong_comes_of_it) {
    for (const Case& one : good) check_all_cuts(one);
}

BOOST_AUTO_TEST_CASE(what_is_no_ip_packet_is_called_what_it_is) {
    for (const Bad& one : bad) {
        BOOST_TEST_CONTEXT(one.description) {
            BOOST_TEST(decode_frame(one.link_type, one.frame).result == one.result);
            for (size_t cut = 0; cut < one.frame.size(); ++cut)
                BOOST_TEST(decode_cut(one.link_type, one.frame, cut).result != DecodeResult::ok);
        }
    }
}

BOOST_AUTO_TEST_CASE(interface_and_time_come_along) {
    const Decoded out = decode_frame(1, ethernet(0x0800, syn4));
    BOOST_TEST(out.packet.interface == 3U);
    BOOST_TEST(out.packet.time_ns == 7U);
}

BOOST_AUTO_TEST_SUITE_END()

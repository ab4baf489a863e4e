// SPDX-License-Identifier: Apache-2.0
// Every link type, encapsulation, IP header, fragment and transport that the decoder knows gives the right key;
// what is broken is called so; a packet cut anywhere gives nothing wrong.
#include "core/flow/decoder.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "core/flow/frames.test.hpp"
#include "core/flow/link_layer.hpp"
#include "core/flow/network.hpp"
#include "core/model/address.hpp"

using namespace picket;
using namespace picket::frames;

namespace {

constexpr unsigned ports = PICKET_FLOW_PORTS, frag = PICKET_FLOW_FRAGMENT, icmp_type = PICKET_FLOW_ICMP,
                   bare_ack = PICKET_FLOW_BARE_ACK;

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

const Bytes syn4 = ipv4(6, tcp(40000, 443, tcp_syn));
const Bytes syn6 = ipv6(6, tcp(40000, 443, tcp_syn));
const Bytes dns4 = ipv4(17, udp(40000, 53, 20));
const Bytes dns6 = ipv6(17, udp(40000, 53, 20));
constexpr uint8_t none = PICKET_TCP_NONE, syn = PICKET_TCP_SYN;

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

const std::vector<Case>& link_cases() {
    static const std::vector<Case> cases{
        {"Ethernet, IPv4", 1, ethernet(0x0800, syn4), 6, 40000, 443, syn, ports, 40},
        {"Ethernet, IPv6", 1, ethernet(0x86dd, dns6), 17, 40000, 53, none, ports, 68},
        {"Ethernet, padded to its minimum", 1, join({ethernet(0x0800, syn4), zeros(6)}), 6, 40000, 443, syn, ports, 40},
        {"VLAN", 1, tags(1, 0x0800, syn4), 6, 40000, 443, syn, ports, 40},
        {"QinQ 802.1ad", 1, ethernet(0x88a8, vlan(0x8100, vlan(0x86dd, syn6))), 6, 40000, 443, syn, ports, 60},
        {"QinQ before the standard", 1, ethernet(0x9100, vlan(0x0800, dns4)), 17, 40000, 53, none, ports, 48},
        {"as many tags as are walked", 1, tags(link_tags_max, 0x0800, syn4), 6, 40000, 443, syn, ports, 40},
        {"MPLS, one label, IPv4", 1, ethernet(0x8847, labels(1, syn4)), 6, 40000, 443, syn, ports, 40},
        {"MPLS multicast, stack, IPv6", 1, ethernet(0x8848, labels(3, dns6)), 17, 40000, 53, none, ports, 68},
        {"as many labels as are walked", 1, ethernet(0x8847, labels(mpls_labels_max, syn4)), 6, 40000, 443, syn, ports, 40},
        {"VLAN, then MPLS", 1, tags(1, 0x8847, labels(2, syn4)), 6, 40000, 443, syn, ports, 40},
        {"PPPoE session, IPv4", 1, ethernet(0x8864, pppoe(0x0021, syn4)), 6, 40000, 443, syn, ports, 40},
        {"VLAN, PPPoE session, IPv6", 1, tags(1, 0x8864, pppoe(0x0057, dns6)), 17, 40000, 53, none, ports, 68},
        {"PPPoE session, MPLS", 1, ethernet(0x8864, pppoe(0x0281, labels(1, dns4))), 17, 40000, 53, none, ports, 48},
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
    return cases;
}

const std::vector<Case>& network_cases() {
    const auto in_v6 = [](uint8_t first, const Bytes& payload) { return ipv6(first, payload); };
    static const std::vector<Case> cases{
        {"IPv4 options", 101, ipv4(6, tcp(1, 2, tcp_syn), 0, 40), 6, 1, 2, syn, ports, 80},
        {"IPv4, don't fragment is no fragment", 101, ipv4(17, udp(1, 2), 0x4000), 17, 1, 2, none, ports, 28},
        {"IPv4 first fragment", 101, ipv4(17, udp(1, 2, 32), more_fragments), 17, 1, 2, none, ports | frag, 60},
        {"IPv4 middle fragment", 101, ipv4(17, udp(1, 2), more_fragments | 4), 17, 0, 0, none, frag, 28},
        {"IPv4 last fragment, as TCP", 101, ipv4(6, tcp(1, 2, tcp_syn), 185), 6, 0, 0, none, frag, 40},
        {"IPv4 fragment too tiny for TCP flags", 101, ipv4(6, Bytes(8, 1), more_fragments), 6, 0, 0, none, frag, 28},
        {"IPv4 AH", 101, ipv4(51, ah(6, tcp(1, 2, tcp_syn))), 6, 1, 2, syn, ports, 64},
        {"IPv4 knows no routing header", 101, ipv4(43, extension(6, 0, tcp(1, 2, tcp_syn))), 43, 0, 0, none, 0, 48},
        {"IPv6 hop-by-hop", 101, in_v6(0, extension(17, 0, udp(1, 2))), 17, 1, 2, none, ports, 56},
        {"IPv6 routing, 24 bytes", 101, in_v6(43, extension(6, 2, tcp(1, 2, tcp_syn))), 6, 1, 2, syn, ports, 84},
        {"IPv6 destination options", 101, in_v6(60, extension(17, 0, udp(1, 2))), 17, 1, 2, none, ports, 56},
        {"IPv6 AH", 101, in_v6(51, ah(17, udp(1, 2))), 17, 1, 2, none, ports, 72},
        {"IPv6 mobility", 101, in_v6(135, extension(17, 0, udp(1, 2))), 17, 1, 2, none, ports, 56},
        {"IPv6 HIP", 101, in_v6(139, extension(17, 4, udp(1, 2))), 17, 1, 2, none, ports, 88},
        {"IPv6 shim6", 101, in_v6(140, extension(17, 0, udp(1, 2))), 17, 1, 2, none, ports, 56},
        {"IPv6 chain", 101,
         in_v6(0, extension(60, 0, extension(43, 0, extension(44, 0, fragment(51, 0, true, ah(6, tcp(1, 2, tcp_syn))))))),
         0, 0, 0, none, 0, 0},
        {"IPv6 first fragment", 101, in_v6(44, fragment(17, 0, true, udp(1, 2))), 17, 1, 2, none, ports | frag, 56},
        {"IPv6 later fragment", 101, in_v6(44, fragment(17, 3, true, udp(1, 2))), 17, 0, 0, none, frag, 56},
        {"IPv6 last fragment", 101, in_v6(44, fragment(6, 3, false, tcp(1, 2, tcp_syn))), 6, 0, 0, none, frag, 68},
        {"IPv6 atomic fragment is a whole packet", 101, in_v6(44, fragment(17, 0, false, udp(1, 2))), 17, 1, 2, none,
         ports, 56},
        {"IPv6 ESP stops", 101, in_v6(0, extension(50, 0, Bytes(32, 1))), 50, 0, 0, none, 0, 80},
        {"IPv6 no next header", 101, in_v6(59, {}), 59, 0, 0, none, 0, 40},
        {"IPv6 AH, then no next header", 101, in_v6(51, ah(59, {})), 51, 0, 0, none, 0, 64},
        {"IPv6 AH, then something unknown", 101, in_v6(51, ah(200, Bytes(8, 1))), 200, 0, 0, none, 0, 72},
        {"IPv6 extension header beyond the end", 101, in_v6(60, extension(17, 0, udp(1, 2)).size() > 0
             ? join({{17, 9}, zeros(14)}) : Bytes{}), 60, 0, 0, none, 0, 56},
    };
    return cases;
}
}  // namespace

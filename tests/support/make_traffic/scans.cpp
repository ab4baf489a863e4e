// SPDX-License-Identifier: Apache-2.0
// Scans, over the ports of one host or over many hosts, with the answers of those that answer. Any one
// thread.
#include <algorithm>
#include <numeric>
#include <utility>

#include "tests/support/make_traffic/scenario.hpp"

namespace picket::traffic {
namespace {

/// What one try looks like, beside its addresses and ports.
struct Try {
    Proto proto = Proto::tcp;
    uint8_t flags = tcp::syn;
};

Try try_of(const Settings& s) {
    static const std::map<std::string_view, uint8_t> flags{
        {"syn", tcp::syn}, {"null", 0}, {"fin", tcp::fin}, {"xmas", tcp::fin | tcp::psh | tcp::urg},
        {"ack", tcp::ack},
    };
    const Proto proto = s.is("proto", "tcp") ? Proto::tcp : s.is("proto", "udp") ? Proto::udp : Proto::icmp;
    return {proto, flags.at(s.word("flags"))};
}

void fill_try(Packet& packet, const Try& probe) {
    packet.proto = probe.proto;
    packet.tcp_flags = probe.flags;
    packet.payload_size = probe.proto == Proto::icmp ? 8 : 0;
}

/// Turns a try into its answer: RST, a UDP datagram back, or an echo reply.
void turn_round(Packet& packet) {
    std::swap(packet.src, packet.dst);
    if (packet.proto == Proto::icmp) {
        packet.icmp_reply = true;
        return;
    }
    std::swap(packet.src_port, packet.dst_port);
    packet.ack = packet.seq + 1;
    packet.seq = 0;
    packet.tcp_flags = tcp::rst | tcp::ack;
}

std::unique_ptr<Stream> scan(const Settings& s, Random random, Paced::Fill fill) {
    const auto answer = [fill, percent = s.number("answered")](Packet& packet, uint64_t step, Random& dice) {
        fill(packet, step, dice);
        turn_round(packet);
        return dice.percent(percent);
    };
    const Pace pace{s.start_ns, s.number("packets"), s.number("pps")};
    return std::make_unique<Paced>(pace, random, std::move(fill), answer);
}

std::vector<uint16_t> ports_of(const Settings& s, Random& random) {
    const uint64_t room = 65536 - s.number("first");
    std::vector<uint16_t> ports(std::min(s.number("ports"), room));
    std::iota(ports.begin(), ports.end(), s.port("first"));
    if (s.is("order", "random")) {
        for (size_t i = ports.size(); i > 1; --i) std::swap(ports[i - 1], ports[random.below(i)]);
    }
    return ports;
}

}  // namespace

std::unique_ptr<Stream> make_port_scan(const Settings& s, Random random) {
    const bool out = s.is("direction", "out");
    const Ip ours = local_host(s.family, s.small("host"));
    const Ip theirs = remote_peer(s.family, s.small("peer"));
    return scan(s, random,
                [scanner = out ? ours : theirs, target = out ? theirs : ours, ports = ports_of(s, random),
                 port = random.ephemeral_port(),
                 probe = try_of(s)](Packet& packet, uint64_t step, Random& /*dice*/) {
                    fill_try(packet, probe);
                    packet.src = scanner;
                    packet.dst = target;
                    packet.src_port = port;
                    packet.dst_port = ports[step % ports.size()];
                    packet.seq = static_cast<uint32_t>(step);
                });
}

std::unique_ptr<Stream> make_host_scan(const Settings& s, Random random) {
    return scan(s, random,
                [out = s.is("direction", "out"), ours = local_host(s.family, s.small("host")),
                 theirs = remote_peer(s.family, s.small("peer")), family = s.family,
                 hosts = s.number("hosts"), port = s.port(), from = random.ephemeral_port(),
                 probe = try_of(s)](Packet& packet, uint64_t step, Random& /*dice*/) {
                    const auto number = static_cast<uint32_t>(0x100 + step % hosts);
                    fill_try(packet, probe);
                    packet.src = out ? ours : theirs;
                    packet.dst = out ? remote_peer(family, number) : local_host(family, number);
                    packet.src_port = from;
                    packet.dst_port = probe.proto == Proto::icmp ? static_cast<uint16_t>(step) : port;
                    packet.seq = static_cast<uint32_t>(step);
                });
}

}  // namespace picket::traffic

// SPDX-License-Identifier: Apache-2.0
// Floods, out of our network and into it. Any one thread.
#include "tests/support/make_traffic/payloads.hpp"
#include "tests/support/make_traffic/scenario.hpp"

#include <algorithm>

namespace picket::traffic {
namespace {

constexpr uint16_t udp_payload = 512;

Pace pace_of(const Settings& settings) {
    return {settings.start_ns, settings.number("packets"), settings.number("pps")};
}

std::unique_ptr<Stream> paced(const Settings& settings, Random random, Paced::Fill fill,
                              Paced::Answer answer = {}) {
    return std::make_unique<Paced>(pace_of(settings), random, std::move(fill), std::move(answer));
}

/// The service of this step: the one that was asked for, or each in turn.
const Reflector& reflector_of(std::string_view service, uint64_t step) {
    const auto* found = std::find_if(reflectors.begin(), reflectors.end(),
                                     [&](const Reflector& candidate) { return candidate.name == service; });
    return found != reflectors.end() ? *found : reflectors.at(step % reflectors.size());
}

}  // namespace

std::unique_ptr<Stream> make_syn_flood(const Settings& s, Random random) {
    const auto sources = s.number("sources") != 0 ? s.number("sources") : s.number("packets");
    return paced(s, random,
                 [victim = local_host(s.family, s.small("host")), port = s.port(), family = s.family, sources,
                  salt = random.below(1U << 31U)](Packet& packet, uint64_t step, Random& dice) {
                     packet.src = spoofed_source(family, static_cast<uint32_t>(step % sources), salt);
                     packet.dst = victim;
                     packet.src_port = static_cast<uint16_t>(dice.between(1024, 65535));
                     packet.dst_port = port;
                     packet.tcp_flags = tcp::syn;
                     packet.seq = dice.below(UINT32_MAX);
                 });
}

std::unique_ptr<Stream> make_udp_flood(const Settings& s, Random random) {
    return paced(s, random,
                 [ours = local_host(s.family, s.small("host")), port = s.port(), family = s.family,
                  peers = s.number("peers"), size = s.port("size"), out = s.is("direction", "out"),
                  salt = random.below(1U << 31U)](Packet& packet, uint64_t step, Random& dice) {
                     const Ip theirs = spoofed_source(family, static_cast<uint32_t>(step % peers), salt);
                     packet.proto = Proto::udp;
                     packet.src = out ? ours : theirs;
                     packet.dst = out ? theirs : ours;
                     packet.src_port = dice.ephemeral_port();
                     packet.dst_port = port;
                     packet.payload_size = udp_payload;
                     packet.frame_size = size;
                 });
}

std::unique_ptr<Stream> make_ddos_out(const Settings& s, Random random) {
    const auto fill = [ours = local_host(s.family, s.small("host")), port = s.port(), family = s.family,
                       peers = s.number("peers"),
                       salt = random.below(1U << 31U)](Packet& packet, uint64_t step, Random& /*dice*/) {
        packet.src = ours;
        packet.dst = spoofed_source(family, static_cast<uint32_t>(step % peers), salt);
        packet.src_port = static_cast<uint16_t>(49152 + step % 16384);
        packet.dst_port = port;
        packet.tcp_flags = tcp::syn;
        packet.seq = static_cast<uint32_t>(step);
    };
    const auto answer = [fill, percent = s.number("answered")](Packet& packet, uint64_t step, Random& dice) {
        fill(packet, step, dice);
        std::swap(packet.src, packet.dst);
        std::swap(packet.src_port, packet.dst_port);
        packet.tcp_flags = tcp::syn | tcp::ack;
        packet.ack = packet.seq + 1;
        return dice.percent(percent);
    };
    return paced(s, random, fill, answer);
}

std::unique_ptr<Stream> make_single_target_flood(const Settings& s, Random random) {
    const bool is_tcp = s.is("proto", "tcp");
    const Proto proto = is_tcp ? Proto::tcp : s.is("proto", "udp") ? Proto::udp : Proto::icmp;
    return paced(s, random,
                 [ours = local_host(s.family, s.small("host")),
                  theirs = remote_peer(s.family, s.small("peer")), port = s.port(), proto,
                  size = s.port("size")](Packet& packet, uint64_t step, Random& dice) {
                     packet.proto = proto;
                     packet.src = ours;
                     packet.dst = theirs;
                     packet.src_port = proto == Proto::icmp ? 1 : dice.ephemeral_port();
                     packet.dst_port = proto == Proto::icmp ? static_cast<uint16_t>(step) : port;
                     packet.tcp_flags = tcp::syn;
                     packet.seq = static_cast<uint32_t>(step);
                     packet.payload_size = proto == Proto::tcp ? 0 : udp_payload;
                     packet.frame_size = size;
                 });
}

std::unique_ptr<Stream> make_amplification(const Settings& s, Random random) {
    return paced(s, random,
                 [ours = local_host(s.family, s.small("host")), family = s.family, peers = s.number("peers"),
                  service = std::string(s.word("service"))](Packet& packet, uint64_t step, Random& dice) {
                     const Reflector& reflector = reflector_of(service, step);
                     packet.proto = Proto::udp;
                     packet.src = ours;
                     packet.dst = remote_peer(family, 0x8000U + static_cast<uint32_t>(step % peers));
                     packet.src_port = dice.ephemeral_port();
                     packet.dst_port = reflector.port;
                     packet.payload = reflector.request;
                     packet.payload_size = static_cast<uint16_t>(reflector.request.size());
                 });
}

std::unique_ptr<Stream> make_reflection(const Settings& s, Random random) {
    return paced(s, random,
                 [victim = local_host(s.family, s.small("host")), family = s.family,
                  peers = s.number("peers"), service = std::string(s.word("service")),
                  salt = random.below(1U << 31U)](Packet& packet, uint64_t step, Random& dice) {
                     const Reflector& reflector = reflector_of(service, step);
                     packet.proto = Proto::udp;
                     packet.src = spoofed_source(family, static_cast<uint32_t>(step % peers), salt);
                     packet.dst = victim;
                     packet.src_port = reflector.port;
                     packet.dst_port = dice.ephemeral_port();
                     packet.payload_size = reflector.answer_size;
                 });
}

std::unique_ptr<Stream> make_all_new(const Settings& s, Random random) {
    return paced(s, random,
                 [family = s.family, both = s.is("family", "both"), hosts = s.number("hosts"),
                  size = s.port("size"),
                  salt = random.below(1U << 31U)](Packet& packet, uint64_t step, Random& dice) {
                     const Family drawn = both && dice.percent(50) ? Family::v6 : family;
                     packet.proto = dice.percent(50) ? Proto::tcp : Proto::udp;
                     packet.src = spoofed_source(drawn, static_cast<uint32_t>(step), salt);
                     packet.dst = local_host(drawn, 1 + dice.below(hosts));
                     if (dice.percent(50)) std::swap(packet.src, packet.dst);
                     packet.src_port = dice.ephemeral_port();
                     packet.dst_port = static_cast<uint16_t>(dice.between(1, 32767));
                     packet.tcp_flags = tcp::syn;
                     packet.seq = static_cast<uint32_t>(step);
                     packet.frame_size = size;
                 });
}

}  // namespace picket::traffic

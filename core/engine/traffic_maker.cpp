// SPDX-License-Identifier: Apache-2.0
// Packets are made when their tick comes, each from its number alone, so that a flood of millions needs no
// memory. Calling thread.
#include <algorithm>

#include "core/engine/test_bench.hpp"

namespace picket {

TrafficMaker::TrafficMaker(const TestTraffic& traffic, uint64_t now_ns)
    : traffic_(traffic)
    , start_ns_(now_ns + traffic.at_ns + 1) {
    const uint64_t combinations =
        traffic.src.size() * traffic.dst.size() * std::max<size_t>(1, traffic.dst_port.size());
    total_ = traffic.count != 0 ? traffic.count : combinations * traffic.packets;
}

uint64_t TrafficMaker::time_of(uint64_t index) const {
    // In two steps, so that nothing overflows.
    return start_ns_ + traffic_.over_ns / total_ * index + traffic_.over_ns % total_ * index / total_;
}

Packet TrafficMaker::packet_of(uint64_t index) const {
    const TestTraffic& t = traffic_;
    const uint64_t ports = std::max<size_t>(1, t.dst_port.size());
    // With a count all lists step together; without, the last one steps fastest.
    const bool together = t.count != 0;
    const uint64_t port_at = index % ports;
    const uint64_t dst_at = (together ? index : index / ports) % t.dst.size();
    const uint64_t src_at = (together ? index : index / ports / t.dst.size()) % t.src.size();
    Packet out;
    out.src = t.src[src_at].bytes();
    out.dst = t.dst[dst_at].bytes();
    out.proto = t.proto;
    out.tcp_class = t.tcp_class;
    out.bytes = t.bytes;
    out.time_ns = time_of(index);
    if (t.bare_ack) out.flags |= PICKET_FLOW_BARE_ACK;
    if (t.fragment) out.flags |= PICKET_FLOW_FRAGMENT;
    if (t.proto == 1 || t.proto == 58) {
        out.flags |= PICKET_FLOW_ICMP;
        out.dst_port = static_cast<uint16_t>(t.icmp_type << 8);
    } else if (!t.dst_port.empty()) {
        out.flags |= PICKET_FLOW_PORTS;
        out.dst_port = t.dst_port[port_at];
        out.src_port = t.src_port[index % t.src_port.size()];
    }
    return out;
}

Packet TrafficMaker::answer_to(const Packet& packet) const {
    Packet out = packet;
    std::swap(out.src, out.dst);
    out.time_ns += answer_delay_ns;
    out.bytes = traffic_.answer_bytes;
    if ((packet.flags & PICKET_FLOW_ICMP) != 0) {
        // An echo reply: type 0, or 129 of ICMPv6.
        out.dst_port = packet.proto == 58 ? 129 << 8 : 0;
        return out;
    }
    std::swap(out.src_port, out.dst_port);
    if (packet.tcp_class == PICKET_TCP_SYN) out.tcp_class = PICKET_TCP_SYNACK;
    return out;
}

bool TrafficMaker::is_answered(uint64_t index) const {
    const auto answers_to = [&](uint64_t packets) {
        return static_cast<uint64_t>(static_cast<double>(packets) * traffic_.answered);
    };
    return answers_to(index + 1) > answers_to(index);
}

void TrafficMaker::make_until(uint64_t end_ns, std::vector<Packet>& out) {
    for (; next_ < total_ && time_of(next_) <= end_ns; ++next_) {
        out.push_back(packet_of(next_));
        if (is_answered(next_)) waiting_.push_back(answer_to(out.back()));
    }
    const auto due = std::find_if(waiting_.begin(), waiting_.end(),
                                  [&](const Packet& packet) { return packet.time_ns > end_ns; });
    out.insert(out.end(), waiting_.begin(), due);
    waiting_.erase(waiting_.begin(), due);
}

}  // namespace picket

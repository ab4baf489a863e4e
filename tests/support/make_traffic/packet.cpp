// SPDX-License-Identifier: Apache-2.0
// Headers as RFC 791, 8200, 9293, 768, 792 and 4443 draw them. Any thread.
#include "tests/support/make_traffic/packet.hpp"

#include <algorithm>
#include <cstring>

namespace picket::traffic {
namespace {

constexpr size_t ethernet_size = 14;
// Locally administered addresses: the node, and the gateway beyond which the rest of the world is.
constexpr std::array<uint8_t, 6> node_mac{0x02, 0x00, 0x0a, 0x00, 0x00, 0x01};
constexpr std::array<uint8_t, 6> gateway_mac{0x02, 0x00, 0xc6, 0x12, 0x00, 0x01};

void put16(uint8_t* at, size_t value) {
    at[0] = static_cast<uint8_t>(value >> 8U);
    at[1] = static_cast<uint8_t>(value);
}

void put32(uint8_t* at, uint32_t value) {
    put16(at, value >> 16U);
    put16(at + 2, value & 0xffffU);
}

/// RFC 1071, not yet folded; an odd last byte counts as if a zero followed.
uint64_t sum16(const uint8_t* at, size_t size) {
    uint64_t sum = 0;
    for (size_t i = 0; i + 1 < size; i += 2) sum += static_cast<uint64_t>(at[i]) << 8U | at[i + 1];
    if (size % 2 != 0) sum += static_cast<uint64_t>(at[size - 1]) << 8U;
    return sum;
}

uint16_t folded(uint64_t sum) {
    while (sum >> 16U != 0) sum = (sum & 0xffffU) + (sum >> 16U);
    return static_cast<uint16_t>(~sum);
}

bool is_local(const Ip& ip) { return ip.family == Family::v4 ? ip.bytes[0] == 10 : ip.bytes[0] == 0xfd; }

/// Bytes of the transport header; a SYN carries the MSS option.
size_t transport_size(const Packet& packet) {
    if (packet.proto != Proto::tcp) return 8;
    return (packet.tcp_flags & tcp::syn) != 0 ? 24 : 20;
}

struct Protocol {
    uint8_t number;
    size_t checksum_at;
};

Protocol protocol_of(const Packet& packet) {
    if (packet.proto == Proto::tcp) return {6, 16};
    if (packet.proto == Proto::udp) return {17, 6};
    return {static_cast<uint8_t>(packet.src.family == Family::v4 ? 1 : 58), 2};
}

void put_ip(const Packet& packet, uint8_t protocol, size_t payload, uint8_t* at) {
    if (packet.src.family == Family::v4) {
        at[0] = 0x45;
        put16(at + 2, 20 + payload);
        put16(at + 6, 0x4000);  // do not fragment
        at[8] = 64;
        at[9] = protocol;
        std::memcpy(at + 12, packet.src.bytes.data(), 4);
        std::memcpy(at + 16, packet.dst.bytes.data(), 4);
        put16(at + 10, folded(sum16(at, 20)));
        return;
    }
    at[0] = 0x60;
    put16(at + 4, payload);
    at[6] = protocol;
    at[7] = 64;
    std::memcpy(at + 8, packet.src.bytes.data(), 16);
    std::memcpy(at + 24, packet.dst.bytes.data(), 16);
}

void put_transport(const Packet& packet, size_t size, size_t payload, uint8_t* at) {
    if (packet.proto == Proto::icmp) {
        if (packet.src.family == Family::v4)
            at[0] = packet.icmp_reply ? 0 : 8;
        else
            at[0] = packet.icmp_reply ? 129 : 128;
        put16(at + 4, packet.src_port);
        put16(at + 6, packet.dst_port);
        return;
    }
    put16(at, packet.src_port);
    put16(at + 2, packet.dst_port);
    if (packet.proto == Proto::udp) {
        put16(at + 4, size + payload);
        return;
    }
    put32(at + 4, packet.seq);
    put32(at + 8, packet.ack);
    at[12] = static_cast<uint8_t>(size / 4 << 4U);
    at[13] = packet.tcp_flags;
    put16(at + 14, 64240);
    if (size == 24) put32(at + 20, 0x020405a0U);  // maximum segment size 1440
}

/// Checksum over pseudo header, header and payload. Only ICMP over IPv4 has no pseudo header.
uint16_t transport_checksum(const Packet& packet, Protocol protocol, const uint8_t* at, size_t size,
                            size_t checked) {
    uint64_t sum = sum16(at, checked);  // what follows is zeros
    if (protocol.number != 1) {
        const size_t width = packet.src.family == Family::v4 ? 4 : 16;
        sum += sum16(packet.src.bytes.data(), width) + sum16(packet.dst.bytes.data(), width);
        sum += size + protocol.number;
    }
    const uint16_t checksum = folded(sum);
    return checksum == 0 && packet.proto == Proto::udp ? 0xffff : checksum;
}

}  // namespace

void build(const Packet& packet, Frame& frame) {
    const size_t ip_size = packet.src.family == Family::v4 ? 20 : 40;
    const size_t header = transport_size(packet);
    const size_t headers = ethernet_size + ip_size + header;
    size_t payload = packet.payload_size;
    if (packet.frame_size != 0 && payload != 0)
        payload = std::max<size_t>(packet.frame_size, headers) - headers;
    payload = std::min(payload, frame_max - headers);
    frame.size = std::max<size_t>({headers + payload, frame_min, packet.frame_size});

    uint8_t* at = frame.bytes.data();
    std::memset(at, 0, frame.size);
    const bool outbound = is_local(packet.src);
    std::memcpy(at, (outbound ? gateway_mac : node_mac).data(), 6);
    std::memcpy(at + 6, (outbound ? node_mac : gateway_mac).data(), 6);
    put16(at + 12, packet.src.family == Family::v4 ? 0x0800 : 0x86dd);

    const Protocol protocol = protocol_of(packet);
    put_ip(packet, protocol.number, header + payload, at + ethernet_size);
    uint8_t* transport = at + ethernet_size + ip_size;
    put_transport(packet, header, payload, transport);
    const size_t prefix = std::min(payload, packet.payload.size());
    std::copy_n(packet.payload.begin(), prefix, transport + header);
    const uint16_t checksum =
        transport_checksum(packet, protocol, transport, header + payload, header + prefix);
    put16(transport + protocol.checksum_at, checksum);
}

}  // namespace picket::traffic

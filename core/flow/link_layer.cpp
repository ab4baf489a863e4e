// SPDX-License-Identifier: Apache-2.0
// Every way to an IP header that is not plain Ethernet: VLAN tags, MPLS stacks, PPPoE sessions, Linux cooked
// capture, BSD loopback, raw IP. All loops are bounded. [source] thread.
#include "core/flow/link_layer.hpp"

namespace picket {
namespace {

constexpr LinkPayload stop(DecodeResult why) { return {why, Announced::any, 0}; }

/// IEEE 802.1Q, 802.1ad, the pre-standard QinQ of many switches; RFC 3032; RFC 2516.
enum : uint16_t {
    ethertype_vlan = 0x8100,
    ethertype_service_vlan = 0x88a8,
    ethertype_old_qinq = 0x9100,
    ethertype_mpls = 0x8847,
    ethertype_mpls_multicast = 0x8848,
    ethertype_pppoe_session = 0x8864,
};

/// PPP protocol numbers as the Ethernet type of what they carry; 0 for control protocols.
constexpr uint16_t ethertype_of_ppp(uint16_t protocol) {
    switch (protocol) {
    case 0x0021:
        return ethertype_ipv4;
    case 0x0057:
        return ethertype_ipv6;
    case 0x0281:
        return ethertype_mpls;
    default:
        return 0;
    }
}

/// Below the last label only the first nibble tells what follows (RFC 4928): 4 and 6 are IP, the rest are
/// pseudowires.
LinkPayload mpls_payload(const picket_packet& in, uint32_t offset) {
    for (unsigned label = 0; label < mpls_labels_max; ++label) {
        if (in.captured - offset < 5) return stop(DecodeResult::truncated);
        const bool bottom = (in.data[offset + 2] & 1) != 0;
        offset += 4;
        if (!bottom) continue;
        const unsigned version = in.data[offset] >> 4;
        if (version == 4) return {DecodeResult::ok, Announced::v4, offset};
        if (version == 6) return {DecodeResult::ok, Announced::v6, offset};
        return stop(DecodeResult::not_ip);
    }
    return stop(DecodeResult::malformed);
}

/// From an Ethernet type on; `offset` is behind the type, and within what was captured.
LinkPayload typed_payload(const picket_packet& in, uint32_t offset, uint16_t type) {
    for (unsigned tag = 0; tag <= link_tags_max; ++tag) {
        const uint32_t have = in.captured - offset;
        switch (type) {
        case ethertype_ipv4:
            return {DecodeResult::ok, Announced::v4, offset};
        case ethertype_ipv6:
            return {DecodeResult::ok, Announced::v6, offset};
        case ethertype_mpls:
        case ethertype_mpls_multicast:
            return mpls_payload(in, offset);
        case ethertype_vlan:
        case ethertype_service_vlan:
        case ethertype_old_qinq:
            if (have < 4) return stop(DecodeResult::truncated);
            type = wire::be16(in.data + offset + 2);
            offset += 4;
            break;
        case ethertype_pppoe_session:
            if (have < 8) return stop(DecodeResult::truncated);
            type = ethertype_of_ppp(wire::be16(in.data + offset + 6));
            offset += 8;
            break;
        default:
            return stop(DecodeResult::not_ip);
        }
    }
    return stop(DecodeResult::malformed);
}

/// A link header of fixed size that holds an Ethernet type somewhere.
LinkPayload fixed_header(const picket_packet& in, uint32_t size, uint32_t type_at) {
    if (in.captured < size) return stop(DecodeResult::truncated);
    return typed_payload(in, size, wire::be16(in.data + type_at));
}

/// NULL has the address family in the byte order of the machine that captured, LOOP in network order; no
/// family is over 255, so the order shows itself. AF_INET is 2 everywhere, AF_INET6 is 10, 24, 28 or 30.
LinkPayload bsd_loopback(const picket_packet& in) {
    if (in.captured < 4) return stop(DecodeResult::truncated);
    uint32_t family = wire::be32(in.data);
    if (family > 0xffff) family = wire::le32(in.data);
    switch (family) {
    case 2:
        return {DecodeResult::ok, Announced::v4, 4};
    case 10:
    case 24:
    case 28:
    case 30:
        return {DecodeResult::ok, Announced::v6, 4};
    default:
        return stop(DecodeResult::not_ip);
    }
}

}  // namespace

LinkPayload uncommon_link_payload(const picket_packet& in) {
    switch (static_cast<LinkType>(in.link_type)) {
    case LinkType::ethernet:
        return fixed_header(in, ethernet_size, 12);
    case LinkType::linux_sll:
        return fixed_header(in, 16, 14);
    case LinkType::linux_sll2:
        return fixed_header(in, 20, 0);
    case LinkType::null:
    case LinkType::loop:
        return bsd_loopback(in);
    case LinkType::raw:
    case LinkType::raw_bsd:
    case LinkType::raw_openbsd:
        return {DecodeResult::ok, Announced::any, 0};
    case LinkType::ipv4:
        return {DecodeResult::ok, Announced::v4, 0};
    case LinkType::ipv6:
        return {DecodeResult::ok, Announced::v6, 0};
    }
    return stop(DecodeResult::unknown_link_type);
}

}  // namespace picket

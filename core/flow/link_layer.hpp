// SPDX-License-Identifier: Apache-2.0
// The link layer: where in a frame the IP header starts. Plain Ethernet is decided inline, since nearly every
// packet is that; tags, labels and the other link types are in link_layer.cpp. [source] thread.
#pragma once
#include <cstdint>

#include "core/flow/packet.hpp"
#include "core/flow/wire.hpp"

namespace picket {

/// LINKTYPE_ numbers, from tcpdump.org/linktypes.html. RAW has three: 101, and what BSDs call DLT_RAW.
enum class LinkType : uint16_t {
    null = 0,
    ethernet = 1,
    raw_bsd = 12,
    raw_openbsd = 14,
    raw = 101,
    loop = 108,
    linux_sll = 113,
    ipv4 = 228,
    ipv6 = 229,
    linux_sll2 = 276,
};

inline constexpr unsigned link_tags_max = 8;     ///< VLAN, MPLS and PPPoE headers in one frame, in any order
inline constexpr unsigned mpls_labels_max = 16;  ///< labels in one stack

/// The IP version that the link layer announces; `any` leaves it to the header's own first nibble.
enum class Announced : uint8_t { any = 0, v4 = 4, v6 = 6 };

/// Where the network header is. `offset` and `announced` hold only for `ok`; offset <= captured.
struct LinkPayload {
    DecodeResult result = DecodeResult::ok;
    Announced announced = Announced::any;
    uint32_t offset = 0;
};

/// All link types and encapsulations but the one below.
LinkPayload uncommon_link_payload(const picket_packet& in);

inline constexpr uint16_t ethertype_ipv4 = 0x0800, ethertype_ipv6 = 0x86dd;
inline constexpr uint32_t ethernet_size = 14;

inline LinkPayload link_payload(const picket_packet& in) {
    if (in.link_type == static_cast<uint16_t>(LinkType::ethernet) && in.captured >= ethernet_size)
        [[likely]] {
        const uint16_t type = wire::be16(in.data + 12);
        if (type == ethertype_ipv4) return {DecodeResult::ok, Announced::v4, ethernet_size};
        if (type == ethertype_ipv6) return {DecodeResult::ok, Announced::v6, ethernet_size};
    }
    return uncommon_link_payload(in);
}

}  // namespace picket

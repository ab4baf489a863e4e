// SPDX-License-Identifier: Apache-2.0
// A decoded packet: what the decoder gives to the flow table. [source] thread.
#pragma once
#include <array>
#include <cstdint>

#include "picket/flow.h"

namespace picket {

/// Ready to be a flow key: addresses as 16 bytes, host-order ports, picket_flow flags.
struct Packet {
    std::array<uint8_t, 16> src{}, dst{};
    uint16_t src_port = 0, dst_port = 0;
    uint8_t proto = 0;
    uint8_t tcp_class = PICKET_TCP_NONE;
    uint16_t flags = 0;  ///< PICKET_FLOW_PORTS, _FRAGMENT, _ICMP, _BARE_ACK
    uint32_t interface = 0;
    uint32_t bytes = 0;  ///< IP length on the wire
    uint64_t time_ns = 0;
};

enum class DecodeResult : uint8_t {
    ok,
    not_ip,     ///< ARP, LLDP, ...: nothing to count, no fault
    truncated,  ///< cut before the headers end
    malformed,  ///< lengths or versions that contradict each other
    unknown_link_type,
};
inline constexpr unsigned decode_result_count = 5;

}  // namespace picket

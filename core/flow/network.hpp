// SPDX-License-Identifier: Apache-2.0
// The network layer: IPv4 and IPv6 headers, lengths, fragments. Inline but for chains of extension headers.
// A fault in the IP header itself is an error; whatever is wrong behind it, the packet still came from
// somewhere and went somewhere and is counted so: a flood of broken TCP headers is a flood. [source] thread.
#pragma once
#include <algorithm>
#include <cstdint>
#include <cstring>

#include "core/flow/packet.hpp"
#include "core/flow/transport.hpp"
#include "core/flow/wire.hpp"

namespace picket {

inline constexpr unsigned extension_headers_max = 16;  ///< walked per packet; honest ones have one to four

/// Bytes from the network header on: `captured` are readable, `wire` travelled. captured <= wire.
struct Datagram {
    const uint8_t* data;
    uint32_t captured, wire;
};

/// Walks AH, and for IPv6 the extension headers, from `offset` on, then the transport header. `datagram` ends
/// where the IP header says. If the chain ends early (cut, too long, a later fragment, no next header),
/// `proto` is that of the last header reached.
void decode_header_chain(Datagram datagram, uint32_t offset, uint8_t first, bool v6, Packet& out);

inline void map_v4(const uint8_t* from, std::array<uint8_t, 16>& to) {
    constexpr std::array<uint8_t, 12> prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    std::memcpy(to.data(), prefix.data(), prefix.size());
    std::memcpy(to.data() + prefix.size(), from, 4);
}

inline DecodeResult decode_v4(Datagram in, Packet& out) {
    constexpr uint32_t fixed_size = 20;
    if (in.captured == 0) return DecodeResult::truncated;
    const uint32_t header_size = (in.data[0] & 0x0fU) * 4U;
    if (in.data[0] >> 4 != 4 || header_size < fixed_size) return DecodeResult::malformed;
    if (in.captured < header_size) return DecodeResult::truncated;

    // A total length of 0 comes from segmentation offload: the frame's own length is what travels. More than
    // travelled is a lie that would let a small packet count as a large one.
    const uint32_t total = wire::be16(in.data + 2);
    if (total != 0) {
        if (total < header_size) return DecodeResult::malformed;
        in.wire = std::min(in.wire, total);
        in.captured = std::min(in.captured, total);
    }
    out.bytes = in.wire;
    out.proto = in.data[9];
    map_v4(in.data + 12, out.src);
    map_v4(in.data + 16, out.dst);

    const uint16_t fragment = wire::be16(in.data + 6);
    if ((fragment & 0x3fff) != 0) [[unlikely]] {
        out.flags |= PICKET_FLOW_FRAGMENT;
        if ((fragment & 0x1fff) != 0) return DecodeResult::ok;
    }
    if (out.proto == wire::proto_ah) [[unlikely]] {
        decode_header_chain(in, header_size, out.proto, false, out);
    } else {
        decode_transport(in.data + header_size, in.captured - header_size, in.wire - header_size, out);
    }
    return DecodeResult::ok;
}

inline DecodeResult decode_v6(Datagram in, Packet& out) {
    constexpr uint32_t header_size = 40;
    if (in.captured == 0) return DecodeResult::truncated;
    if (in.data[0] >> 4 != 6) return DecodeResult::malformed;
    if (in.captured < header_size) return DecodeResult::truncated;

    // A payload length of 0 is a jumbogram or segmentation offload, unless there is no next header.
    const uint32_t payload = wire::be16(in.data + 4);
    out.proto = in.data[6];
    if (payload != 0 || out.proto == wire::proto_no_next) {
        in.wire = std::min(in.wire, header_size + payload);
        in.captured = std::min(in.captured, header_size + payload);
    }
    out.bytes = in.wire;
    std::memcpy(out.src.data(), in.data + 8, 16);
    std::memcpy(out.dst.data(), in.data + 24, 16);

    if (wire::headers[out.proto] >= wire::Header::extension) {
        decode_header_chain(in, header_size, out.proto, true, out);
    } else {
        decode_transport(in.data + header_size, in.captured - header_size, in.wire - header_size, out);
    }
    return DecodeResult::ok;
}

}  // namespace picket

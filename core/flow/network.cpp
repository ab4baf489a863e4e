// SPDX-License-Identifier: Apache-2.0
// The chain of headers between the IP header and the transport header: IPv6 extension headers and AH. Out of
// line, since few packets have them. Bounded by a count and by the packet's end. [source] thread.
#include "core/flow/network.hpp"

namespace picket {
namespace {

/// How the header with this number is read: IPv4 knows no extension headers, and 43 there is just a protocol.
wire::Header kind_of(uint8_t proto, bool v6) {
    const wire::Header kind = wire::headers[proto];
    if (v6 || kind < wire::Header::extension || kind == wire::Header::ah) return kind;
    return wire::Header::opaque;
}

uint32_t size_of(wire::Header kind, const uint8_t* at) {
    if (kind == wire::Header::fragment) return 8;
    return kind == wire::Header::ah ? (at[1] + 2U) * 4U : (at[1] + 1U) * 8U;
}

}  // namespace

void decode_header_chain(Datagram datagram, uint32_t offset, uint8_t first, bool v6, Packet& out) {
    out.proto = first;
    for (unsigned count = 0;; ++count) {
        const uint8_t* at = datagram.data + offset;
        const uint32_t have = datagram.captured - offset;
        const wire::Header kind = kind_of(out.proto, v6);
        if (kind < wire::Header::extension) {
            decode_transport(at, have, datagram.wire - offset, out);
            return;
        }
        if (count == extension_headers_max || have < 8) return;
        const uint8_t next = at[0];
        if (kind == wire::Header::fragment) {
            const uint16_t field = wire::be16(at + 2);
            // Offset 0 and nothing more to come is an atomic fragment, which is a whole packet (RFC 6946).
            if ((field & 0xfff9) != 0) out.flags |= PICKET_FLOW_FRAGMENT;
            if ((field & 0xfff8) != 0) {
                out.proto = next;
                return;
            }
        }
        const uint32_t size = size_of(kind, at);
        if (next == wire::proto_no_next || size > have) return;
        out.proto = next;
        offset += size;
    }
}

}  // namespace picket

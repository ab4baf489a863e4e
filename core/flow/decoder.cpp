// SPDX-License-Identifier: Apache-2.0
// The decoder: link layer, network layer, transport, one after the other. No allocation, no state, no table
// made at run time. [source] thread.
#include "core/flow/decoder.hpp"

#include "core/flow/link_layer.hpp"
#include "core/flow/network.hpp"

namespace picket {

DecodeResult decode(const picket_packet& in, Packet& out) {
    const LinkPayload link = link_payload(in);
    if (link.result != DecodeResult::ok) return link.result;

    out = Packet{};
    out.interface = in.interface;
    out.time_ns = in.time_ns;
    // A source that says less was on the wire than it captured is believed for the bytes it shows.
    const uint32_t length = std::max(in.length, in.captured);
    const Datagram datagram{in.data + link.offset, in.captured - link.offset, length - link.offset};
    const bool v6 = link.announced == Announced::v6 ||
                    (link.announced == Announced::any && datagram.captured > 0 && datagram.data[0] >> 4 == 6);
    return v6 ? decode_v6(datagram, out) : decode_v4(datagram, out);
}

}  // namespace picket

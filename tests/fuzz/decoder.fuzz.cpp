// SPDX-License-Identifier: Apache-2.0
// Any bytes as a packet of any link type: the decoder stays within them and what it says holds together; the
// same packet cut shorter never says anything else. Byte 0 chooses the link type, byte 1 where to cut and how
// much longer the packet was on the wire. Main thread.
//   cmake --preset fuzz && ninja -C build/fuzz fuzz_decoder && build/fuzz/fuzz/fuzz_decoder -max_len=300
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "core/flow/decoder.hpp"
#include "core/flow/wire.hpp"

using namespace picket;

namespace {

constexpr std::array<uint16_t, 12> link_types{1, 1, 101, 12, 14, 228, 229, 0, 108, 113, 276, 147};
constexpr unsigned keyed = PICKET_FLOW_PORTS | PICKET_FLOW_ICMP;
constexpr unsigned known_flags = keyed | PICKET_FLOW_FRAGMENT | PICKET_FLOW_BARE_ACK;

void demand(bool holds) {
    if (!holds) std::abort();
}

void check_result(const picket_packet& in, const Packet& out) {
    const bool has_ports = (out.flags & PICKET_FLOW_PORTS) != 0;
    const bool has_type = (out.flags & PICKET_FLOW_ICMP) != 0;
    demand((out.flags & ~known_flags) == 0);
    demand(!has_ports || wire::has_ports(out.proto));
    demand(!has_type || wire::headers[out.proto] == wire::Header::icmp);
    demand(has_ports || out.src_port == 0);
    demand(has_ports || has_type || out.dst_port == 0);
    demand((out.tcp_class != PICKET_TCP_NONE) == (has_ports && out.proto == wire::proto_tcp));
    demand(out.tcp_class < PICKET_TCP_CLASSES);
    demand((out.flags & PICKET_FLOW_BARE_ACK) == 0 || out.tcp_class == PICKET_TCP_ESTABLISHED);
    demand(out.bytes >= 20 && out.bytes <= in.length);
    demand(out.time_ns == in.time_ns && out.interface == in.interface);
}

/// Where the IP header stands first, a later fragment can be told without the decoder.
void check_later_fragment(const picket_packet& in, const Packet& out) {
    if (in.link_type == 228 && (wire::be16(in.data + 6) & 0x1fff) != 0)
        demand((out.flags & (keyed | PICKET_FLOW_FRAGMENT)) == PICKET_FLOW_FRAGMENT);
    if (in.link_type == 229 && in.data[6] == wire::proto_fragment && out.bytes >= 48 && in.captured >= 48 &&
        (wire::be16(in.data + 42) & 0xfff8) != 0)
        demand((out.flags & (keyed | PICKET_FLOW_FRAGMENT)) == PICKET_FLOW_FRAGMENT);
}

void check_cut(picket_packet in, uint32_t captured, const Packet& whole) {
    in.captured = captured;
    Packet out;
    const DecodeResult result = decode(in, out);
    demand(result == DecodeResult::ok || result == DecodeResult::truncated);
    if (result != DecodeResult::ok) return;
    check_result(in, out);
    demand(out.src == whole.src && out.dst == whole.dst && out.bytes == whole.bytes);
    demand((out.flags & ~unsigned{whole.flags}) == 0);
    if ((out.flags & keyed) == 0) return;
    demand(out.proto == whole.proto && out.tcp_class == whole.tcp_class);
    demand(out.src_port == whole.src_port && out.dst_port == whole.dst_port);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    if (size < 2) return 0;
    const auto captured = static_cast<uint32_t>(std::min<size_t>(size - 2, 65535));
    const uint32_t longer = data[1] < 128 ? 0 : data[1] * 7U;
    const picket_packet in{data + 2, 42, captured, captured + longer, link_types[data[0] % link_types.size()],
                           9,        0};
    Packet out;
    if (decode(in, out) != DecodeResult::ok) return 0;
    check_result(in, out);
    check_later_fragment(in, out);
    check_cut(in, captured * (data[1] % 128) / 128, out);
    return 0;
}

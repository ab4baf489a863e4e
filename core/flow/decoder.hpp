// SPDX-License-Identifier: Apache-2.0
// Packet decoding: from link-layer bytes to a Packet. Stateless, allocates nothing, reads no byte beyond
// `captured`. [source] thread.
#pragma once
#include "core/flow/packet.hpp"

namespace picket {

/// Decodes one captured packet. `out` is complete on `ok`, and holds addresses and protocol (no ports) when a
/// packet was cut between the network and the transport header, which is still `ok` with flags telling so.
DecodeResult decode(const picket_packet& in, Packet& out);

}  // namespace picket

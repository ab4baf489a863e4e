// SPDX-License-Identifier: Apache-2.0
// Decoding in batches, so that the flow table can fetch the memory for many packets at once.
#include "core/engine/shard.hpp"

#include <algorithm>

namespace picket {

void Shard::add(std::span<const picket_packet> packets, RecordSink& sink) {
    while (!packets.empty()) {
        const size_t taken = std::min(packets.size(), packets_.size());
        size_t good = 0;
        for (const picket_packet& raw : packets.first(taken)) {
            const DecodeResult result = decode(raw, packets_[good]);
            ++decoded_[static_cast<size_t>(result)];
            if (result == DecodeResult::ok) ++good;
        }
        flows_.add({packets_.data(), good}, sink);
        packets = packets.subspan(taken);
    }
}

}  // namespace picket

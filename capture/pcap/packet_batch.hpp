// SPDX-License-Identifier: Apache-2.0
// Packets copied out of libpcap's buffer, which it reuses for the next one. They lie closely packed, so that
// a batch of small packets stays in the first-level cache. [source]
#pragma once
#include <pcap/pcap.h>

#include <algorithm>
#include <cstring>
#include <span>
#include <vector>

#include "picket/plugin.h"

namespace picket::capture {

inline constexpr size_t batch_packets = 256;

/// What is the same for all packets of one file or interface.
struct PacketOrigin {
    uint16_t link_type = 0;
    uint16_t interface = 0;
    uint64_t fraction_ns = 1;  ///< nanoseconds in one unit of the timestamp's fraction
};

/// Unix nanoseconds; a time outside of what they can say (a hostile file) becomes the nearest that they can.
inline uint64_t time_ns(const timeval& time, uint64_t fraction_ns) {
    constexpr int64_t seconds_max = 9'000'000'000;  // the year 2255
    const int64_t seconds = std::clamp<int64_t>(time.tv_sec, 0, seconds_max);
    const int64_t fraction = std::clamp<int64_t>(time.tv_usec, 0, 999'999'999);
    return static_cast<uint64_t>(seconds) * 1'000'000'000u + static_cast<uint64_t>(fraction) * fraction_ns;
}

/// Whether the capture itself cut the packet: shorter than on the wire although we would have taken more.
inline bool cut_by_capture(uint32_t captured, uint32_t length, uint32_t copy_limit) {
    return captured < length && captured < copy_limit;
}

class PacketBatch {
  public:
    /// Takes at most `copy_limit` bytes of each packet.
    explicit PacketBatch(uint32_t copy_limit)
        : copy_limit_(copy_limit)
        , arena_(std::max<size_t>(arena_bytes, copy_limit))
        , packets_(batch_packets) {}

    void clear() { count_ = used_ = truncated_ = 0; }
    /// How many more packets fit, whatever their size.
    [[nodiscard]] int room() const {
        return static_cast<int>(std::min(batch_packets - count_, (arena_.size() - used_) / copy_limit_));
    }
    [[nodiscard]] std::span<const picket_packet> packets() const { return {packets_.data(), count_}; }
    /// How many of them the capture itself had cut.
    [[nodiscard]] uint64_t truncated() const { return truncated_; }

    void add(const PacketOrigin& origin, const pcap_pkthdr& header, const uint8_t* data) {
        const uint32_t captured = std::min<uint32_t>(header.caplen, copy_limit_);
        uint8_t* to = arena_.data() + used_;
        std::memcpy(to, data, captured);
        packets_[count_++] = {to,
                              time_ns(header.ts, origin.fraction_ns),
                              captured,
                              std::max<uint32_t>(header.len, header.caplen),
                              origin.link_type,
                              origin.interface,
                              0};
        used_ = std::min(arena_.size(), used_ + ((captured + 15u) & ~size_t{15}));
        truncated_ += cut_by_capture(header.caplen, header.len, copy_limit_);
    }

  private:
    static constexpr size_t arena_bytes = batch_packets * 256;

    uint32_t copy_limit_;
    std::vector<uint8_t> arena_;
    std::vector<picket_packet> packets_;
    size_t count_ = 0, used_ = 0;
    uint64_t truncated_ = 0;
};

}  // namespace picket::capture

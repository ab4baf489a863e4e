// SPDX-License-Identifier: Apache-2.0
// Seeded hashes of flow keys: multiply two 64-bit words, fold the 128-bit product. Who does not know the seed
// cannot aim collisions, neither to slow a table down nor to hide a new flow behind a known one. [source]
// thread.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/flow/packet.hpp"

namespace picket {

// A packet and a flow record have the same key at the same place, so that both hash and compare as words.
static_assert(offsetof(Packet, src_port) == offsetof(picket_flow, src_port) &&
              offsetof(Packet, src_port) == 32);
static_assert(offsetof(Packet, flags) == offsetof(picket_flow, flags));
static_assert(offsetof(Packet, interface) == offsetof(picket_flow, interface));

inline constexpr unsigned key_words = 5;  ///< src 0-1, dst 2-3, ports, protocol, class and flags 4

/// Word `index` of the key that starts a Packet or a picket_flow.
template <typename Keyed>
uint64_t key_word(const Keyed& keyed, unsigned index) {
    uint64_t word = 0;
    std::memcpy(&word, reinterpret_cast<const uint8_t*>(&keyed) + size_t{index} * 8, 8);
    return word;
}

/// Clears in word 4 the one flag that is a value, not a part of the key.
inline constexpr uint64_t key_word4_mask = [] {
    struct Tail {
        uint16_t src_port = 0xffff, dst_port = 0xffff;
        uint8_t proto = 0xff, tcp_class = 0xff;
        uint16_t flags = static_cast<uint16_t>(~PICKET_FLOW_BARE_ACK);
    };
    return std::bit_cast<uint64_t>(Tail{});
}();

inline uint64_t multiply_fold(uint64_t a, uint64_t b) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

/// The hash of a flow without its direction, and which of its two ends sent: the same flow has the same
/// `value` both ways and a different `forward`.
struct FlowHash {
    uint64_t value;
    bool forward;
};

class FlowHasher {
  public:
    /// Spreads the seed over all keys with splitmix64 (Steele, Lea, Flood: Fast Splittable PRNGs, 2014).
    explicit FlowHasher(uint64_t seed) {
        for (uint64_t& key : keys_) {
            seed += 0x9e3779b97f4a7c15;
            uint64_t mixed = (seed ^ seed >> 30) * 0xbf58476d1ce4e5b9;
            mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
            key = (mixed ^ mixed >> 31) | 1;
        }
    }

    /// Of a record's whole key.
    [[nodiscard]] uint64_t of_key(const Packet& packet) const {
        const uint64_t src = multiply_fold(key_word(packet, 0) ^ keys_[0], key_word(packet, 1) ^ keys_[1]);
        const uint64_t dst = multiply_fold(key_word(packet, 2) ^ keys_[2], key_word(packet, 3) ^ keys_[3]);
        const uint64_t rest = (key_word(packet, 4) & key_word4_mask) ^ packet.interface * keys_[4];
        return multiply_fold(src ^ rest, dst ^ keys_[5]);
    }

    /// Of the flow that a record belongs to: addresses, ports where there are any, protocol. The ends are
    /// hashed alike and combined so that their order does not matter; their order as hashes is the direction.
    [[nodiscard]] FlowHash of_flow(const picket_flow& record) const {
        const bool ports = (record.flags & PICKET_FLOW_PORTS) != 0;
        const uint64_t src = end(record, 0, ports ? record.src_port : uint16_t{0});
        const uint64_t dst = end(record, 2, ports ? record.dst_port : uint16_t{0});
        return {multiply_fold((src + dst) ^ keys_[3], (src ^ dst) + record.proto * keys_[4]), src < dst};
    }

  private:
    [[nodiscard]] uint64_t end(const picket_flow& record, unsigned word, uint16_t port) const {
        return multiply_fold(key_word(record, word) ^ keys_[0], key_word(record, word + 1) ^ keys_[1]) +
               port * keys_[2];
    }

    uint64_t keys_[6]{};
};

}  // namespace picket

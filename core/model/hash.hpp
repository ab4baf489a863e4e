// SPDX-License-Identifier: Apache-2.0
// A fast seeded hash for keys of a few words, for tables whose keys an attacker chooses. Not cryptographic:
// the seed, random in a live daemon, is what keeps collisions from being aimed. Any thread.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace picket {

/// The two halves of a 128-bit product, folded: every input bit reaches every output bit.
inline uint64_t mix(uint64_t a, uint64_t b) {
    __extension__ using uint128 = unsigned __int128;
    const uint128 product = static_cast<uint128>(a) * b;
    return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

inline constexpr uint64_t hash_odd_1 = 0x9e3779b97f4a7c15;  // 2^64 / golden ratio
inline constexpr uint64_t hash_odd_2 = 0xd6e8feb86659fd93;

inline uint64_t hash_word(uint64_t word, uint64_t seed) { return mix(word ^ hash_odd_1, seed ^ hash_odd_2); }

/// `count` words of 8 bytes.
inline uint64_t hash_words(const uint64_t* words, size_t count, uint64_t seed) {
    uint64_t state = seed ^ hash_odd_1;
    size_t i = 0;
    for (; i + 2 <= count; i += 2) state = mix(words[i] ^ state, words[i + 1] ^ hash_odd_2);
    if (i < count) state = mix(words[i] ^ state, hash_odd_2);
    return mix(state ^ hash_odd_2, hash_odd_1);
}

inline uint64_t load_word(const void* bytes) {
    uint64_t word = 0;
    std::memcpy(&word, bytes, sizeof word);
    return word;
}

}  // namespace picket

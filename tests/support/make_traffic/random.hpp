// SPDX-License-Identifier: Apache-2.0
// Random numbers that are the same on every machine: the standard library's distributions are not. Any
// thread.
#pragma once
#include <cstdint>

namespace picket::traffic {

/// SplitMix64 (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators", 2014).
class Random {
  public:
    explicit Random(uint64_t seed)
        : state_(seed) {}

    uint64_t next() {
        state_ += 0x9e3779b97f4a7c15U;
        uint64_t z = state_;
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31U);
    }
    /// 0 … limit - 1; `limit` below 2^32. The bias is below 2^-32, which no test can see.
    uint32_t below(uint64_t limit) { return static_cast<uint32_t>(((next() >> 32U) * limit) >> 32U); }
    /// `from` … `to`, both included.
    uint32_t between(uint32_t from, uint32_t to) { return from + below(uint64_t{to} - from + 1); }
    bool percent(uint64_t chance) { return below(100) < chance; }
    /// RFC 6335, chapter 6: ports that belong to no service.
    uint16_t ephemeral_port() { return static_cast<uint16_t>(between(49152, 65535)); }
    /// Heavy tailed, integers only: at least `least`, and P(n >= least * 2^k) = 2^-k for k up to `doublings`.
    uint32_t heavy_tail(uint32_t least, unsigned doublings) {
        const auto steps = static_cast<unsigned>(__builtin_ctzll(next() | (uint64_t{1} << doublings)));
        const uint32_t base = least << steps;
        return base + below(base);
    }

  private:
    uint64_t state_;
};

}  // namespace picket::traffic

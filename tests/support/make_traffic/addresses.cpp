// SPDX-License-Identifier: Apache-2.0
// Numbers to addresses, by arithmetic: no table grows with the number of sources. Any thread.
#include "tests/support/make_traffic/addresses.hpp"

#include <cstddef>

namespace picket::traffic {
namespace {

Ip v4(uint32_t host_order) {
    Ip ip;
    for (unsigned i = 0; i < 4; ++i) ip.bytes.at(i) = static_cast<uint8_t>(host_order >> (24 - 8 * i));
    return ip;
}

Ip v6(uint32_t top, uint32_t low) {
    Ip ip{Family::v6, {}};
    for (unsigned i = 0; i < 4; ++i) {
        ip.bytes.at(i) = static_cast<uint8_t>(top >> (24 - 8 * i));
        ip.bytes.at(12 + i) = static_cast<uint8_t>(low >> (24 - 8 * i));
    }
    return ip;
}

/// First octets in which every address may pass for a public one: 208 of them, so 208 * 2^24 addresses.
constexpr size_t public_octet_count = spoofed_limit >> 24U;
constexpr auto public_octets = [] {
    std::array<uint8_t, public_octet_count> octets{};
    size_t used = 0;
    for (unsigned octet = 1; used < octets.size(); ++octet) {
        const bool special = octet == 10 || octet == 100 || octet == 127 || octet == 169 || octet == 172 ||
                             octet == 192 || octet == 198 || octet == 203;
        if (!special) octets.at(used++) = static_cast<uint8_t>(octet);
    }
    return octets;
}();
static_assert(public_octets.back() < 224);

/// The finaliser of MurmurHash3: a bijection on 32 bits.
uint32_t scatter(uint32_t x) {
    x = (x ^ (x >> 16U)) * 0x85ebca6bU;
    x = (x ^ (x >> 13U)) * 0xc2b2ae35U;
    return x ^ (x >> 16U);
}

}  // namespace

Ip local_host(Family family, uint32_t number) {
    const uint32_t low = number & 0xffffffU;
    return family == Family::v4 ? v4(0x0a000000U | low) : v6(0xfd000000U, low);
}

Ip remote_peer(Family family, uint32_t number) {
    return family == Family::v4 ? v4(0xc6120000U | (number & 0x1ffffU)) : v6(0x20010db8U, number);
}

Ip spoofed_source(Family family, uint32_t number, uint32_t salt) {
    uint32_t x = number;
    // Walking the cycle until it is back in range keeps the numbers distinct.
    do x = scatter(x ^ salt);
    while (x >= spoofed_limit);
    if (family == Family::v6) {
        Ip ip = v6(0x20010db8U, x);
        for (unsigned i = 0; i < 4; ++i) ip.bytes.at(4 + i) = ip.bytes.at(15 - i);
        return ip;
    }
    return v4(uint32_t{public_octets.at(x >> 24U)} << 24U | (x & 0xffffffU));
}

}  // namespace picket::traffic

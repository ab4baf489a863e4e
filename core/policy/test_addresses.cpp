// SPDX-License-Identifier: Apache-2.0
// A fixed embedding: the network part of IPv4 lies in the first half, the host part in the second. Any
// thread.
#include "core/policy/test_addresses.hpp"

namespace picket {
namespace {

constexpr std::array<uint8_t, 4> private_head{0xfd, 0, 0, 0};
constexpr std::array<uint8_t, 4> public_head{0x20, 0x01, 0x0d, 0xb8};
constexpr std::array<uint8_t, 4> group_head{0xff, 0x02, 0, 0};

}  // namespace

Address to_v6(const Address& address) {
    if (!address.is_v4()) return address;
    const uint8_t* octets = address.bytes().data() + 12;
    std::array<uint8_t, 16> out{};
    if (address.is_unspecified()) return Address(out);
    const auto& head = address.is_group() ? group_head : octets[0] == 10 ? private_head : public_head;
    std::copy(head.begin(), head.end(), out.begin());
    std::copy(octets, octets + 3, out.begin() + 4);
    out[15] = octets[3];
    return Address(out);
}

Prefix to_v6(const Prefix& prefix) {
    if (!prefix.first().is_v4() || prefix.bits() < 96) return prefix;
    const unsigned bits = prefix.bits() - 96;
    if (bits == 0) return {Address{}, 0};
    const unsigned mapped = bits < 24 ? 32 + bits : bits == 24 ? 64 : 120 + bits - 24;
    return {to_v6(prefix.first()), mapped};
}

std::string text_to_v6(std::string_view text) {
    if (const auto address = Address::parse(text)) return to_v6(*address).text();
    const auto prefix = Prefix::parse(text);
    return prefix ? to_v6(*prefix).text() : std::string(text);
}

}  // namespace picket

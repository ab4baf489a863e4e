// SPDX-License-Identifier: Apache-2.0
// Text form and classes of addresses; inet_pton and inet_ntop do the parsing. Any thread.
#include "core/model/address.hpp"

#include <arpa/inet.h>
#include <endian.h>

namespace picket {
namespace {
constexpr std::array<uint8_t, 12> mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
}

Address Address::from_v4(uint32_t host_order) {
    Address out;
    std::memcpy(out.bytes_.data(), mapped_prefix.data(), mapped_prefix.size());
    const uint32_t wire = htonl(host_order);
    std::memcpy(out.bytes_.data() + 12, &wire, 4);
    return out;
}

Result<Address> Address::parse(std::string_view text) {
    const std::string terminated(text.substr(0, INET6_ADDRSTRLEN));
    in_addr v4{};
    if (inet_pton(AF_INET, terminated.c_str(), &v4) == 1) return from_v4(ntohl(v4.s_addr));
    Address out;
    if (inet_pton(AF_INET6, terminated.c_str(), out.bytes_.data()) == 1) return out;
    return fail(ErrorCode::invalid, "'" + terminated + "' is not an IP address", {},
                "write 192.0.2.1 or 2001:db8::1");
}

bool Address::is_v4() const {
    return std::memcmp(bytes_.data(), mapped_prefix.data(), mapped_prefix.size()) == 0;
}

bool Address::is_unspecified() const { return *this == Address{} || *this == from_v4(0); }

bool Address::is_group() const {
    if (!is_v4()) return bytes_[0] == 0xff;
    return (bytes_[12] & 0xf0) == 0xe0 || *this == from_v4(0xffffffff);
}

std::string Address::text() const {
    std::array<char, INET6_ADDRSTRLEN> buffer{};
    const bool v4 = is_v4();
    inet_ntop(v4 ? AF_INET : AF_INET6, bytes_.data() + (v4 ? 12 : 0), buffer.data(), buffer.size());
    return buffer.data();
}

Address Address::masked(unsigned bits) const {
    const auto mask_of = [](unsigned set) {
        return set == 0 ? 0 : htobe64(set >= 64 ? ~uint64_t{0} : ~uint64_t{0} << (64 - set));
    };
    const std::array<uint64_t, 2> masks{mask_of(bits), mask_of(bits > 64 ? bits - 64 : 0)};
    std::array<uint64_t, 2> words{};
    std::memcpy(words.data(), bytes_.data(), 16);
    words[0] &= masks[0];
    words[1] &= masks[1];
    Address out;
    std::memcpy(out.bytes_.data(), words.data(), 16);
    return out;
}

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// Parsing and bounds of prefixes. Any thread.
#include "core/model/prefix.hpp"

#include <charconv>

namespace picket {

Result<Prefix> Prefix::parse(std::string_view text) {
    const auto slash = text.find('/');
    auto address = Address::parse(text.substr(0, slash));
    if (!address)
        return fail(ErrorCode::invalid, "'" + std::string(text.substr(0, 64)) + "' is not a prefix", {},
                    "write 10.0.0.0/8, 2001:db8::/32 or an address");
    const unsigned width = address->is_v4() ? 32 : 128;
    unsigned length = width;
    if (slash != std::string_view::npos) {
        const auto digits = text.substr(slash + 1);
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
        if (error != std::errc{} || end != digits.data() + digits.size() || length > width)
            return fail(ErrorCode::invalid, "prefix length '" + std::string(digits.substr(0, 16)) + "' of '" +
                                                std::string(text.substr(0, 64)) + "' is not 0…" +
                                                std::to_string(width));
    }
    return Prefix(*address, length + (128 - width));
}

Address Prefix::last() const {
    auto bytes = address_.bytes();
    for (unsigned bit = bits_; bit < 128; ++bit)
        bytes[bit / 8] = static_cast<uint8_t>(bytes[bit / 8] | (0x80 >> (bit % 8)));
    return Address(bytes);
}

std::string Prefix::text() const {
    const bool v4 = address_.is_v4() && bits_ >= 96;
    return address_.text() + "/" + std::to_string(v4 ? bits_ - 96 : bits_);
}

std::optional<Address> next_address(const Address& address) {
    auto bytes = address.bytes();
    for (size_t i = 16; i-- > 0;) {
        if (++bytes[i] != 0) return Address(bytes);
    }
    return std::nullopt;
}

}  // namespace picket

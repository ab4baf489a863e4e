// SPDX-License-Identifier: Apache-2.0
// An IP address as 16 bytes, IPv4 mapped, so that no code beyond the decoder asks for the family. Any thread.
#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "core/model/result.hpp"

namespace picket {

class Address {
  public:
    constexpr Address() = default;
    explicit constexpr Address(const std::array<uint8_t, 16>& bytes)
        : bytes_(bytes) {}
    static Address from_bytes(const uint8_t* bytes) {
        Address out;
        std::memcpy(out.bytes_.data(), bytes, 16);
        return out;
    }
    /// `host_order`: 0x7f000001 is 127.0.0.1.
    static Address from_v4(uint32_t host_order);
    /// "192.0.2.1" or "2001:db8::1"; no port, no zone, no prefix length.
    static Result<Address> parse(std::string_view text);

    [[nodiscard]] bool is_v4() const;
    [[nodiscard]] bool is_unspecified() const;  ///< 0.0.0.0 or ::
    /// Multicast, or the IPv4 limited broadcast: never one host.
    [[nodiscard]] bool is_group() const;
    [[nodiscard]] const std::array<uint8_t, 16>& bytes() const { return bytes_; }
    [[nodiscard]] std::string text() const;
    /// The first `bits` bits (of 128), the rest zero.
    [[nodiscard]] Address masked(unsigned bits) const;

    auto operator<=>(const Address&) const = default;

  private:
    std::array<uint8_t, 16> bytes_{};
};

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// Who takes part in made traffic. Local hosts are 10.0.0.0/8 and fd00::/8, ordinary remote peers
// 198.18.0.0/15 and 2001:db8::/32, and spoofed ones look public: they only ever stand in files. Any thread.
#pragma once
#include <array>
#include <cstdint>

namespace picket::traffic {

enum class Family { v4, v6 };

/// An address of either family; IPv4 uses the first four bytes.
struct Ip {
    Family family = Family::v4;
    std::array<uint8_t, 16> bytes{};
};

/// 10.x.y.z, or fd00:: with the number in the last four bytes. `number` below 2^24.
Ip local_host(Family family, uint32_t number);
/// 198.18.0.0/15 (the number wraps at 2^17), or 2001:db8::.
Ip remote_peer(Family family, uint32_t number);
/// Numbers below spoofed_limit give distinct addresses that look random and public. `salt` selects another
/// order.
Ip spoofed_source(Family family, uint32_t number, uint32_t salt);
inline constexpr uint32_t spoofed_limit = 0xd0000000U;

}  // namespace picket::traffic

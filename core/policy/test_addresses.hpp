// SPDX-License-Identifier: Apache-2.0
// How the addresses of a policy test read in its IPv6 run. Any thread.
//
//   10.b.c.d           fd00:0:<10><b>:<c>00::<d>          0.0.0.0   ::
//   any other a.b.c.d  2001:db8:<a><b>:<c>00::<d>         groups    ff02:0:<a><b>:<c>00::<d>
//
// in hexadecimal, so 203.0.113.9 is 2001:db8:cb00:7100::9. A /24 becomes a /64, and different /24s
// become different /64s.
#pragma once
#include <string>
#include <string_view>

#include "core/model/prefix.hpp"

namespace picket {

/// IPv4 to IPv6; an IPv6 address stays.
Address to_v6(const Address& address);
Prefix to_v6(const Prefix& prefix);
/// An address or prefix as text, mapped; any other text stays.
std::string text_to_v6(std::string_view text);

}  // namespace picket

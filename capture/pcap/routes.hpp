// SPDX-License-Identifier: Apache-2.0
// Which interfaces "auto" means: those that carry a default route, of either family. [main]
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace picket::capture {

/// From the text of /proc/net/route and /proc/net/ipv6_route (fields: proc(5) and net/ipv6/route.c of Linux).
/// Without doubles, never the loopback, in the order of the tables.
std::vector<std::string> default_route_interfaces(std::string_view ipv4_table, std::string_view ipv6_table);

/// The same for the network namespace of this process.
std::vector<std::string> default_route_interfaces();

}  // namespace picket::capture

// SPDX-License-Identifier: Apache-2.0
// The answer of /api/v1/status as a page for people: what is wrong comes first. Main thread.
#pragma once
#include <string>

#include "core/client/json_read.hpp"

namespace picket {

std::string status_page(const Json& status, bool colours);
/// 11520 s as "3h 12m", 90 s as "1m 30s": the two largest units.
std::string uptime_text(double seconds);

}  // namespace picket

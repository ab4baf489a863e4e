// SPDX-License-Identifier: Apache-2.0
// Durations and moments as operators and programs write them. Any thread.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "core/model/result.hpp"

namespace picket {

inline constexpr uint64_t ns_per_ms = 1'000'000;
inline constexpr uint64_t ns_per_second = 1'000'000'000;

/// "250ms", "10s", "5m", "1h", "1d", and sums such as "1h30m"; in nanoseconds. A bare number is refused.
Result<uint64_t> parse_duration_ns(std::string_view text);
/// The shortest exact form, down to milliseconds: 90 s is "1m30s".
std::string duration_text(uint64_t duration_ns);
/// RFC 3339 in UTC with milliseconds: "2026-11-21T03:00:00.100Z".
std::string time_text(uint64_t unix_ns);
/// RFC 3339 with any offset and up to nine decimals, from 1970 to 2553; in nanoseconds of Unix time.
Result<uint64_t> parse_time_ns(std::string_view text);

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// What stands in a request line after the method: taken apart and decoded, nothing else. There is no "." or
// "..", no joining of slashes: a path is the list of its segments, or it is refused. Any thread.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/result.hpp"

namespace picket {

inline constexpr size_t target_bytes_max = 4096;
inline constexpr size_t query_params_max = 32;

struct Target {
    std::vector<std::string> segments;         ///< "/a/b" → a, b; "/" → one empty one
    std::map<std::string, std::string> query;  ///< a key that comes twice is an error
};

/// `raw` as it was sent: "/api/v1/incidents?limit=5".
Result<Target> parse_target(std::string_view raw);

/// %XX, and in a query + for a space. No value: broken, or a control character came out.
std::optional<std::string> percent_decoded(std::string_view text, bool in_query);

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// A look at a TOML text before the parser's: is there a dotted key of so many parts that unwinding its tables
// would exhaust the stack? Any thread.
#pragma once
#include <cstddef>
#include <optional>
#include <string_view>

namespace picket {

inline constexpr size_t key_parts_max = 16;

struct TextPlace {
    size_t line = 1, column = 1;
};

/// Where the first key with more than key_parts_max parts is.
std::optional<TextPlace> too_deep_key(std::string_view text);

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// Files of /proc and /sys, whole or line by line, up to a bound. Any thread.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace picket {

inline constexpr size_t small_file_bytes_max = 1 << 20;

/// Nothing where it cannot be read. `path` may be absolute; it is meant below `root`.
std::optional<std::string> small_file(const std::filesystem::path& root, const std::filesystem::path& path);
/// Its lines, each split at white space.
std::vector<std::vector<std::string>> words_of_lines(const std::string& text);
std::filesystem::path below(const std::filesystem::path& root, const std::filesystem::path& path);

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// See small_file.hpp. Any thread.
#include "core/doctor/small_file.hpp"

#include <fstream>
#include <sstream>

namespace picket {

std::filesystem::path below(const std::filesystem::path& root, const std::filesystem::path& path) {
    return root / path.relative_path();
}

std::optional<std::string> small_file(const std::filesystem::path& root, const std::filesystem::path& path) {
    std::ifstream in(below(root, path), std::ios::binary);
    std::string text(small_file_bytes_max, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (in.bad() || (in.gcount() == 0 && !in.eof())) return std::nullopt;
    text.resize(static_cast<size_t>(in.gcount()));
    return text;
}

std::vector<std::vector<std::string>> words_of_lines(const std::string& text) {
    std::vector<std::vector<std::string>> out;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::vector<std::string>& row = out.emplace_back();
        for (std::string word; words >> word;) row.push_back(std::move(word));
    }
    return out;
}

}  // namespace picket

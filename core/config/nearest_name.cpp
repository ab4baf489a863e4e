// SPDX-License-Identifier: Apache-2.0
// "Did you mean": the distance of Damerau and Levenshtein in its optimal-string-alignment form (insertions,
// deletions, substitutions and swaps of neighbours cost 1; each place is edited once). Any thread.
#include <algorithm>
#include <array>
#include <cctype>

#include "core/config/option.hpp"

namespace picket {
namespace {

constexpr size_t name_max = 64;  // longer names are no typing errors, and the rows below stay on the stack

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

size_t distance(std::string_view a, std::string_view b) {
    using Row = std::array<size_t, name_max + 1>;
    Row before_last{}, last{}, row{};
    for (size_t j = 0; j <= b.size(); ++j) last.at(j) = j;
    for (size_t i = 1; i <= a.size(); ++i) {
        row.at(0) = i;
        for (size_t j = 1; j <= b.size(); ++j) {
            const size_t changed = lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1;
            row.at(j) = std::min({last.at(j) + 1, row.at(j - 1) + 1, last.at(j - 1) + changed});
            const bool swapped =
                i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
            if (swapped) row.at(j) = std::min(row.at(j), before_last.at(j - 2) + 1);
        }
        before_last = last;
        last = row;
    }
    return last.at(b.size());
}

}  // namespace

std::optional<std::string> nearest_name(std::string_view name, const std::vector<std::string>& known) {
    if (name.empty() || name.size() > name_max) return std::nullopt;
    // A third of the letters may be wrong: more is another word.
    size_t best = std::max<size_t>(1, name.size() / 3) + 1;
    std::optional<std::string> found;
    for (const std::string& candidate : known) {
        if (candidate.size() > name_max) continue;
        const size_t edits = distance(name, candidate);
        if (edits < best && edits < candidate.size()) {
            best = edits;
            found = candidate;
        }
    }
    return found;
}

}  // namespace picket

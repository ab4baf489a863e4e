// SPDX-License-Identifier: Apache-2.0
// Columns from whatever key and measures a counter has. Main thread.
#include "core/client/top_page.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/terminal/table.hpp"

namespace picket {
namespace {

bool has(const std::vector<std::string>& names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

/// How much a counter says about who is talking.
int rank(const Json& counter) {
    const auto keys = texts_at(counter, "key");
    const auto measures = texts_at(counter, "measures");
    return (keys.size() == 1 && keys.front() == "local" ? 4 : 0) + (has(measures, "bytes") ? 2 : 0) +
           (has(measures, "packets") ? 1 : 0);
}

}  // namespace

std::string top_page(const Json& answer, const std::string& sort, bool colours) {
    const Json& counter = part_at(answer, "counter");
    const auto keys = texts_at(counter, "key");
    const auto measures = texts_at(counter, "measures");
    std::vector<Column> columns;
    for (const std::string& key : keys) columns.push_back({printable(key), 0, false});
    for (const std::string& measure : measures)
        columns.push_back({printable(measure) + (measure == sort ? " v" : ""), 10, true});
    std::vector<std::vector<std::string>> rows;
    for (const Json& item : part_at(answer, "items")) {
        std::vector<std::string>& row = rows.emplace_back();
        for (const std::string& key : keys) row.push_back(printable(text_at(part_at(item, "key"), key)));
        for (const std::string& measure : measures)
            row.push_back(figure_text(number_at(part_at(item, "values"), measure)));
    }
    return fmt::format("{}  {} rows in {} s  {}\n\n{}", printable(text_at(counter, "name")),
                       figure_text(number_at(answer, "rows")),
                       figure_text(number_at(counter, "window_seconds")), printable(text_at(answer, "time")),
                       table_text(columns, rows, colours));
}

std::string default_counter(const Json& counters) {
    std::string best;
    int best_rank = -1;
    for (const Json& counter : part_at(counters, "items"))
        if (const int value = rank(counter); value > best_rank) {
            best_rank = value;
            best = text_at(counter, "name");
        }
    return best;
}

std::vector<std::string> measures_of(const Json& counters, const std::string& name) {
    for (const Json& counter : part_at(counters, "items"))
        if (text_at(counter, "name") == name) return texts_at(counter, "measures");
    return {};
}

std::string next_after(const std::vector<std::string>& names, const std::string& name) {
    if (names.empty()) return name;
    const auto at = std::ranges::find(names, name);
    return at == names.end() || at + 1 == names.end() ? names.front() : *(at + 1);
}

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// Columns of text. Main thread.
#include "core/terminal/table.hpp"

#include <algorithm>

namespace picket {

size_t shown_width(std::string_view text) {
    return static_cast<size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string printable(std::string_view text) {
    std::string out(text);
    std::replace_if(
        out.begin(), out.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
    return out;
}

std::string table_row(const std::vector<Column>& columns, const std::vector<std::string>& cells) {
    std::string out;
    for (size_t i = 0; i < columns.size(); ++i) {
        const std::string cell = i < cells.size() ? printable(cells[i]) : std::string();
        const size_t width = shown_width(cell);
        const std::string space(columns[i].width > width ? columns[i].width - width : 0, ' ');
        const bool last = i + 1 == columns.size();
        if (columns[i].right) out += space;
        out += cell;
        if (!columns[i].right && !last) out += space;
        if (!last) out += "  ";
    }
    return out + '\n';
}

std::string table_head(const std::vector<Column>& columns, bool colours) {
    std::vector<std::string> names;
    names.reserve(columns.size());
    for (const Column& column : columns) names.push_back(column.name);
    std::string row = table_row(columns, names);
    if (!colours) return row;
    row.pop_back();
    return "\x1b[1m" + row + "\x1b[0m\n";
}

std::string table_text(std::vector<Column> columns, const std::vector<std::vector<std::string>>& rows,
                       bool colours) {
    for (size_t i = 0; i < columns.size(); ++i) {
        columns[i].width = std::max(columns[i].width, shown_width(columns[i].name));
        for (const auto& row : rows)
            if (i < row.size()) columns[i].width = std::max(columns[i].width, shown_width(row[i]));
    }
    std::string out = table_head(columns, colours);
    for (const auto& row : rows) out += table_row(columns, row);
    return out;
}

std::string grouped(uint64_t number) {
    std::string out = std::to_string(number);
    for (size_t at = out.size(); at > 3; at -= 3) out.insert(at - 3, ",");
    return out;
}

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// Columns of text for people: aligned by the characters shown, with a bold head on a terminal. Main thread.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace picket {

struct Column {
    std::string name;
    size_t width = 0;    ///< at least; a longer cell pushes the rest of its row
    bool right = false;  ///< aligned to the right: numbers
};

/// Number of characters, counting UTF-8 sequences once.
size_t shown_width(std::string_view text);
/// Without control characters: bytes from packets or policies must not drive the terminal.
std::string printable(std::string_view text);

/// One line, ending in a newline. The last cell is not padded.
std::string table_row(const std::vector<Column>& columns, const std::vector<std::string>& cells);
/// The line with the names.
std::string table_head(const std::vector<Column>& columns, bool colours);
/// A whole table, each column as wide as its widest cell.
std::string table_text(std::vector<Column> columns, const std::vector<std::vector<std::string>>& rows,
                       bool colours);

/// 1234567 as "1,234,567".
std::string grouped(uint64_t number);

}  // namespace picket

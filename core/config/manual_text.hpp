// SPDX-License-Identifier: Apache-2.0
// Text for a manual page's source, scdoc(5). Any thread.
#pragma once
#include <string>
#include <string_view>

namespace picket {

/// The text as it is, whatever it holds: scdoc gives * _ and some more a meaning.
inline std::string manual_text(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (std::string_view("*_\\`#.-<~[]|").find(c) != std::string_view::npos) out += '\\';
        out += c == '\n' ? ' ' : c;
    }
    return out;
}

}  // namespace picket

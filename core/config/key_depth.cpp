// SPDX-License-Identifier: Apache-2.0
// Counts the dots between two characters that end a key, outside texts and comments. A number or a date has
// few dots and passes; what is not TOML passes too, up to where the parser refuses it. Any thread.
#include "core/config/key_depth.hpp"

namespace picket {
namespace {

class Scanner {
  public:
    explicit Scanner(std::string_view text)
        : text_(text) {}

    std::optional<TextPlace> run() {
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (c == '#')
                skip_comment();
            else if (c == '"' || c == '\'')
                skip_text(c);
            else if (!step(c))
                return TextPlace{line_, at_ - line_start_ + 1};
        }
        return std::nullopt;
    }

  private:
    /// One character of a key or value; false when it is one dot too many.
    bool step(char c) {
        if (c == '\n') {
            ++line_;
            line_start_ = at_ + 1;
        }
        if (c == '.' && ++dots_ >= key_parts_max) return false;
        if (std::string_view("\n=,[]{}").find(c) != std::string_view::npos) dots_ = 0;
        ++at_;
        return true;
    }

    void skip_comment() {
        const auto end = text_.find('\n', at_);
        at_ = end == std::string_view::npos ? text_.size() : end;
    }

    void skip_text(char quote) {
        const bool long_form = at_ + 2 < text_.size() && text_[at_ + 1] == quote && text_[at_ + 2] == quote;
        at_ += long_form ? 3 : 1;
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (c == '\n') {
                // A short text ends with its line; the parser will say that it is not closed.
                if (!long_form) return;
                ++line_;
                line_start_ = at_ + 1;
            }
            if (c == '\\' && quote == '"') {
                at_ += at_ + 1 < text_.size() && text_[at_ + 1] != '\n' ? 2 : 1;
                continue;
            }
            if (c == quote && ends_text(quote, long_form)) return;
            ++at_;
        }
    }

    /// At a quote: steps over the end of the text if this is it.
    bool ends_text(char quote, bool long_form) {
        size_t quotes = 0;
        while (at_ + quotes < text_.size() && text_[at_ + quotes] == quote && quotes < (long_form ? 5u : 1u))
            ++quotes;
        if (long_form && quotes < 3) return false;
        at_ += quotes;
        return true;
    }

    std::string_view text_;
    size_t at_ = 0, line_ = 1, line_start_ = 0, dots_ = 0;
};

}  // namespace

std::optional<TextPlace> too_deep_key(std::string_view text) { return Scanner(text).run(); }

}  // namespace picket

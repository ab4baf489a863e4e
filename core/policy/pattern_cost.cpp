// SPDX-License-Identifier: Apache-2.0
// The cost of a Lua pattern. Matching backtracks: every unbounded quantifier can try every rest of the
// subject, every `?` doubles the ways, and an unanchored pattern starts at every byte. Any thread.
#include <cmath>

#include "core/policy/sandbox.hpp"

namespace picket {
namespace {

/// The byte after the single-character class that starts at `at`: "a", ".", "%d", "[^%]x]".
size_t class_end(std::string_view pattern, size_t at) {
    if (pattern[at] == '%') return std::min(at + 2, pattern.size());
    if (pattern[at] != '[') return at + 1;
    size_t i = at + 1;
    if (i < pattern.size() && pattern[i] == '^') ++i;
    // A `]` that comes first stands for itself.
    do {
        if (i >= pattern.size()) return pattern.size();
        i += pattern[i] == '%' ? 2 : 1;
    } while (i < pattern.size() && pattern[i] != ']');
    return std::min(i + 1, pattern.size());
}

}  // namespace

double pattern_cost(std::string_view pattern, size_t subject_bytes, bool can_anchor) {
    const bool anchored = can_anchor && !pattern.empty() && pattern.front() == '^';
    unsigned unbounded = anchored ? 0 : 1;
    unsigned optional = 0;
    for (size_t at = anchored ? 1 : 0; at < pattern.size();) {
        const bool escaped = pattern[at] == '%' && at + 1 < pattern.size();
        // %b() looks for its closing byte, %1 compares with what was captured: both walk the subject.
        if (escaped && (pattern[at + 1] == 'b' || (pattern[at + 1] >= '0' && pattern[at + 1] <= '9')))
            ++unbounded;
        at = class_end(pattern, at);
        if (at >= pattern.size()) break;
        const char quantifier = pattern[at];
        if (quantifier == '*' || quantifier == '+' || quantifier == '-') ++unbounded;
        if (quantifier == '?') ++optional;
    }
    const double base = static_cast<double>(subject_bytes) + 1;
    return std::pow(base, unbounded) * std::pow(2.0, optional) * (static_cast<double>(pattern.size()) + 1);
}

}  // namespace picket

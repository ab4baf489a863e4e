// SPDX-License-Identifier: Apache-2.0
// One pass, bounds first. Any thread.
#include "core/api/target.hpp"

#include <charconv>

namespace picket {
namespace {

tl::unexpected<Error> bad(std::string what) { return fail(ErrorCode::invalid, std::move(what)); }

/// Calls `use` for each part of `text` between separators.
template <typename Use>
bool each_part(std::string_view text, char separator, const Use& use) {
    for (;;) {
        const size_t end = text.find(separator);
        if (!use(text.substr(0, end))) return false;
        if (end == std::string_view::npos) return true;
        text.remove_prefix(end + 1);
    }
}

Result<std::map<std::string, std::string>> parse_query(std::string_view raw) {
    std::map<std::string, std::string> out;
    std::string problem;
    each_part(raw, '&', [&](std::string_view part) {
        if (part.empty()) return true;
        const size_t equals = part.find('=');
        auto name = percent_decoded(part.substr(0, equals), true);
        auto value = percent_decoded(equals == std::string_view::npos ? "" : part.substr(equals + 1), true);
        if (!name || !value)
            problem = "the query is not percent-encoded text";
        else if (out.size() == query_params_max)
            problem = "too many query parameters";
        else if (const auto [at, is_new] = out.emplace(std::move(*name), std::move(*value)); !is_new)
            problem = "query parameter " + at->first.substr(0, 64) + " is given twice";
        return problem.empty();
    });
    if (!problem.empty()) return bad(problem);
    return out;
}

}  // namespace

std::optional<std::string> percent_decoded(std::string_view text, bool in_query) {
    std::string out;
    out.reserve(text.size());
    for (size_t i = 0; i < text.size(); ++i) {
        unsigned char byte = static_cast<unsigned char>(text[i]);
        if (byte == '%') {
            if (text.size() - i < 3) return std::nullopt;
            const char* const digits = text.data() + i + 1;
            const auto [end, error] = std::from_chars(digits, digits + 2, byte, 16);
            if (error != std::errc{} || end != digits + 2) return std::nullopt;
            i += 2;
        } else if (byte == '+' && in_query) {
            byte = ' ';
        }
        if (byte < 0x20 || byte == 0x7f) return std::nullopt;
        out.push_back(static_cast<char>(byte));
    }
    return out;
}

Result<Target> parse_target(std::string_view raw) {
    if (raw.size() > target_bytes_max) return fail(ErrorCode::limit, "the request's target is too long");
    if (raw.empty() || raw.front() != '/') return bad("the request's target does not begin with /");
    Target out;
    const size_t question = raw.find('?');
    const bool is_text =
        each_part(raw.substr(1, question == std::string_view::npos ? question : question - 1), '/',
                  [&](std::string_view part) {
                      auto segment = percent_decoded(part, false);
                      if (segment) out.segments.push_back(std::move(*segment));
                      return segment.has_value();
                  });
    if (!is_text) return bad("the path is not percent-encoded text");
    if (question == std::string_view::npos) return out;
    auto query = parse_query(raw.substr(question + 1));
    if (!query) return tl::unexpected(query.error());
    out.query = std::move(*query);
    return out;
}

}  // namespace picket

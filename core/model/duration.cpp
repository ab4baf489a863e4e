// SPDX-License-Identifier: Apache-2.0
// One table of units serves both directions. Any thread.
#include "core/model/duration.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <ctime>

#include <fmt/format.h>

namespace picket {
namespace {

struct Unit {
    std::string_view name;
    uint64_t ns;
};
// Longest first, so that text is taken apart from the largest unit down.
constexpr std::array<Unit, 5> units{{{"d", uint64_t{86400} * ns_per_second},
                                     {"h", 3600 * ns_per_second},
                                     {"m", 60 * ns_per_second},
                                     {"s", ns_per_second},
                                     {"ms", ns_per_ms}}};
constexpr uint64_t longest_ns = uint64_t{3650} * 86400 * ns_per_second;

const Unit* unit_named(std::string_view name) {
    for (const Unit& unit : units)
        if (unit.name == name) return &unit;
    return nullptr;
}

tl::unexpected<Error> not_a_duration(std::string_view text) {
    return fail(ErrorCode::invalid, fmt::format("'{}' is not a duration", text.substr(0, 32)), {},
                "write 250ms, 10s, 5m, 1h, 1d or 1h30m");
}

}  // namespace

Result<uint64_t> parse_duration_ns(std::string_view text) {
    const std::string_view whole = text;
    uint64_t total = 0;
    if (text.empty()) return not_a_duration(whole);
    while (!text.empty()) {
        double number = 0;
        const auto [end, error] =
            std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
        if (error != std::errc{} || !(number >= 0)) return not_a_duration(whole);
        text.remove_prefix(static_cast<size_t>(end - text.data()));
        const auto letters = text.substr(0, text.find_first_of("0123456789."));
        const Unit* unit = unit_named(letters);
        if (unit == nullptr) return not_a_duration(whole);
        const double ns = number * static_cast<double>(unit->ns);
        if (ns > static_cast<double>(longest_ns)) return not_a_duration(whole);
        total += static_cast<uint64_t>(std::llround(ns));
        if (total > longest_ns) return not_a_duration(whole);
        text.remove_prefix(letters.size());
    }
    return total;
}

std::string duration_text(uint64_t duration_ns) {
    std::string out;
    for (const Unit& unit : units) {
        const uint64_t count = duration_ns / unit.ns;
        duration_ns -= count * unit.ns;
        if (count > 0) out += fmt::format("{}{}", count, unit.name);
    }
    return out.empty() ? "0s" : out;
}

std::string time_text(uint64_t unix_ns) {
    const auto seconds = static_cast<time_t>(unix_ns / ns_per_second);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", parts.tm_year + 1900, parts.tm_mon + 1,
                       parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
                       unix_ns % ns_per_second / ns_per_ms);
}

}  // namespace picket

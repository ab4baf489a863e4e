// SPDX-License-Identifier: Apache-2.0
// One table of units serves both directions. Any thread.
#include "core/model/duration.hpp"

#include <algorithm>
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
/// Reads a number of exactly `digits` digits, and what stands after it.
bool take_number(std::string_view& text, size_t digits, char after, int& out) {
    if (text.size() < digits || (after != 0 && (text.size() == digits || text[digits] != after)))
        return false;
    const auto [end, error] = std::from_chars(text.data(), text.data() + digits, out);
    if (error != std::errc{} || end != text.data() + digits || out < 0) return false;
    text.remove_prefix(digits + (after != 0 ? 1 : 0));
    return true;
}

/// ".123" in nanoseconds; 0 where there is none.
bool take_fraction(std::string_view& text, uint64_t& ns) {
    ns = 0;
    if (!text.starts_with('.')) return true;
    text.remove_prefix(1);
    const size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    if (digits == 0 || digits > 9) return false;
    std::from_chars(text.data(), text.data() + digits, ns);
    for (size_t i = digits; i < 9; ++i) ns *= 10;
    text.remove_prefix(digits);
    return true;
}

/// "Z", "+02:00", "-05:30", and nothing after it.
bool take_offset(std::string_view text, int& seconds) {
    seconds = 0;
    if (text == "Z" || text == "z") return true;
    if (text.size() != 6 || (text.front() != '+' && text.front() != '-')) return false;
    const int sign = text.front() == '-' ? -1 : 1;
    text.remove_prefix(1);
    int hours = 0, minutes = 0;
    if (!take_number(text, 2, ':', hours) || !take_number(text, 2, 0, minutes)) return false;
    seconds = sign * (hours * 3600 + minutes * 60);
    return hours < 24 && minutes < 60;
}

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

Result<uint64_t> parse_time_ns(std::string_view text) {
    const auto wrong = [whole = text] {
        return fail(ErrorCode::invalid, fmt::format("'{}' is not a moment", whole.substr(0, 40)), {},
                    "write 2026-11-21T03:00:00Z");
    };
    std::tm parts{};
    std::string_view rest = text;
    if (!take_number(rest, 4, '-', parts.tm_year) || !take_number(rest, 2, '-', parts.tm_mon)) return wrong();
    const bool has_letter = rest.size() > 2 && (rest[2] == 'T' || rest[2] == 't' || rest[2] == ' ');
    if (!has_letter || !take_number(rest, 2, rest[2], parts.tm_mday)) return wrong();
    uint64_t fraction_ns = 0;
    int offset_seconds = 0;
    if (!take_number(rest, 2, ':', parts.tm_hour) || !take_number(rest, 2, ':', parts.tm_min) ||
        !take_number(rest, 2, 0, parts.tm_sec) || !take_fraction(rest, fraction_ns) ||
        !take_offset(rest, offset_seconds))
        return wrong();
    if (parts.tm_year < 1970 || parts.tm_year > 2553 || parts.tm_hour > 23 || parts.tm_min > 59 ||
        parts.tm_sec > 59)
        return wrong();
    parts.tm_year -= 1900;
    parts.tm_mon -= 1;
    const std::tm wanted = parts;
    const time_t seconds = timegm(&parts) - offset_seconds;
    // timegm makes the 31st of April the 1st of May.
    if (parts.tm_mday != wanted.tm_mday || parts.tm_mon != wanted.tm_mon || seconds < 0) return wrong();
    return static_cast<uint64_t>(seconds) * ns_per_second + fraction_ns;
}

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// The small grammars of configuration values. Any thread.
#include "core/config/option_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

namespace picket {
namespace {

struct SizeUnit {
    std::string_view name;
    uint64_t bytes;
};
// Largest first, so that the first that divides a size gives its shortest text.
constexpr std::array<SizeUnit, 9> size_units{{{"TiB", 1ull << 40},
                                              {"TB", 1'000'000'000'000},
                                              {"GiB", 1ull << 30},
                                              {"GB", 1'000'000'000},
                                              {"MiB", 1ull << 20},
                                              {"MB", 1'000'000},
                                              {"KiB", 1ull << 10},
                                              {"KB", 1'000},
                                              {"B", 1}}};
constexpr double size_max = 9007199254740992.0;  // 2^53: exact as a double, as JSON and Lua carry it

/// All of `text` as a T, or nothing.
template <typename T>
std::optional<T> parse_whole(std::string_view text) {
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::vector<std::string> split_list(std::string_view text) {
    std::vector<std::string> out;
    while (!text.empty()) {
        const auto comma = text.find(',');
        auto entry = text.substr(0, comma);
        while (entry.starts_with(' ')) entry.remove_prefix(1);
        while (entry.ends_with(' ')) entry.remove_suffix(1);
        if (!entry.empty()) out.emplace_back(entry);
        text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
    }
    return out;
}

/// Where to cut `text` so that at most `size` bytes stay and no UTF-8 sequence is torn.
size_t cut_at(std::string_view text, size_t size) {
    if (text.size() <= size) return text.size();
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
    return size;
}

}  // namespace

std::optional<uint64_t> parse_size(std::string_view text) {
    double number = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    if (error != std::errc{} || !(number >= 0)) return std::nullopt;
    const auto name = text.substr(static_cast<size_t>(end - text.data()));
    for (const SizeUnit& unit : size_units) {
        if (name != unit.name && !(name.empty() && unit.bytes == 1)) continue;
        const double bytes = number * static_cast<double>(unit.bytes);
        if (!(bytes <= size_max) || std::trunc(bytes) != bytes) return std::nullopt;
        return static_cast<uint64_t>(bytes);
    }
    return std::nullopt;
}

std::string size_text(uint64_t bytes) {
    for (const SizeUnit& unit : size_units)
        if (unit.bytes > 1 && bytes >= unit.bytes && bytes % unit.bytes == 0)
            return fmt::format("{}{}", bytes / unit.bytes, unit.name);
    return std::to_string(bytes);
}

std::optional<PortRange> parse_port_range(std::string_view text) {
    const auto dash = text.find('-');
    const auto first = parse_whole<uint16_t>(text.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : parse_whole<uint16_t>(text.substr(dash + 1));
    if (!first || !last || *first > *last) return std::nullopt;
    return PortRange{*first, *last};
}

std::string quote_text(std::string_view text) {
    std::string out = "\"";
    for (const char byte : text) {
        const auto code = static_cast<unsigned char>(byte);
        if (byte == '"' || byte == '\\')
            out += {'\\', byte};
        else if (code < 0x20 || code == 0x7f)
            out += fmt::format("\\u{:04X}", code);
        else
            out += byte;
    }
    return out + '"';
}

std::string number_text(double value) {
    if (std::trunc(value) == value && std::abs(value) < 1e15)
        return std::to_string(static_cast<int64_t>(value));
    return fmt::format("{}", value);
}

std::string float_text(double value) {
    const std::string text = number_text(value);
    // "nan" and "inf" hold an n.
    return text.find_first_of(".en") == std::string::npos ? text + ".0" : text;
}

std::string list_text(const std::vector<std::string>& list) {
    std::string out = "[";
    for (const std::string& entry : list) out += (out.size() > 1 ? ", " : "") + quote_text(entry);
    return out + "]";
}

std::string ports_text(const std::vector<PortRange>& ports) {
    std::string out = "[";
    for (const PortRange& range : ports) {
        if (out.size() > 1) out += ", ";
        out += range.first == range.last ? std::to_string(range.first)
                                         : fmt::format("\"{}-{}\"", range.first, range.last);
    }
    return out + "]";
}

std::string raw_text(const RawValue& raw) {
    std::string out = "nothing";
    if (const auto* flag = std::get_if<bool>(&raw)) out = *flag ? "true" : "false";
    if (const auto* whole = std::get_if<int64_t>(&raw)) out = std::to_string(*whole);
    if (const auto* number = std::get_if<double>(&raw)) out = float_text(*number);
    if (const auto* text = std::get_if<std::string>(&raw)) out = quote_text(*text);
    if (const auto* list = std::get_if<std::vector<std::string>>(&raw)) out = list_text(*list);
    if (const auto* ports = std::get_if<std::vector<PortRange>>(&raw)) out = ports_text(*ports);
    return out;
}

std::string shown_text(const RawValue& raw) {
    constexpr size_t shown_max = 64;
    const std::string text = raw_text(raw);
    return text.size() <= shown_max ? text : text.substr(0, cut_at(text, shown_max)) + "…";
}

std::string key_text(std::string_view name) {
    const auto bare = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '-';
    };
    return !name.empty() && std::all_of(name.begin(), name.end(), bare) ? std::string(name)
                                                                        : quote_text(name);
}

RawValue raw_from_text(OptionType type, std::string_view text) {
    const auto as_text = [&] { return RawValue(std::string(text)); };
    switch (type) {
    case OptionType::boolean:
        if (text == "true" || text == "false") return text == "true";
        return as_text();
    case OptionType::integer:
        if (const auto value = parse_whole<int64_t>(text)) return *value;
        return as_text();
    case OptionType::number:
        if (const auto value = parse_whole<double>(text)) return *value;
        return as_text();
    case OptionType::text_list:
    case OptionType::prefixes:
    case OptionType::ports:
        return split_list(text);
    case OptionType::text:
    case OptionType::choice:
    case OptionType::duration:
    case OptionType::size:
        return as_text();
    }
    return as_text();
}

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// JSON to values and texts; see json_read.hpp. Main thread.
#include "core/client/json_read.hpp"

#include <array>
#include <cmath>

#include <fmt/format.h>

#include "core/terminal/table.hpp"

namespace picket {
namespace {

constexpr int depth_max = 32;
constexpr double exact_max = 9e15;  ///< whole numbers up to here are exact in a double

}  // namespace

Result<Json> parse_answer(std::string_view text) {
    bool too_deep = false;
    const auto limit_depth = [&](int depth, Json::parse_event_t, Json&) {
        too_deep = too_deep || depth > depth_max;
        return !too_deep;
    };
    Json read = Json::parse(text, limit_depth, false);
    if (too_deep || read.is_discarded())
        return fail(ErrorCode::internal, "the answer is not JSON", {}, "does picket listen there?");
    return read;
}

const Json& part_at(const Json& object, std::string_view key) {
    static const Json nothing;
    if (!object.is_object()) return nothing;
    const auto found = object.find(key);
    return found == object.end() ? nothing : *found;
}

std::string text_at(const Json& object, std::string_view key) {
    const Json& value = part_at(object, key);
    return value.is_string() ? value.get<std::string>() : std::string();
}

uint64_t count_at(const Json& object, std::string_view key) {
    const Json& value = part_at(object, key);
    return value.is_number_unsigned() ? value.get<uint64_t>() : 0;
}

double number_at(const Json& object, std::string_view key) {
    const Json& value = part_at(object, key);
    return value.is_number() ? value.get<double>() : 0;
}

bool flag_at(const Json& object, std::string_view key) {
    const Json& value = part_at(object, key);
    return value.is_boolean() && value.get<bool>();
}

std::vector<std::string> texts_at(const Json& object, std::string_view key) {
    std::vector<std::string> out;
    const Json& list = part_at(object, key);
    if (!list.is_array()) return out;
    for (const Json& item : list)
        if (item.is_string()) out.push_back(item.get<std::string>());
    return out;
}

std::string shown(const Json& value) {
    if (value.is_null()) return "-";
    if (value.is_string()) return value.get<std::string>();
    if (value.is_number_unsigned()) return grouped(value.get<uint64_t>());
    if (value.is_number()) return figure_text(value.get<double>());
    if (!value.is_array()) return json_line(value);
    std::string out;
    for (const Json& item : value) out += (out.empty() ? "" : ", ") + shown(item);
    return out;
}

std::string json_line(const Json& value) {
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string figure_text(double value) {
    if (!std::isfinite(value)) return "-";
    const std::string sign = value < 0 ? "-" : "";
    const double size = std::fabs(value);
    if (size > exact_max) return fmt::format("{:.3g}", value);
    if (size >= 1000 || size == std::floor(size))
        return sign + grouped(static_cast<uint64_t>(std::llround(size)));
    return fmt::format("{:.2f}", value);
}

std::string bytes_text(uint64_t bytes) {
    constexpr std::array<std::string_view, 5> units{"bytes", "KiB", "MiB", "GiB", "TiB"};
    auto value = static_cast<double>(bytes);
    size_t unit = 0;
    for (; value >= 1024 && unit + 1 < units.size(); ++unit) value /= 1024;
    return unit == 0 ? fmt::format("{} bytes", bytes) : fmt::format("{:.1f} {}", value, units.at(unit));
}

}  // namespace picket

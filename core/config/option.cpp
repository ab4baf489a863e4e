// SPDX-License-Identifier: Apache-2.0
// The check of one value: a function per type, in one table by OptionType. Every message says what would be
// right before it says what is there, so that it can be acted on without the manual. Any thread.
#include "core/config/option.hpp"

#include <array>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "core/config/option_text.hpp"
#include "core/model/duration.hpp"
#include "core/model/prefix.hpp"
#include "core/model/secret.hpp"

namespace picket {
namespace {

constexpr size_t list_entries_max = 65536;

tl::unexpected<Error> refuse(std::string_view wanted, const RawValue& raw, std::string hint = {}) {
    return fail(ErrorCode::invalid, fmt::format("{}, is {}", wanted, shown_text(raw)), {}, std::move(hint));
}

/// A message of refuse() about a secret.
std::string without_value(const std::string& what) {
    const size_t value = what.find(", is ");
    if (value == std::string::npos) return "cannot be used";
    return fmt::format("{}, is {}", what.substr(0, value), hidden_text);
}

/// A bound or value in the unit of `spec`, as the operator would say it in a sentence: 64, 10ms, 16MiB.
std::string in_words(const OptionSpec& spec, double value) {
    if (spec.type == OptionType::duration)
        return duration_text(static_cast<uint64_t>(std::llround(value * ns_per_second)));
    if (spec.type == OptionType::size) return size_text(static_cast<uint64_t>(value));
    return number_text(value);
}

/// Whether `value` (in the unit of the bounds) is within them, or the sentence that says so.
std::optional<Error> out_of_range(const OptionSpec& spec, double value, const std::string& is) {
    const bool low = spec.min && value < *spec.min;
    const bool high = spec.max && value > *spec.max;
    if (!low && !high) return std::nullopt;
    std::string wanted;
    if (spec.min && spec.max)
        wanted = fmt::format("{}…{}", in_words(spec, *spec.min), in_words(spec, *spec.max));
    else if (low)
        wanted = "at least " + in_words(spec, *spec.min);
    else
        wanted = "at most " + in_words(spec, *spec.max);
    const bool bare = spec.type == OptionType::duration || spec.type == OptionType::size || spec.unit.empty();
    if (!bare) wanted += " " + spec.unit;
    return Error{ErrorCode::invalid, fmt::format("{}, is {}", wanted, is), {}, {}};
}

template <typename T>
Result<OptionValue> in_range(const OptionSpec& spec, T value, double measured) {
    if (auto error = out_of_range(spec, measured, in_words(spec, measured)))
        return tl::unexpected<Error>(std::move(*error));
    return OptionValue(value);
}

Result<OptionValue> check_boolean(const OptionSpec&, const RawValue& raw) {
    if (const auto* value = std::get_if<bool>(&raw)) return OptionValue(*value);
    return refuse("true or false", raw);
}

Result<OptionValue> check_integer(const OptionSpec& spec, const RawValue& raw) {
    if (const auto* value = std::get_if<int64_t>(&raw)) {
        // The value itself, not its double, is what the message shows.
        if (auto error = out_of_range(spec, static_cast<double>(*value), std::to_string(*value)))
            return tl::unexpected<Error>(std::move(*error));
        return OptionValue(*value);
    }
    // Lua has one type of number.
    if (const auto* value = std::get_if<double>(&raw))
        if (std::trunc(*value) == *value && std::abs(*value) <= 9007199254740992.0)
            return in_range(spec, static_cast<int64_t>(*value), *value);
    return refuse("a whole number", raw);
}

Result<OptionValue> check_number(const OptionSpec& spec, const RawValue& raw) {
    double value = std::numeric_limits<double>::quiet_NaN();
    if (const auto* whole = std::get_if<int64_t>(&raw)) value = static_cast<double>(*whole);
    if (const auto* number = std::get_if<double>(&raw)) value = *number;
    if (!std::isfinite(value)) return refuse("a number", raw);
    return in_range(spec, value, value);
}

Result<OptionValue> check_text(const OptionSpec&, const RawValue& raw) {
    const auto* value = std::get_if<std::string>(&raw);
    if (value == nullptr) return refuse("a text in quotes", raw);
    // Plugins and the system take texts that end at the first zero byte.
    if (value->find('\0') != std::string::npos) return refuse("a text without zero bytes", raw);
    return OptionValue(*value);
}

Result<OptionValue> check_choice(const OptionSpec& spec, const RawValue& raw) {
    const auto* value = std::get_if<std::string>(&raw);
    std::string wanted = "one of";
    for (const std::string& choice : spec.choices) {
        if (value != nullptr && *value == choice) return OptionValue(*value);
        wanted += fmt::format("{} \"{}\"", wanted == "one of" ? "" : ",", choice);
    }
    std::string hint;
    if (value != nullptr)
        if (const auto near = nearest_name(*value, spec.choices))
            hint = fmt::format("did you mean \"{}\"?", *near);
    return refuse(wanted, raw, std::move(hint));
}

Result<OptionValue> check_duration(const OptionSpec& spec, const RawValue& raw) {
    const auto* text = std::get_if<std::string>(&raw);
    if (text == nullptr) return refuse("a duration such as \"10s\"", raw);
    const auto value = parse_duration_ns(*text);
    if (!value) return refuse("a duration such as \"10s\"", raw, value.error().hint);
    if (*value % ns_per_ms != 0) return refuse("a duration of whole milliseconds", raw);
    return in_range(spec, *value, static_cast<double>(*value) / static_cast<double>(ns_per_second));
}

Result<OptionValue> check_size(const OptionSpec& spec, const RawValue& raw) {
    std::optional<uint64_t> bytes;
    if (const auto* text = std::get_if<std::string>(&raw)) bytes = parse_size(*text);
    if (const auto* whole = std::get_if<int64_t>(&raw); whole != nullptr && *whole >= 0)
        bytes = static_cast<uint64_t>(*whole);
    if (!bytes) return refuse("a size such as \"16MiB\"", raw);
    return in_range(spec, *bytes, static_cast<double>(*bytes));
}

/// The list behind `raw`, or nullptr when it is none or too long.
const std::vector<std::string>* texts_of(const RawValue& raw) {
    const auto* list = std::get_if<std::vector<std::string>>(&raw);
    return list != nullptr && list->size() <= list_entries_max ? list : nullptr;
}

Result<OptionValue> check_text_list(const OptionSpec&, const RawValue& raw) {
    const auto* list = texts_of(raw);
    if (list == nullptr) return refuse("a list of texts such as [\"a\", \"b\"]", raw);
    for (const std::string& entry : *list)
        if (entry.find('\0') != std::string::npos) return refuse("texts without zero bytes", RawValue(entry));
    return OptionValue(*list);
}

Result<OptionValue> check_prefixes(const OptionSpec&, const RawValue& raw) {
    const auto* list = texts_of(raw);
    if (list == nullptr) return refuse("a list of prefixes such as [\"10.0.0.0/8\"]", raw);
    for (const std::string& entry : *list) {
        auto prefix = Prefix::parse(entry);
        if (!prefix) return tl::unexpected<Error>(std::move(prefix.error()));
    }
    return OptionValue(*list);
}

Result<OptionValue> check_ports(const OptionSpec&, const RawValue& raw) {
    std::vector<PortRange> out;
    if (const auto* ranges = std::get_if<std::vector<PortRange>>(&raw)) {
        if (ranges->size() > list_entries_max) return refuse("at most 65536 ports and ranges", raw);
        for (const PortRange& range : *ranges)
            if (range.first > range.last)
                return refuse("a range of ports from low to high",
                              RawValue(fmt::format("{}-{}", range.first, range.last)));
        return OptionValue(*ranges);
    }
    const auto* list = texts_of(raw);
    if (list == nullptr) return refuse("a list of ports such as [80, \"8000-8100\"]", raw);
    for (const std::string& entry : *list) {
        const auto range = parse_port_range(entry);
        if (!range) return refuse("ports 0…65535 or ranges such as \"8000-8100\"", RawValue(entry));
        out.push_back(*range);
    }
    return OptionValue(std::move(out));
}

using Check = Result<OptionValue> (*)(const OptionSpec&, const RawValue&);
// In the order of OptionType.
constexpr std::array<Check, 10> checks{check_boolean,  check_integer,  check_number, check_text,
                                       check_choice,   check_duration, check_size,   check_text_list,
                                       check_prefixes, check_ports};

}  // namespace

Result<OptionValue> check_option(const OptionSpec& spec, const RawValue& raw) {
    if (std::holds_alternative<std::monostate>(raw)) return fail(ErrorCode::invalid, "required, is missing");
    auto value = checks.at(static_cast<size_t>(spec.type))(spec, raw);
    if (value || !is_secret_name(spec.name)) return value;
    return fail(ErrorCode::invalid, without_value(value.error().what));
}

std::string option_text(const OptionSpec& spec, const OptionValue& value) {
    if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
    if (const auto* whole = std::get_if<int64_t>(&value)) return std::to_string(*whole);
    if (const auto* number = std::get_if<double>(&value)) return float_text(*number);
    if (const auto* text = std::get_if<std::string>(&value)) return quote_text(*text);
    if (const auto* units = std::get_if<uint64_t>(&value))
        return quote_text(spec.type == OptionType::duration ? duration_text(*units) : size_text(*units));
    if (const auto* list = std::get_if<std::vector<std::string>>(&value)) return list_text(*list);
    return ports_text(std::get<std::vector<PortRange>>(value));
}

}  // namespace picket

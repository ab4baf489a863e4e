// SPDX-License-Identifier: Apache-2.0
// Readers of single values, and the one form of all complaints. Engine thread.
#include "core/policy/read.hpp"

#include <cmath>

#include <fmt/format.h>

#include "core/config/option.hpp"
#include "core/config/option_text.hpp"
#include "core/model/duration.hpp"

namespace picket {

void Problems::add(std::string_view what) const {
    std::string text = thing_.empty() ? std::string(what) : fmt::format("{}: {}", thing_, what);
    out_.push_back(Error{ErrorCode::invalid, std::move(text), where_, {}});
}

void Problems::unknown(std::string_view kind, std::string_view name,
                       const std::vector<std::string>& known) const {
    if (const auto near = nearest_name(name, known))
        return add(fmt::format("unknown {} '{:.60}', did you mean '{}'?", kind, name, *near));
    std::string list;
    for (const std::string& one : known) list += (list.empty() ? "" : ", ") + one;
    add(fmt::format("unknown {} '{:.60}'; there is {}", kind, name, list.empty() ? "none" : list));
}

Problems Problems::inner(std::string_view thing) const {
    return {out_, where_, thing_.empty() ? std::string(thing) : fmt::format("{}: {}", thing_, thing)};
}

Complaint read_text(const LuaValue& value, std::string& out, size_t bytes_max) {
    if (!value.is(LuaValue::Type::text)) return fmt::format("a text, is {}", value.shown());
    if (value.text.empty() || value.text.size() > bytes_max)
        return fmt::format("a text of 1…{} bytes, has {}", bytes_max, value.text.size());
    out = value.text;
    return std::nullopt;
}

Complaint read_count(const LuaValue& value, double min, double max, double& out) {
    const bool whole = value.is(LuaValue::Type::number) && std::trunc(value.number) == value.number;
    if (!whole || value.number < min || value.number > max)
        return fmt::format("{}…{}, is {}", number_text(min), number_text(max), value.shown());
    out = value.number;
    return std::nullopt;
}

Complaint read_duration(const LuaValue& value, uint64_t min_ns, uint64_t max_ns, uint64_t& out_ns) {
    uint64_t duration_ns = 0;
    if (value.is(LuaValue::Type::text)) {
        const auto parsed = parse_duration_ns(value.text);
        if (!parsed) return fmt::format("a duration such as \"10s\", is {}", value.shown());
        duration_ns = *parsed;
    } else if (const LuaValue* seconds = value.field("seconds");
               value.kind == "duration" && seconds != nullptr) {
        if (!(seconds->number >= 0 && seconds->number < 1e9)) return "a duration such as \"10s\"";
        duration_ns =
            static_cast<uint64_t>(std::llround(seconds->number * static_cast<double>(ns_per_second)));
    } else {
        return fmt::format("a duration such as \"10s\", is {}", value.shown());
    }
    if (duration_ns < min_ns || duration_ns > max_ns)
        return fmt::format("{}…{}, is {}", duration_text(min_ns), duration_text(max_ns),
                           duration_text(duration_ns));
    out_ns = duration_ns;
    return std::nullopt;
}

std::vector<const LuaValue*> one_or_many(const LuaValue& value) {
    std::vector<const LuaValue*> out;
    if (!value.is(LuaValue::Type::table) || !value.kind.empty()) return {&value};
    for (const LuaValue& entry : value.list) out.push_back(&entry);
    return out;
}

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// Readers of counters, keys and measures. Tables of fields say what can stand where; a wrong name is answered
// with the nearest right one. Engine thread.
#include "core/policy/declare.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "core/model/duration.hpp"

namespace picket {
namespace {

constexpr uint64_t window_min_ns = ns_per_second;
constexpr uint64_t window_max_ns = 24 * 3600 * ns_per_second;
constexpr size_t name_bytes_max = 40;
constexpr size_t measures_max = 16;
constexpr size_t key_parts_max = 4;
constexpr size_t counters_max = 32;

bool is_name(std::string_view name) {
    const bool letters =
        name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
    return letters && !name.empty() && name.size() <= name_bytes_max && (name[0] < '0' || name[0] > '9');
}

std::vector<std::string> field_names() {
    std::vector<std::string> out;
    for (const FieldInfo& field : field_table) out.emplace_back(field.name);
    return out;
}

const FieldInfo* field_of(std::string_view name) {
    for (const FieldInfo& field : field_table)
        if (field.name == name) return &field;
    return nullptr;
}

bool parse_bits(std::string_view text, uint8_t max, uint8_t& out) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return error == std::errc() && end == text.data() + text.size() && out >= 1 && out <= max;
}

/// "src", "src/24", { "src", v4 = 24, v6 = 64 } or { field = "src", … }.
std::optional<KeyPart> read_key_part(const LuaValue& value, const Problems& problems) {
    const LuaValue* named = value.list.empty() ? value.field("field") : value.list.data();
    const std::string& text = value.is(LuaValue::Type::text) || named == nullptr ? value.text : named->text;
    const size_t slash = text.find('/');
    const std::string name = text.substr(0, slash);
    const FieldInfo* field = field_of(name);
    if (field == nullptr) {
        if (name.empty())
            problems.add(fmt::format("a field such as \"src\", is {}", value.shown()));
        else
            problems.unknown("field", name, field_names());
        return std::nullopt;
    }
    KeyPart part{field->field, 32, 128};
    bool right =
        slash == std::string::npos || parse_bits(std::string_view(text).substr(slash + 1), 32, part.v4_bits);
    if (!right) problems.add(fmt::format("'{:.40}': a length of 1…32 after the slash", text));
    const std::array<FieldReader<KeyPart>, 2> lengths{{
        {"v4",
         [](const LuaValue& bits, KeyPart& out) {
             double number = 0;
             auto wrong = read_count(bits, 1, 32, number);
             if (!wrong) out.v4_bits = static_cast<uint8_t>(number);
             return wrong;
         }},
        {"v6",
         [](const LuaValue& bits, KeyPart& out) {
             double number = 0;
             auto wrong = read_count(bits, 1, 128, number);
             if (!wrong) out.v6_bits = static_cast<uint8_t>(number);
             return wrong;
         }},
    }};
    const size_t before = problems.errors().size();
    if (value.is(LuaValue::Type::table)) read_fields<KeyPart>(value, lengths, part, problems, {"field"});
    if (!field->is_address && (part.v4_bits != 32 || part.v6_bits != 128)) {
        problems.add(fmt::format("'{}' is no address: it has no prefix length", name));
        right = false;
    }
    return right && before == problems.errors().size() ? std::optional(part) : std::nullopt;
}

std::vector<KeyPart> read_key(const LuaValue& by, const Problems& problems) {
    std::vector<KeyPart> out;
    std::vector<const LuaValue*> parts;
    if (by.is(LuaValue::Type::text))
        parts.push_back(&by);
    else
        for (const LuaValue& part : by.list) parts.push_back(&part);
    if (!by.fields.empty()) problems.add("a list of fields: by = { \"src\", \"dst\" }");
    if (parts.size() > key_parts_max) problems.add(fmt::format("at most {} fields", key_parts_max));
    for (const LuaValue* part : parts) {
        const auto key = read_key_part(*part, problems);
        if (!key) continue;
        const bool twice =
            std::any_of(out.begin(), out.end(), [&](const KeyPart& k) { return k.field == key->field; });
        if (twice) problems.add(fmt::format("'{}' stands twice", info_of(key->field).name));
        out.push_back(*key);
    }
    return out;
}

struct MeasureKindInfo {
    std::string_view name;
    MeasureKind kind;
    bool of_field;
};
constexpr std::array<MeasureKindInfo, 8> measure_kinds{{
    {"packets", MeasureKind::packets, false},
    {"bytes", MeasureKind::bytes, false},
    {"flows", MeasureKind::flows, false},
    {"distinct", MeasureKind::distinct, true},
    {"longest_run", MeasureKind::longest_run, true},
    {"entropy", MeasureKind::entropy, true},
    {"new", MeasureKind::fresh, true},
    {"baseline", MeasureKind::baseline, false},
}};

/// Which option belongs to which kinds of measure.
struct MeasureOption {
    FieldReader<MeasureDecl> reader;
    std::vector<MeasureKind> kinds;
};
const std::vector<MeasureOption>& measure_options() {
    using Kind = MeasureKind;
    static const std::vector<MeasureOption> options{
        {{"values_max",
          [](const LuaValue& value, MeasureDecl& out) {
              double number = 0;
              auto wrong = read_count(value, 16, 1 << 20, number);
              out.values_max = static_cast<uint32_t>(number);
              return wrong;
          }},
         {Kind::distinct, Kind::longest_run, Kind::entropy, Kind::fresh}},
        {{"memory",
          [](const LuaValue& value, MeasureDecl& out) {
              return read_duration(value, ns_per_second, 7 * window_max_ns, out.memory_ns);
          }},
         {Kind::fresh}},
        {{"alpha",
          [](const LuaValue& value, MeasureDecl& out) -> Complaint {
              out.alpha = value.number;
              if (value.number > 0 && value.number <= 1) return std::nullopt;
              return fmt::format("more than 0, up to 1, is {}", value.shown());
          }},
         {Kind::baseline}},
        {{"warmup",
          [](const LuaValue& value, MeasureDecl& out) {
              double number = 0;
              auto wrong = read_count(value, 1, 100000, number);
              out.warmup = static_cast<uint32_t>(number);
              return wrong;
          }},
         {Kind::baseline}},
    };
    return options;
}

/// Splits the table of a measure into its own options and its filter.
void read_measure_fields(const LuaValue& value, MeasureDecl& out, const Problems& problems) {
    std::vector<FieldReader<MeasureDecl>> readers;
    std::vector<std::string> own;
    for (const MeasureOption& option : measure_options()) {
        if (std::find(option.kinds.begin(), option.kinds.end(), out.kind) == option.kinds.end()) continue;
        readers.push_back(option.reader);
        own.emplace_back(option.reader.name);
    }
    LuaValue options;
    LuaValue conditions;
    for (const LuaField& entry : value.fields) {
        const bool mine = std::find(own.begin(), own.end(), entry.name) != own.end();
        (mine ? options : conditions).fields.push_back(entry);
    }
    read_fields<MeasureDecl>(options, readers, out, problems);
    if (conditions.fields.empty()) return;
    if (out.kind == MeasureKind::baseline) {
        problems.unknown("field", conditions.fields.front().name, own);
        return;
    }
    read_fields<Filter>(conditions, filter_fields(), out.filter.emplace(), problems, own);
}

std::optional<MeasureDecl> read_measure(const LuaField& entry, const Problems& problems) {
    const auto kind =
        std::find_if(measure_kinds.begin(), measure_kinds.end(),
                     [&](const MeasureKindInfo& info) { return info.name == entry.value.what; });
    if (entry.value.kind != "measure" || kind == measure_kinds.end()) {
        problems.add(fmt::format("a measure such as packets(), is {}", entry.value.shown()));
        return std::nullopt;
    }
    MeasureDecl out;
    out.name = entry.name;
    out.kind = kind->kind;
    const std::vector<LuaValue>& of = entry.value.list;
    const bool takes_name = kind->of_field || out.kind == MeasureKind::baseline;
    if (of.size() != (takes_name ? 1 : 0) || (takes_name && !of[0].is(LuaValue::Type::text))) {
        problems.add(takes_name ? fmt::format("{} takes one name, first in the braces", kind->name)
                                : fmt::format("{} takes conditions only", kind->name));
        return std::nullopt;
    }
    if (out.kind == MeasureKind::baseline) out.of = of[0].text;
    if (kind->of_field) {
        const FieldInfo* field = field_of(of[0].text);
        if (field == nullptr) {
            problems.unknown("field", of[0].text, field_names());
            return std::nullopt;
        }
        const bool numbers = !field->is_address;
        if (out.kind == MeasureKind::longest_run && !numbers) {
            problems.add(fmt::format("longest_run is of numbers; '{}' is an address", field->name));
            return std::nullopt;
        }
        out.field = field->field;
    }
    read_measure_fields(entry.value, out, problems);
    return out;
}

/// Names that a row has by itself.
constexpr std::array<std::string_view, 4> row_names{"limit", "samples", "error", "past"};

void read_measures(const LuaValue& value, CounterDecl& out, const Problems& problems) {
    for (const LuaField* entry : in_order(value)) {
        const Problems inner = problems.inner(fmt::format("measure '{:.60}'", entry->name));
        bool taken = std::find(row_names.begin(), row_names.end(), entry->name) != row_names.end();
        for (const KeyPart& part : out.by) taken = taken || info_of(part.field).name == entry->name;
        if (!is_name(entry->name)) inner.add("a name of a-z, 0-9 and _, not over 40 letters");
        if (taken) inner.add("a row has something else of that name");
        if (auto measure = read_measure(*entry, inner)) out.measures.push_back(std::move(*measure));
    }
    for (const MeasureDecl& measure : out.measures) {
        if (measure.kind != MeasureKind::baseline) continue;
        std::vector<std::string> others;
        for (const MeasureDecl& other : out.measures)
            if (other.kind != MeasureKind::baseline) others.push_back(other.name);
        if (std::find(others.begin(), others.end(), measure.of) == others.end())
            problems.inner(fmt::format("measure '{}'", measure.name)).unknown("measure", measure.of, others);
    }
    if (value.fields.empty() || !value.list.empty())
        problems.add("measure: names, as in { packets = packets() }");
    if (out.measures.size() > measures_max) problems.add(fmt::format("at most {} measures", measures_max));
}

constexpr std::array<FieldReader<CounterDecl>, 4> counter_fields{{
    {"opened_by",
     [](const LuaValue& value, CounterDecl& out) { return read_directions(value, out.opened_by); }},
    {"window",
     [](const LuaValue& value, CounterDecl& out) {
         return read_duration(value, window_min_ns, window_max_ns, out.window_ns);
     }},
    {"rows_max",
     [](const LuaValue& value, CounterDecl& out) {
         double number = 0;
         auto wrong = read_count(value, 1, 1 << 22, number);
         out.rows_max = static_cast<uint32_t>(number);
         return wrong;
     }},
    {"history",
     [](const LuaValue& value, CounterDecl& out) {
         double number = 0;
         auto wrong = read_count(value, 1, 60, number);
         out.history = static_cast<uint32_t>(number);
         return wrong;
     }},
}};

void read_counter_fields(const LuaValue& value, CounterDecl& out, const Problems& problems) {
    LuaValue own;
    LuaValue conditions;
    for (const LuaField& entry : value.fields) {
        const bool mine = std::any_of(counter_fields.begin(), counter_fields.end(),
                                      [&](const auto& reader) { return reader.name == entry.name; });
        (mine ? own : conditions).fields.push_back(entry);
    }
    read_fields<CounterDecl>(own, counter_fields, out, problems);
    read_fields<Filter>(conditions, filter_fields(), out.filter, problems,
                        {"by", "measure", "window", "rows_max", "history", "opened_by"});
    if (const LuaValue* by = value.field("by")) out.by = read_key(*by, problems.inner("by"));
    if (value.field("window") == nullptr) problems.add("window is missing");
    static const LuaValue nothing;
    const LuaValue* measures = value.field("measure");
    read_measures(measures != nullptr ? *measures : nothing, out, problems);
}

}  // namespace

std::vector<CounterDecl> read_counters(const std::string& policy, const LuaValue& counters,
                                       const std::string& file, std::vector<Error>& errors) {
    std::vector<CounterDecl> out;
    const Problems whole(errors, file, "counters");
    if (!counters.is(LuaValue::Type::table) || !counters.list.empty() || counters.fields.empty()) {
        whole.add(fmt::format("a table of names, each a counter, is {}", counters.shown()));
        return out;
    }
    if (counters.fields.size() > counters_max) whole.add(fmt::format("at most {}", counters_max));
    for (const LuaField* entry : in_order(counters)) {
        const LuaValue& value = entry->value;
        const Problems problems(errors, value.where.empty() ? file : value.where,
                                fmt::format("counter '{:.60}'", entry->name));
        if (!is_name(entry->name)) problems.add("a name of a-z, 0-9 and _, not over 40 letters");
        if (value.kind != "counter") {
            problems.add(fmt::format("counter {{ … }}, is {}", value.shown()));
            continue;
        }
        if (!value.list.empty()) problems.add("names, not a list");
        CounterDecl decl;
        decl.policy = policy;
        decl.name = entry->name;
        read_counter_fields(value, decl, problems);
        out.push_back(std::move(decl));
    }
    return out;
}

}  // namespace picket

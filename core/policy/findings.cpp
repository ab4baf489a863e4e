// SPDX-License-Identifier: Apache-2.0
// What a finding says comes from the policy, what it rests on from the row: its measures, and the limits of
// the over() that gave it. A row with baselines stops learning, so that an attack does not become normal.
#include "core/policy/findings.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "core/model/duration.hpp"

namespace picket {
namespace {

constexpr size_t type_bytes_max = 64;
constexpr size_t name_bytes_max = 128;
constexpr size_t reason_bytes_max = 400;
constexpr size_t extra_measures_max = 16;
// Findings keep coming while an attack goes on; after the last one the baseline may learn again.
constexpr uint64_t freeze_ns = 60 * ns_per_second;

struct FindingFields {
    Finding finding;
    const void* row = nullptr;
    std::vector<std::pair<std::string, double>> extra;
};

Complaint read_type(const LuaValue& value, FindingFields& out) {
    auto wrong = read_text(value, out.finding.type, type_bytes_max);
    const bool letters =
        value.text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
    if (!wrong && !letters) wrong = fmt::format("a name of a-z, 0-9 and _, is {}", value.shown());
    return wrong;
}

Complaint read_severity(const LuaValue& value, FindingFields& out) {
    const auto found = std::find(severity_names.begin(), severity_names.end(), value.text);
    if (!value.is(LuaValue::Type::text) || found == severity_names.end())
        return fmt::format("info, low, medium, high or critical, is {}", value.shown());
    out.finding.severity = static_cast<Severity>(found - severity_names.begin());
    return std::nullopt;
}

Complaint read_confidence(const LuaValue& value, FindingFields& out) {
    if (!(value.is(LuaValue::Type::number) && value.number >= 0 && value.number <= 1))
        return fmt::format("0…1, is {}", value.shown());
    out.finding.confidence = value.number;
    return std::nullopt;
}

/// Cut at a whole UTF-8 character.
Complaint read_reason(const LuaValue& value, FindingFields& out) {
    if (!value.is(LuaValue::Type::text)) return fmt::format("a text, is {}", value.shown());
    size_t length = std::min(value.text.size(), reason_bytes_max);
    while (length > 0 && length < value.text.size() &&
           (static_cast<uint8_t>(value.text[length]) & 0xc0) == 0x80)
        --length;
    out.finding.reason = value.text.substr(0, length);
    return std::nullopt;
}

Complaint read_row(const LuaValue& value, FindingFields& out) {
    if (!value.is(LuaValue::Type::row)) return fmt::format("a row, is {}", value.shown());
    out.row = value.row;
    return std::nullopt;
}

Complaint read_extra(const LuaValue& value, FindingFields& out) {
    if (!value.is(LuaValue::Type::table) || !value.list.empty()) return "names with numbers";
    if (value.fields.size() > extra_measures_max) return fmt::format("at most {}", extra_measures_max);
    for (const LuaField& entry : value.fields) {
        const bool right = entry.value.is(LuaValue::Type::number) && std::isfinite(entry.value.number);
        if (!right) return fmt::format("names with numbers; {} is {}", entry.name, entry.value.shown());
        out.extra.emplace_back(entry.name.substr(0, type_bytes_max), entry.value.number);
    }
    return std::nullopt;
}

constexpr std::array<FieldReader<FindingFields>, 8> finding_fields{{
    {"type", read_type},
    {"subject", [](const LuaValue& value,
                   FindingFields& out) { return read_text(value, out.finding.subject, name_bytes_max); }},
    {"target", [](const LuaValue& value,
                  FindingFields& out) { return read_text(value, out.finding.target, name_bytes_max); }},
    {"severity", read_severity},
    {"confidence", read_confidence},
    {"reason", read_reason},
    {"row", read_row},
    {"measures", read_extra},
}};

void take_row(const RowHandle& row, RowBindings& rows, uint64_t tick_end_ns, Finding& out) {
    const CounterDecl& decl = rows.declaration(row);
    Counters& counters = rows.counters();
    bool baselines = false;
    for (uint32_t i = 0; i < decl.measures.size(); ++i) {
        out.measures.emplace_back(decl.measures[i].name, counters.value(rows.ref(row), i));
        baselines = baselines || decl.measures[i].kind == MeasureKind::baseline;
    }
    for (const Limit& limit : rows.limits(row))
        out.limits.emplace_back(decl.measures[limit.measure].name, limit.at_least);
    if (baselines && !rows.passive()) counters.freeze_baselines(rows.ref(row), tick_end_ns + freeze_ns);
}

}  // namespace

Finding read_finding(const LuaValue& value, RowBindings& rows, uint64_t tick_end_ns,
                     std::vector<Error>& errors) {
    const Problems problems(errors, {}, "finding");
    FindingFields fields;
    if (!value.is(LuaValue::Type::table)) problems.add("finding { type = …, subject = … }");
    read_fields<FindingFields>(value, finding_fields, fields, problems);
    for (const std::string_view name : {"type", "subject", "reason"})
        if (value.field(name) == nullptr) problems.add(fmt::format("{} is missing", name));
    if (fields.row != nullptr) {
        if (const RowHandle* row = rows.row_of(fields.row))
            take_row(*row, rows, tick_end_ns, fields.finding);
        else
            problems.inner("row").add(rows.error());
    }
    for (auto& extra : fields.extra) fields.finding.measures.push_back(std::move(extra));
    fields.finding.time_ns = tick_end_ns;
    return std::move(fields.finding);
}

}  // namespace picket

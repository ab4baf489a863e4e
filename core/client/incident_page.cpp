// SPDX-License-Identifier: Apache-2.0
// Incidents to text. Main thread.
#include "core/client/incident_page.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/terminal/table.hpp"
#include "core/terminal/terminal.hpp"

namespace picket {
namespace {

Severity severity_of(const Json& incident) {
    const auto* const found =
        std::find(severity_names.begin(), severity_names.end(), text_at(incident, "severity"));
    return found == severity_names.end() ? Severity::low
                                         : static_cast<Severity>(found - severity_names.begin());
}

std::string line(std::string_view label, std::string_view text) {
    return text.empty() ? "" : fmt::format("{:<11} {}\n", label, printable(text));
}

/// A text of several lines, each under the other.
std::string lines(std::string_view label, std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const size_t end = std::min(text.find('\n'), text.size());
        out += line(out.empty() ? label : "", end == 0 ? " " : text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

std::string targets(const Json& incident) {
    std::string out = shown(part_at(incident, "targets"));
    const uint64_t more = count_at(incident, "targets_more");
    if (out == "-") out.clear();
    return more > 0 ? fmt::format("{}, and {} findings toward others", out, grouped(more)) : out;
}

std::string measures(const Json& values) {
    std::string out;
    if (!values.is_object()) return out;
    for (const auto& [name, value] : values.items())
        out += fmt::format("{}{} {}", out.empty() ? "" : ", ", shown(value), name);
    return out;
}

std::string measure_table(const Json& list, bool colours) {
    if (!list.is_array() || list.empty()) return {};
    std::vector<std::vector<std::string>> rows;
    for (const Json& measure : list)
        rows.push_back({text_at(measure, "name"), shown(part_at(measure, "value")),
                        shown(part_at(measure, "limit")), shown(part_at(measure, "margin"))});
    return "\n" +
           table_text({{"measure", 0, false}, {"value", 0, true}, {"limit", 0, true}, {"margin", 0, true}},
                      rows, colours);
}

std::string param_table(const Json& policy, bool colours) {
    const Json& params = part_at(policy, "params");
    if (!params.is_array() || params.empty()) return {};
    std::vector<std::vector<std::string>> rows;
    for (const Json& param : params)
        rows.push_back({text_at(param, "name"), shown(part_at(param, "value")), text_at(param, "origin"),
                        text_at(param, "help")});
    return "\n" +
           table_text(
               {{"parameter", 0, false}, {"value", 0, false}, {"from", 0, false}, {"meaning", 0, false}},
               rows, colours);
}

}  // namespace

std::string incident_table(const std::vector<Json>& incidents, bool colours) {
    static const std::array<std::string_view, 8> keys{"id",       "severity", "status",  "opened",
                                                      "findings", "type",     "subject", "reason"};
    std::vector<Column> columns;
    for (const std::string_view key : keys)
        columns.push_back({std::string(key), key.size(), key == "findings"});
    std::vector<std::vector<std::string>> rows;
    for (const Json& incident : incidents) {
        std::vector<std::string>& row = rows.emplace_back();
        for (const std::string_view key : keys) {
            row.push_back(printable(shown(part_at(incident, key))));
            if (key == "status" && flag_at(incident, "active")) row.back() += ", active";
        }
        for (size_t i = 0; i < keys.size(); ++i)
            columns[i].width = std::max(columns[i].width, shown_width(row[i]));
    }
    std::string out = table_head(columns, colours);
    for (size_t i = 0; i < rows.size(); ++i) {
        std::string row = table_row(columns, rows[i]);
        row.pop_back();
        out += coloured(severity_of(incidents[i]), row, colours) + "\n";
    }
    return out;
}

std::string incident_text(const Json& incident, bool colours) {
    std::string out =
        coloured(severity_of(incident),
                 printable(fmt::format("{} by {}: {}", text_at(incident, "type"),
                                       text_at(incident, "subject"), text_at(incident, "severity"))),
                 colours);
    out += "\n\n" + line("incident", text_at(incident, "id"));
    out +=
        line("status", text_at(incident, "status") + (flag_at(incident, "active") ? ", still active" : ""));
    out += line("reason", text_at(incident, "reason"));
    out += line("policy", fmt::format("{}, confidence {:.2f}", text_at(incident, "policy"),
                                      number_at(incident, "confidence")));
    out += line("opened", text_at(incident, "opened"));
    out += line("last", text_at(incident, "last"));
    out += line("closed", text_at(incident, "closed"));
    out += line("findings", grouped(count_at(incident, "findings")));
    out += line("targets", targets(incident));
    out += line("at most", measures(part_at(incident, "measures")));
    out += lines("note", text_at(incident, "note"));
    const std::string by = text_at(incident, "changed_by");
    return out + (by.empty() ? "" : line("changed", text_at(incident, "changed") + " by " + by));
}

std::string explain_text(const Json& explained, bool colours) {
    std::string out;
    for (const std::string& sentence : texts_at(explained, "sentences")) out += printable(sentence) + "\n";
    out += measure_table(part_at(explained, "measures"), colours);
    const Json& policy = part_at(explained, "policy");
    if (policy.is_object())
        out += "\n" + line("policy", fmt::format("{}, {}, content {}",
                                                 text_at(part_at(explained, "incident"), "policy"),
                                                 text_at(policy, "state"), text_at(policy, "hash")));
    return out + param_table(policy, colours);
}

}  // namespace picket

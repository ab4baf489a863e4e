// SPDX-License-Identifier: Apache-2.0
// Events as JSON with nlohmann::ordered_json. Any thread.
#include "core/api/event_json.hpp"

#include "core/api/json.hpp"

namespace picket {
namespace {

double rounded(double value, double steps) { return std::round(value * steps) / steps; }

}  // namespace

Json finding_object(const Finding& finding, const std::string& incident_id) {
    return Json{{"time", time_text(finding.time_ns)},
                {"type", finding.type},
                {"subject", finding.subject},
                {"target", finding.target},
                {"policy", finding.policy},
                {"severity", name_of(finding.severity)},
                {"confidence", finding.confidence},
                {"reason", finding.reason},
                {"measures", json_numbers(finding.measures)},
                {"limits", json_numbers(finding.limits)},
                {"incident", incident_id}};
}

Json incident_object(const IncidentRecord& record) {
    const Incident& incident = record.incident;
    return Json{{"id", incident.id},
                {"type", incident.type},
                {"subject", incident.subject},
                {"policy", incident.policy},
                {"severity", name_of(incident.severity)},
                {"confidence", incident.confidence},
                {"reason", incident.reason},
                {"status", name_of(record.status)},
                {"active", incident.active()},
                {"opened", time_text(incident.opened_ns)},
                {"last", time_text(incident.last_ns)},
                {"closed", json_time(incident.closed_ns)},
                {"findings", incident.findings},
                {"targets", incident.targets},
                {"targets_more", incident.targets_more},
                {"measures", json_numbers(incident.peaks)},
                {"note", record.note},
                {"changed_by", record.changed_by},
                {"changed", json_time(record.changed_ns)}};
}

std::string finding_json(const Finding& finding, const Incident& incident) {
    Json out{{"event", "finding"}};
    out.update(finding_object(finding, incident.id));
    return line_of(out);
}

std::string incident_json(const Incident& incident) {
    const bool open = incident.active();
    return line_of(Json{{"event", "incident"},
                        {"time", time_text(open ? incident.opened_ns : incident.closed_ns)},
                        {"type", incident.type},
                        {"subject", incident.subject},
                        {"target", incident.targets.empty() ? "" : incident.targets.front()},
                        {"policy", incident.policy},
                        {"severity", name_of(incident.severity)},
                        {"confidence", incident.confidence},
                        {"reason", incident.reason},
                        {"measures", json_numbers(incident.peaks)},
                        {"incident", incident.id},
                        {"status", open ? "open" : "closed"},
                        {"opened", time_text(incident.opened_ns)},
                        {"last", time_text(incident.last_ns)},
                        {"findings", incident.findings},
                        {"targets", incident.targets},
                        {"targets_more", incident.targets_more}});
}

std::string summary_json(const ReplaySummary& summary, uint64_t files_truncated) {
    const double rate = summary.seconds > 0 ? static_cast<double>(summary.packets) / summary.seconds : 0;
    const auto decoded = [&](DecodeResult result) { return summary.decoded.at(static_cast<size_t>(result)); };
    return line_of(Json{{"event", "summary"},
                        {"packets", summary.packets},
                        {"bytes", summary.bytes},
                        {"flows", summary.flows},
                        {"findings", summary.findings},
                        {"incidents", summary.incidents},
                        {"seconds", rounded(summary.seconds, 1e6)},
                        {"packets_per_second", json_number(std::round(rate))},
                        {"dropped", summary.dropped},
                        {"late", summary.late},
                        {"not_ip", decoded(DecodeResult::not_ip)},
                        {"truncated", decoded(DecodeResult::truncated)},
                        {"malformed", decoded(DecodeResult::malformed)},
                        {"unknown_link_type", decoded(DecodeResult::unknown_link_type)},
                        {"truncated_files", files_truncated}});
}

}  // namespace picket

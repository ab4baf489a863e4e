// SPDX-License-Identifier: Apache-2.0
// Events as JSON with nlohmann::ordered_json. Any thread.
#include "core/api/event_json.hpp"

#include <cmath>

#include <nlohmann/json.hpp>

#include "core/model/duration.hpp"

namespace picket {
namespace {

using Json = nlohmann::ordered_json;

/// Counts are kept as doubles, but are whole numbers to who reads them.
Json number(double value) {
    constexpr double exact_max = 9007199254740992.0;  // 2^53
    if (std::trunc(value) == value && std::abs(value) <= exact_max) return static_cast<int64_t>(value);
    return value;
}

Json numbers(const std::vector<std::pair<std::string, double>>& values) {
    Json out = Json::object();
    for (const auto& [name, value] : values) out[name] = number(value);
    return out;
}

/// Names from packets or policies may be any bytes.
std::string line_of(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

double rounded(double value, double steps) { return std::round(value * steps) / steps; }

}  // namespace

std::string finding_json(const Finding& finding, const Incident& incident) {
    return line_of(Json{{"event", "finding"},
                        {"time", time_text(finding.time_ns)},
                        {"type", finding.type},
                        {"subject", finding.subject},
                        {"target", finding.target},
                        {"policy", finding.policy},
                        {"severity", name_of(finding.severity)},
                        {"confidence", finding.confidence},
                        {"reason", finding.reason},
                        {"measures", numbers(finding.measures)},
                        {"limits", numbers(finding.limits)},
                        {"incident", incident.id}});
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
                        {"measures", numbers(incident.peaks)},
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
                        {"packets_per_second", number(std::round(rate))},
                        {"dropped", summary.dropped},
                        {"late", summary.late},
                        {"not_ip", decoded(DecodeResult::not_ip)},
                        {"truncated", decoded(DecodeResult::truncated)},
                        {"malformed", decoded(DecodeResult::malformed)},
                        {"unknown_link_type", decoded(DecodeResult::unknown_link_type)},
                        {"truncated_files", files_truncated}});
}

}  // namespace picket

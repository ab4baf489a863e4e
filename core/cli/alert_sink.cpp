// SPDX-License-Identifier: Apache-2.0
// Findings to requests. Engine thread.
#include "core/cli/alert_sink.hpp"

#include <charconv>
#include <cstring>

#include <fmt/format.h>

#include "core/cli/event_json.hpp"

namespace picket {

ActionRequest alert_request(const Finding& finding, const Incident& incident) {
    ActionRequest request;
    uint64_t incident_number = 0;
    std::from_chars(incident.id.data(), incident.id.data() + incident.id.size(), incident_number, 16);
    // The incident and the count of its findings: the same finding always asks with the same id.
    std::memcpy(request.id.data(), &incident_number, sizeof incident_number);
    std::memcpy(request.id.data() + sizeof incident_number, &incident.findings, sizeof incident.findings);
    request.action = "alert";
    request.target = finding.subject;
    request.reason = finding.reason;
    request.params_json = finding_json(finding, incident);
    return request;
}

void AlertSink::on_finding(const Finding& finding, const Incident& incident) {
    const ActionRequest request = alert_request(finding, incident);
    for (const auto& worker : workers_) worker->push(request);
}

void AlertSink::on_incident(const Incident& incident) {
    const bool open = incident.status == IncidentStatus::open;
    log_(PICKET_LOG_INFO,
         fmt::format("incident {} {}: {} {}, {} findings", incident.id, open ? "opened" : "closed",
                     incident.type, incident.subject, incident.findings));
}

}  // namespace picket

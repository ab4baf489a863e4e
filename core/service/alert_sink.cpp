// SPDX-License-Identifier: Apache-2.0
// Findings to requests. Engine thread; what came of them is told on the worker's.
#include "core/service/alert_sink.hpp"

#include <bit>
#include <charconv>
#include <cstring>

#include <fmt/format.h>

#include "core/api/event_json.hpp"
#include "core/engine/clock.hpp"

namespace picket {

RunningAction run_action(std::unique_ptr<ActionInstance> instance, const Log& log, ActionObserver observe) {
    const std::string name = instance->plugin().name;
    // A lasting fault fails every request: a few lines of it are enough.
    auto done = [log, name, observe = std::move(observe),
                 failures = uint64_t{0}](const ActionRequest& request, const ActionResult& result) mutable {
        if (observe) observe(request, result);
        if (result.status == PICKET_OK || !std::has_single_bit(++failures)) return;
        log(PICKET_LOG_ERROR, fmt::format("action {}: {} ({}; failure {})", name, result.text,
                                          status_name(result.status), failures));
    };
    auto worker = std::make_unique<ActionWorker>(*instance, ActionWorkerConfig{}, wall_ns, std::move(done));
    return {std::move(instance), std::move(worker)};
}

ActionRequest alert_request(const Finding& finding, const Incident& incident) {
    ActionRequest request;
    uint64_t incident_number = 0;
    std::from_chars(incident.id.data(), incident.id.data() + incident.id.size(), incident_number, 16);
    std::memcpy(request.id.data(), &incident_number, sizeof incident_number);
    std::memcpy(request.id.data() + sizeof incident_number, &incident.findings, sizeof incident.findings);
    request.action = "alert";
    request.target = finding.subject;
    request.reason = finding.reason;
    request.params_json = finding_json(finding, incident);
    return request;
}

void AlertSink::on_finding(const Finding& finding, const Incident& incident) {
    ActionRequest request = alert_request(finding, incident);
    request.crossed_ns = finding.time_ns - tick_ns_;
    // A refused one is in the worker's count of dropped ones.
    for (const RunningAction& action : actions_) action.worker->apply(request);
}

void AlertSink::on_incident(const Incident& incident) {
    const bool open = incident.active();
    log_(PICKET_LOG_INFO,
         fmt::format("incident {} {}: {} {}, {} findings", incident.id, open ? "opened" : "closed",
                     incident.type, incident.subject, incident.findings),
         {{"incident", incident.id}, {"type", incident.type}, {"subject", incident.subject}});
}

}  // namespace picket

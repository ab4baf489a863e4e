// SPDX-License-Identifier: Apache-2.0
// Events of the engine as requests to the action plugins: each finding and incident is an "alert" whose
// parameters are the event's JSON form. Engine thread.
#pragma once
#include <memory>
#include <vector>

#include "core/cli/action_worker.hpp"
#include "core/response/incidents.hpp"

namespace picket {

class AlertSink final : public EventSink {
  public:
    AlertSink(std::vector<std::unique_ptr<ActionWorker>>& workers, Log log)
        : workers_(workers)
        , log_(std::move(log)) {}

    void on_finding(const Finding& finding, const Incident& incident) override;
    void on_incident(const Incident& incident) override;

  private:
    std::vector<std::unique_ptr<ActionWorker>>& workers_;
    Log log_;
};

ActionRequest alert_request(const Finding& finding, const Incident& incident);

}  // namespace picket

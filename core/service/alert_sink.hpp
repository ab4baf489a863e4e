// SPDX-License-Identifier: Apache-2.0
// Findings as requests to the action plugins: each is an "alert" whose parameters are the finding's JSON
// form. The opening and the closing of incidents go to the log. Engine thread.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/plugin/action_worker.hpp"
#include "core/response/incidents.hpp"
#include "core/service/log.hpp"

namespace picket {

/// An instance with its worker, which ends before it.
struct RunningAction {
    std::unique_ptr<ActionInstance> instance;
    std::unique_ptr<ActionWorker> worker;
};
using RunningActions = std::vector<RunningAction>;

/// Told of each request that is done, well or not; on the action's worker.
using ActionObserver = std::function<void(const ActionRequest&, const ActionResult&)>;

/// `instance` is started. Requests that fail are logged: the 1st, 2nd, 4th, 8th… of them.
RunningAction run_action(std::unique_ptr<ActionInstance> instance, const Log& log,
                         ActionObserver observe = {});

class AlertSink final : public EventSink {
  public:
    AlertSink(RunningActions& actions, Log log, uint64_t tick_ns = 100'000'000)
        : actions_(actions)
        , log_(std::move(log))
        , tick_ns_(tick_ns) {}

    void on_finding(const Finding& finding, const Incident& incident) override;
    void on_incident(const Incident& incident) override;

  private:
    RunningActions& actions_;
    Log log_;
    uint64_t tick_ns_;
};

/// The same finding always asks with the same id.
ActionRequest alert_request(const Finding& finding, const Incident& incident);

}  // namespace picket

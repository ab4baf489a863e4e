// SPDX-License-Identifier: Apache-2.0
// What Prometheus is told: histograms that the daemon feeds as things happen, and everything else read from
// its state at the moment of the scrape. No label ever holds an address. Any thread.
#pragma once
#include <memory>
#include <string>

#include "core/api/event_hub.hpp"
#include "core/api/server/shared.hpp"
#include "core/engine/status.hpp"
#include "core/store/store.hpp"

namespace picket {

class DaemonMetrics {
  public:
    DaemonMetrics();
    ~DaemonMetrics();
    DaemonMetrics(const DaemonMetrics&) = delete;
    DaemonMetrics& operator=(const DaemonMetrics&) = delete;

    // Never wait. [any]
    void observe_tick(double seconds);  ///< how long a tick took
    /// From the beginning of the tick in which a limit was crossed: to the finding, to the action being
    /// handed to its plugin, to the plugin saying that it is done.
    void observe_finding(double seconds);
    void observe_action_sent(double seconds);
    void observe_action_done(double seconds);

    /// For the server to count in.
    ApiCounters& api() { return api_; }

    /// The text format 0.0.4.
    [[nodiscard]] std::string text(const DaemonStatus& status, const StoreStats& store,
                                   const EventHubStats& streams) const;

  private:
    struct Instruments;
    ApiCounters api_;
    std::unique_ptr<Instruments> instruments_;
};

}  // namespace picket

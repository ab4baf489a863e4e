// SPDX-License-Identifier: Apache-2.0
// The metrics that are read from the daemon's state. For the room's own sources. Any thread.
#pragma once
#include <vector>

#include <prometheus/metric_family.h>

#include "core/api/event_hub.hpp"
#include "core/api/server/shared.hpp"
#include "core/engine/status.hpp"
#include "core/store/store.hpp"

namespace picket {

/// The state that one scrape shows.
struct Scrape {
    const DaemonStatus& status;
    const StoreStats& store;
    const EventHubStats& streams;
    const ApiCounters& api;
};

/// Every family that has a sample.
std::vector<prometheus::MetricFamily> state_families(const Scrape& scrape);

}  // namespace picket

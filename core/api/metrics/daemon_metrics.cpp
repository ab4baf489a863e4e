// SPDX-License-Identifier: Apache-2.0
// The histograms, and the text of all metrics. Any thread.
#include "core/api/metrics/daemon_metrics.hpp"

#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include "core/api/metrics/families.hpp"

namespace picket {
namespace {

using Buckets = prometheus::Histogram::BucketBoundaries;

/// A tick has engine.tick, which is at most 100 ms.
const Buckets tick_buckets{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1};
/// A limit is crossed somewhere in a tick; an action may wait for a slow panel.
const Buckets latency_buckets{0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60};

prometheus::Histogram& histogram(prometheus::Registry& registry, const char* name, const char* help,
                                 const Buckets& buckets) {
    return prometheus::BuildHistogram().Name(name).Help(help).Register(registry).Add({}, buckets);
}

}  // namespace

struct DaemonMetrics::Instruments {
    prometheus::Registry registry;
    prometheus::Histogram& tick =
        histogram(registry, "picket_tick_duration_seconds", "Time that a tick took.", tick_buckets);
    prometheus::Histogram& finding = histogram(
        registry, "picket_finding_latency_seconds",
        "Time from the beginning of the tick in which a limit was crossed to the finding.", latency_buckets);
    prometheus::Histogram& action_sent = histogram(
        registry, "picket_action_sent_latency_seconds",
        "Time from the beginning of the tick in which a limit was crossed to the call of the action.",
        latency_buckets);
    prometheus::Histogram& action_done = histogram(
        registry, "picket_action_done_latency_seconds",
        "Time from the beginning of the tick in which a limit was crossed to the action being done.",
        latency_buckets);
};

DaemonMetrics::DaemonMetrics()
    : instruments_(std::make_unique<Instruments>()) {}
DaemonMetrics::~DaemonMetrics() = default;

void DaemonMetrics::observe_tick(double seconds) { instruments_->tick.Observe(seconds); }
void DaemonMetrics::observe_finding(double seconds) { instruments_->finding.Observe(seconds); }
void DaemonMetrics::observe_action_sent(double seconds) { instruments_->action_sent.Observe(seconds); }
void DaemonMetrics::observe_action_done(double seconds) { instruments_->action_done.Observe(seconds); }

std::string DaemonMetrics::text(const DaemonStatus& status, const StoreStats& store,
                                const EventHubStats& streams) const {
    auto families = state_families({status, store, streams, api_});
    for (auto& family : instruments_->registry.Collect()) families.push_back(std::move(family));
    return prometheus::TextSerializer().Serialize(families);
}

}  // namespace picket

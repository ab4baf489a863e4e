// SPDX-License-Identifier: Apache-2.0
// Where the events of a running daemon go, beside the actions: the store, streams, metrics, and all of them
// at once. Engine thread.
#pragma once
#include <memory>
#include <utility>
#include <vector>

#include "core/api/event_hub.hpp"
#include "core/api/metrics/daemon_metrics.hpp"
#include "core/engine/clock.hpp"
#include "core/response/incidents.hpp"
#include "core/store/store.hpp"

namespace picket {

/// Tells each of several, in order.
class FanOut final : public EventSink {
  public:
    explicit FanOut(std::vector<EventSink*> sinks)
        : sinks_(std::move(sinks)) {}

    void on_finding(const Finding& finding, const Incident& incident) override {
        for (EventSink* sink : sinks_) sink->on_finding(finding, incident);
    }
    void on_incident(const Incident& incident) override {
        for (EventSink* sink : sinks_) sink->on_incident(incident);
    }

  private:
    std::vector<EventSink*> sinks_;
};

/// To one that comes and goes.
class OptionalSink final : public EventSink {
  public:
    /// `owner` keeps `to` alive. [engine]
    void set(std::shared_ptr<void> owner, EventSink* to) {
        owner_ = std::move(owner);
        to_ = to;
    }
    void on_finding(const Finding& finding, const Incident& incident) override {
        if (to_ != nullptr) to_->on_finding(finding, incident);
    }
    void on_incident(const Incident& incident) override {
        if (to_ != nullptr) to_->on_incident(incident);
    }

  private:
    std::shared_ptr<void> owner_;
    EventSink* to_ = nullptr;
};

/// Refused puts are in the store's own counts, which make the daemon unhealthy.
class StoreSink final : public EventSink {
  public:
    explicit StoreSink(Store& store)
        : store_(store) {}

    void on_finding(const Finding& finding, const Incident& incident) override {
        store_.put(incident);
        store_.put(finding, incident.id);
    }
    void on_incident(const Incident& incident) override { store_.put(incident); }

  private:
    Store& store_;
};

/// To who streams events: after StoreSink, and what the store takes only once it is on disk, so that nobody
/// is told of an incident that a crash takes back. What it cannot take is told all the same, and at once.
class HubSink final : public EventSink {
  public:
    HubSink(EventHub& hub, Store& store)
        : hub_(hub)
        , store_(store) {}

    void on_finding(const Finding& finding, const Incident& incident) override {
        if (hub_.is_idle()) return;
        const auto tell = [&hub = hub_, finding, id = incident.id] { hub.publish(finding, id); };
        if (!store_.after_puts(tell)) tell();
    }
    void on_incident(const Incident& incident) override {
        if (hub_.is_idle()) return;
        IncidentRecord record;
        record.incident = incident;
        if (!store_.after_puts([&hub = hub_, &store = store_, record] { tell(hub, store, record); }))
            hub_.publish(record);
    }

  private:
    /// With the status and the note that people gave it, which only the store knows.
    static void tell(EventHub& hub, const Store& store, IncidentRecord record) {
        auto kept = store.incident(record.incident.id);
        if (kept && *kept) {
            (*kept)->incident = std::move(record.incident);
            record = **std::move(kept);
        }
        hub.publish(record);
    }

    EventHub& hub_;
    Store& store_;
};

/// How long it took from the beginning of the tick in which a limit was crossed to the finding.
class LatencySink final : public EventSink {
  public:
    LatencySink(DaemonMetrics& metrics, uint64_t tick_ns)
        : metrics_(metrics)
        , tick_ns_(tick_ns) {}

    void on_finding(const Finding& finding, const Incident&) override {
        metrics_.observe_finding(seconds_since(finding.time_ns - tick_ns_, wall_ns()));
    }
    void on_incident(const Incident&) override {}

    /// 0 where the clock went back.
    static double seconds_since(uint64_t then_ns, uint64_t now_ns) {
        return now_ns > then_ns ? static_cast<double>(now_ns - then_ns) / 1e9 : 0;
    }

  private:
    DaemonMetrics& metrics_;
    uint64_t tick_ns_;
};

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// Where the events of a running daemon go, beside the actions: the store, and everybody at once. Engine
// thread.
#pragma once
#include <utility>
#include <vector>

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

}  // namespace picket

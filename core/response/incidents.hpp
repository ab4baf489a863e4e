// SPDX-License-Identifier: Apache-2.0
// Incidents: findings of one type about one subject, gathered while they keep coming. A burst over many
// targets is one incident. Bounded; deterministic. Engine thread.
#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/model/finding.hpp"
#include "core/model/incident.hpp"

namespace picket {

/// Where findings and incidents go: the replay's printer, the alert actions, later the store and the API.
class EventSink {
  public:
    virtual ~EventSink() = default;
    /// A finding that says something new: the first of an incident, of a target, of a higher severity, or the
    /// first one after the repeat interval. `incident` already includes it.
    virtual void on_finding(const Finding& finding, const Incident& incident) = 0;
    /// An incident was opened (status open) or closed.
    virtual void on_incident(const Incident& incident) = 0;
};

struct IncidentConfig {
    uint64_t repeat_ns = 10'000'000'000;  ///< how often an open incident passes on an unchanged finding
    uint64_t quiet_ns = 60'000'000'000;   ///< silence after which an incident is closed
    size_t open_max = 10'000;             ///< beyond: the one silent for longest is closed early
    size_t targets_max = 32;              ///< targets listed per incident
};

struct IncidentStats {
    uint64_t findings = 0;   ///< all that detectors reported
    uint64_t passed_on = 0;  ///< on_finding calls
    uint64_t opened = 0, closed = 0;
    uint64_t closed_early = 0;  ///< for want of room
};

class IncidentTracker {
  public:
    IncidentTracker(const IncidentConfig& config, EventSink& sink)
        : config_(config)
        , sink_(sink) {}

    void add(const Finding& finding);
    /// Closes what has been quiet long enough at `now_ns`; each is stamped with the moment it was due.
    void expire(uint64_t now_ns);
    /// Takes up an incident of before a restart: it goes on if findings do, else quiet closes it. Not told.
    void restore(const Incident& incident);
    /// People have ended it: the next finding opens another one. Told as closed.
    void release(const std::string& id, uint64_t now_ns);
    /// It was deleted: as if it had never been. Not told.
    void forget(const std::string& id);
    /// While muted, findings extend the incident and are not passed on: it was called a false positive.
    void mute(const std::string& id, bool muted);
    /// From now on; open_max and targets_max stay.
    void set_intervals(uint64_t repeat_ns, uint64_t quiet_ns);
    /// The end of a replay: closes what is open, in order of opening.
    void close_all(uint64_t now_ns);
    /// The next moment at which expire() has work; UINT64_MAX when nothing is open.
    [[nodiscard]] uint64_t next_expiry_ns() const;
    /// In order of type and subject.
    [[nodiscard]] std::vector<Incident> open_incidents() const;
    [[nodiscard]] size_t open() const { return open_.size(); }
    [[nodiscard]] const IncidentStats& stats() const { return stats_; }

  private:
    struct Open {
        Incident incident;
        uint64_t passed_on_ns = 0;
        bool muted = false;
    };
    using Key = std::pair<std::string, std::string>;  // type, subject
    using Map = std::map<Key, Open>;

    Open& open(const Finding& finding);
    bool extend(Open& open, const Finding& finding);
    void close(Map::iterator at, uint64_t when_ns);
    Map::iterator find(const std::string& id);
    void make_room(uint64_t now_ns);
    void requeue(const Key& key, uint64_t old_last_ns, uint64_t new_last_ns);

    IncidentConfig config_;
    EventSink& sink_;
    Map open_;
    std::map<std::string, Key> by_id_;
    std::set<std::pair<uint64_t, Key>> by_last_;  ///< (last_ns, key): whose silence is longest comes first
    IncidentStats stats_;
};

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// The tick: joins records, counters, policies and incidents. Both the replay and the daemon drive it; it asks
// nobody for the time. Engine thread.
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/counters/counters.hpp"
#include "core/engine/classify.hpp"
#include "core/model/finding.hpp"
#include "core/policy/policy_host.hpp"
#include "core/response/incidents.hpp"

namespace picket {

struct EngineConfig {
    uint64_t tick_ns = 100'000'000;
    CountersConfig counters;
    IncidentConfig incidents;
    std::vector<Prefix> local;
};

struct EngineStats {
    uint64_t ticks = 0;
    uint64_t records = 0;
    std::array<uint64_t, direction_count> packets_by_direction{};
};

class Engine {
  public:
    /// `policies` must be loaded; they are bound to this engine's counters.
    static Result<Engine> create(const EngineConfig& config, std::shared_ptr<PolicyHost> policies,
                                 EventSink& sink);

    /// Counts records that belong to the tick that ends at `tick_end_ns`.
    void add(std::span<const FlowRecord> records, uint64_t tick_end_ns);
    /// Ends the tick: runs the detectors, extends and closes incidents.
    void end_tick(uint64_t tick_end_ns);
    /// Closes what is still open.
    void finish(uint64_t now_ns) { incidents_.close_all(now_ns); }

    /// The end of the tick that `time_ns` belongs to: ticks are (end - tick, end]. Times from year 2554 on,
    /// where 64 bits end, belong to the last tick.
    [[nodiscard]] uint64_t tick_end_of(uint64_t time_ns) const {
        const uint64_t tick =
            time_ns / config_.tick_ns + (time_ns % config_.tick_ns != 0 || time_ns == 0 ? 1 : 0);
        return std::min(tick, UINT64_MAX / config_.tick_ns) * config_.tick_ns;
    }
    [[nodiscard]] uint64_t tick_ns() const { return config_.tick_ns; }
    /// The end of the last tick; 0 before the first.
    [[nodiscard]] uint64_t now_ns() const { return tick_end_ns_; }

    /// Between two ticks: other policies, all at once. What they share with those before goes on as it is
    /// (see PolicyHost::take_over and Counters::configure). On an error nothing changes.
    Result<void> set_policies(std::shared_ptr<PolicyHost> policies);
    /// Between two ticks: a candidate set beside the live one, on the same counters. What it finds becomes
    /// incidents for `sink` alone, and has no effect on anything else. On an error nothing changes.
    Result<void> set_shadow(std::shared_ptr<PolicyHost> candidate, EventSink& sink);
    void clear_shadow();
    /// nullptr: there is none.
    [[nodiscard]] const std::shared_ptr<PolicyHost>& shadow() const { return shadow_.policies; }
    /// From the next record on.
    void set_local(const std::vector<Prefix>& local) { classifier_ = Classifier(local); }
    [[nodiscard]] Counters& counters() { return counters_; }
    /// Of every declared counter, in the order of the policies.
    [[nodiscard]] const std::vector<CounterId>& counter_ids() const { return ids_; }
    [[nodiscard]] IncidentTracker& incidents() { return incidents_; }
    /// How often set_policies() has made counter ids of before void.
    [[nodiscard]] uint64_t plan_version() const { return plan_version_; }
    [[nodiscard]] const std::shared_ptr<PolicyHost>& policies() const { return policies_; }
    [[nodiscard]] uint64_t next_expiry_ns() const {
        const uint64_t live_ns = incidents_.next_expiry_ns();
        return shadow_.incidents ? std::min(live_ns, shadow_.incidents->next_expiry_ns()) : live_ns;
    }
    [[nodiscard]] const EngineStats& stats() const { return stats_; }
    [[nodiscard]] const IncidentStats& incident_stats() const { return incidents_.stats(); }
    [[nodiscard]] std::vector<TableStats> table_stats() const { return counters_.stats(); }

  private:
    Engine(const EngineConfig& config, std::shared_ptr<PolicyHost> policies, EventSink& sink);
    void begin_tick(uint64_t tick_end_ns);
    /// Plans what both want counted, once where they want the same, and binds them.
    Result<void> configure(const std::shared_ptr<PolicyHost>& live,
                           const std::shared_ptr<PolicyHost>& candidate);
    void bind();
    void bind_anew();
    void run_shadow(uint64_t tick_end_ns);

    EngineConfig config_;
    Classifier classifier_;
    Counters counters_;
    std::shared_ptr<PolicyHost> policies_;
    IncidentTracker incidents_;
    std::vector<CounterId> ids_;
    struct Shadow {
        std::shared_ptr<PolicyHost> policies;
        std::vector<CounterId> ids;
        std::optional<IncidentTracker> incidents;
    };
    Shadow shadow_;
    std::vector<ClassifiedRecord> classified_;  ///< of the call; kept to keep its memory
    uint64_t tick_end_ns_ = 0;
    uint64_t plan_version_ = 0;
    std::vector<Finding> findings_;
    EngineStats stats_;
};

}  // namespace picket

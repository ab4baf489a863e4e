// SPDX-License-Identifier: Apache-2.0
// The tick. Engine thread.
#include "core/engine/engine.hpp"

#include <algorithm>
#include <utility>

namespace picket {

Result<Engine> Engine::create(const EngineConfig& config, std::shared_ptr<PolicyHost> policies,
                              EventSink& sink) {
    Engine engine(config, std::move(policies), sink);
    auto ids = engine.counters_.configure(engine.policies_->declarations());
    if (!ids) return tl::unexpected<Error>(ids.error());
    engine.ids_ = std::move(*ids);
    return engine;
}

Engine::Engine(const EngineConfig& config, std::shared_ptr<PolicyHost> policies, EventSink& sink)
    : config_(config)
    , classifier_(config.local)
    , counters_(config.counters)
    , policies_(std::move(policies))
    , incidents_(config.incidents, sink) {}

Result<void> Engine::set_policies(std::shared_ptr<PolicyHost> policies) {
    auto ids = counters_.configure(policies->declarations());
    if (!ids) return tl::unexpected<Error>(ids.error());
    policies->take_over(*policies_);
    policies_ = std::move(policies);
    take_ids(std::move(*ids));
    return {};
}

void Engine::take_ids(std::vector<CounterId> ids) {
    ids_ = std::move(ids);
    ++plan_version_;
    if (tick_end_ns_ == 0) return;
    counters_.begin_tick(tick_end_ns_);
    policies_->bind(counters_, ids_);
}

/// What the policies declare was declared before, so it can be planned.
void Engine::bind_anew() {
    if (auto ids = counters_.configure(policies_->declarations())) take_ids(std::move(*ids));
}

void Engine::begin_tick(uint64_t tick_end_ns) {
    if (tick_end_ns == tick_end_ns_) return;
    // Bound here and not in create(): the engine may have been moved since.
    if (tick_end_ns_ == 0) policies_->bind(counters_, ids_);
    tick_end_ns_ = tick_end_ns;
    counters_.begin_tick(tick_end_ns);
}

void Engine::add(std::span<const FlowRecord> records, uint64_t tick_end_ns) {
    begin_tick(tick_end_ns);
    classified_.resize(records.size());
    for (size_t i = 0; i < records.size(); ++i) {
        classified_[i] = {&records[i], classifier_.classify(records[i])};
        stats_.packets_by_direction[static_cast<size_t>(classified_[i].direction)] += records[i].packets;
    }
    counters_.add(classified_);
    stats_.records += records.size();
}

void Engine::end_tick(uint64_t tick_end_ns) {
    begin_tick(tick_end_ns);
    ++stats_.ticks;
    incidents_.expire(tick_end_ns);
    findings_.clear();
    policies_->run(tick_end_ns, findings_);
    for (const Finding& finding : findings_) incidents_.add(finding);
    if (policies_->fall_back()) bind_anew();
}

}  // namespace picket

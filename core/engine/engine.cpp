// SPDX-License-Identifier: Apache-2.0
// The tick. Engine thread.
#include "core/engine/engine.hpp"

#include <algorithm>
#include <utility>

namespace picket {

Result<Engine> Engine::create(const EngineConfig& config, std::shared_ptr<PolicyHost> policies,
                              EventSink& sink) {
    Engine engine(config, std::move(policies), sink);
    if (auto done = engine.configure(engine.policies_, nullptr); !done)
        return tl::unexpected<Error>(done.error());
    engine.plan_version_ = 0;
    return engine;
}

Engine::Engine(const EngineConfig& config, std::shared_ptr<PolicyHost> policies, EventSink& sink)
    : config_(config)
    , classifier_(config.local)
    , counters_(config.counters)
    , policies_(std::move(policies))
    , incidents_(config.incidents, sink) {}

Result<void> Engine::configure(const std::shared_ptr<PolicyHost>& live,
                               const std::shared_ptr<PolicyHost>& candidate) {
    std::vector<CounterDecl> wanted = live->declarations();
    const size_t own = wanted.size();
    std::vector<size_t> places;  // of the candidate's counters
    if (candidate) {
        for (CounterDecl& declaration : candidate->declarations()) {
            const auto at = std::ranges::find(wanted, declaration);
            places.push_back(static_cast<size_t>(at - wanted.begin()));
            if (at == wanted.end()) wanted.push_back(std::move(declaration));
        }
    }
    auto ids = counters_.configure(std::move(wanted));
    if (!ids) return tl::unexpected<Error>(ids.error());
    shadow_.ids.clear();
    for (const size_t place : places) shadow_.ids.push_back((*ids)[place]);
    ids->resize(own);
    ids_ = std::move(*ids);
    ++plan_version_;
    return {};
}

void Engine::bind() {
    policies_->bind(counters_, ids_);
    if (shadow_.policies) shadow_.policies->bind(counters_, shadow_.ids);
    // Rows that were made anew have no present yet.
    if (tick_end_ns_ != 0) counters_.begin_tick(tick_end_ns_);
}

Result<void> Engine::set_policies(std::shared_ptr<PolicyHost> policies) {
    if (auto done = configure(policies, shadow_.policies); !done) return done;
    policies->take_over(*policies_);
    policies_ = std::move(policies);
    bind();
    return {};
}

Result<void> Engine::set_shadow(std::shared_ptr<PolicyHost> candidate, EventSink& sink) {
    if (auto done = configure(policies_, candidate); !done) return done;
    candidate->set_passive();
    shadow_.policies = std::move(candidate);
    shadow_.incidents.emplace(config_.incidents, sink);
    bind();
    return {};
}

void Engine::clear_shadow() {
    shadow_.policies = nullptr;
    shadow_.incidents.reset();
    bind_anew();
}

/// What the policies declare was declared before, so it can be planned.
void Engine::bind_anew() {
    if (configure(policies_, shadow_.policies)) bind();
}

void Engine::begin_tick(uint64_t tick_end_ns) {
    if (tick_end_ns == tick_end_ns_) return;
    // Bound here and not in create(): the engine may have been moved since.
    if (tick_end_ns_ == 0) bind();
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

void Engine::run_shadow(uint64_t tick_end_ns) {
    if (!shadow_.policies) return;
    shadow_.incidents->expire(tick_end_ns);
    findings_.clear();
    shadow_.policies->run(tick_end_ns, findings_);
    for (const Finding& finding : findings_) shadow_.incidents->add(finding);
}

void Engine::end_tick(uint64_t tick_end_ns) {
    begin_tick(tick_end_ns);
    ++stats_.ticks;
    incidents_.expire(tick_end_ns);
    findings_.clear();
    policies_->run(tick_end_ns, findings_);
    for (const Finding& finding : findings_) incidents_.add(finding);
    run_shadow(tick_end_ns);
    if (policies_->fall_back()) bind_anew();
}

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// Ticks without packets are skipped, as in a replay. Calling thread.
#include "core/engine/test_bench.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace picket {
namespace {

constexpr uint64_t tick_ns = 100'000'000;
constexpr uint64_t begin_ns = 1'700'000'000ull * 1'000'000'000;  // a multiple of every slot
constexpr uint64_t packets_max = 5'000'000;

std::vector<Prefix> default_local() { return parse_prefixes({"10.0.0.0/8", "fd00::/8"}).value(); }

/// What a policy may use in a test: its budgets are those of a real one but for the time, since a test with
/// sanitizers is slow.
PolicyBudget test_budget() {
    PolicyBudget budget;
    budget.call_ns = 10'000'000'000;
    budget.load_ns = 10'000'000'000;
    return budget;
}

}  // namespace

TestBench::TestBench(std::filesystem::path policy)
    : policy_(std::move(policy))
    , local_(default_local())
    , host_(std::make_shared<PolicyHost>(test_budget()))
    , now_ns_(begin_ns) {}

Result<void> TestBench::set_local(const std::vector<Prefix>& local) {
    if (engine_) return fail(ErrorCode::invalid, "local_prefixes goes before the first advance or expect");
    local_ = local;
    return {};
}

Result<void> TestBench::set_params(const std::map<std::string, RawValue>& params) {
    if (engine_) return fail(ErrorCode::invalid, "params goes before the first advance or expect");
    PolicySettings& own = settings_[policy_.stem().string()];
    for (const auto& [name, value] : params) own.params[name] = PolicySetting{value, "params"};
    return {};
}

Result<void> TestBench::add_traffic(const TestTraffic& traffic) {
    traffic_.emplace_back(traffic, now_ns_);
    packets_made_ += traffic_.back().packets();
    if (packets_made_ > packets_max)
        return fail(ErrorCode::limit, fmt::format("traffic: at most {} packets in a test", packets_max));
    if (start_ns_ == 0) start_ns_ = now_ns_ + traffic.at_ns;
    return {};
}

Result<void> TestBench::start() {
    if (engine_) return {};
    const auto errors = host_->load_file(policy_, settings_);
    if (!errors.empty()) return tl::unexpected<Error>(errors.front());
    EngineConfig config;
    config.tick_ns = tick_ns;
    config.local = local_;
    config.incidents.repeat_ns = 0;  // a test sees every finding
    auto engine = Engine::create(config, host_, *this);
    if (!engine) return tl::unexpected<Error>(engine.error());
    engine_.emplace(std::move(*engine));
    return {};
}

uint64_t TestBench::next_packet_ns() const {
    uint64_t next_ns = UINT64_MAX;
    for (const TrafficMaker& maker : traffic_) next_ns = std::min(next_ns, maker.next_ns());
    return next_ns;
}

Result<void> TestBench::run_tick() {
    packets_.clear();
    for (TrafficMaker& maker : traffic_) maker.make_until(now_ns_, packets_);
    std::stable_sort(packets_.begin(), packets_.end(),
                     [](const Packet& a, const Packet& b) { return a.time_ns < b.time_ns; });
    flows_.add(packets_, *this);
    flows_.flush(*this);
    engine_->end_tick(now_ns_);
    for (const PolicyStatus& status : host_->status())
        if (status.state == PolicyState::stopped)
            return fail(ErrorCode::internal, "the policy stopped: " + status.last_error);
    return {};
}

Result<void> TestBench::run_until(uint64_t end_ns) {
    if (auto started = start(); !started) return started;
    while (now_ns_ < end_ns) {
        // An answer comes at most one tick after its packet, so one tick after packets must not be skipped.
        const bool idle = packets_.empty() && next_packet_ns() > now_ns_ + tick_ns;
        const uint64_t skip_to_ns = std::min(end_ns, next_packet_ns()) / tick_ns * tick_ns;
        if (idle && skip_to_ns > now_ns_ + tick_ns) now_ns_ = skip_to_ns - tick_ns;
        now_ns_ += tick_ns;
        if (auto done = run_tick(); !done) return done;
    }
    return {};
}

Result<void> TestBench::advance(uint64_t duration_ns) {
    const uint64_t end_ns = now_ns_ + (duration_ns + tick_ns - 1) / tick_ns * tick_ns;
    return run_until(end_ns);
}

Result<const std::vector<Finding>*> TestBench::findings() {
    uint64_t last_ns = now_ns_;
    for (const TrafficMaker& maker : traffic_) last_ns = std::max(last_ns, maker.last_ns());
    const uint64_t end_ns = (last_ns + tick_ns - 1) / tick_ns * tick_ns;
    if (auto done = run_until(std::max(end_ns, now_ns_)); !done) return tl::unexpected<Error>(done.error());
    return &findings_;
}

}  // namespace picket

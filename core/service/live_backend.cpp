// SPDX-License-Identifier: Apache-2.0
// Questions wait for the engine at most a second: an API thread is never lost to an engine that is stuck.
#include "core/service/live_backend.hpp"

#include <algorithm>
#include <chrono>
#include <future>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "core/config/option.hpp"
#include "core/config/option_text.hpp"
#include "core/engine/clock.hpp"
#include "core/model/duration.hpp"
#include "core/service/counter_search.hpp"

namespace picket {
namespace {

constexpr std::chrono::seconds answer_within{1};

Error unknown(std::string_view kind, const std::string& name, const std::vector<std::string>& known) {
    const auto near = nearest_name(name, known);
    return {ErrorCode::not_found,
            fmt::format("there is no {} '{}'", kind, name),
            {},
            near ? fmt::format("did you mean '{}'?", *near) : ""};
}

/// What the tracker has to know of a change that people made.
void tell_tracker(IncidentTracker& tracker, const std::string& id,
                  const std::optional<IncidentRecord>& record, uint64_t now_ns) {
    if (!record) return tracker.forget(id);
    const bool ended =
        record->status == IncidentStatus::resolved || record->status == IncidentStatus::archived;
    if (ended) return tracker.release(id, now_ns);
    tracker.mute(id, record->status == IncidentStatus::false_positive);
}

}  // namespace

LiveBackend::LiveBackend(Store& store, const PluginRegistry& plugins, JobQueue& jobs,
                         std::vector<CounterInfo> counters, Reload reload, Shadow& shadow)
    : store_(store)
    , plugins_(plugins)
    , jobs_(jobs)
    , reload_(std::move(reload))
    , shadow_(shadow)
    , counters_(std::move(counters))
    , status_(std::make_shared<DaemonStatus>()) {}

void LiveBackend::publish(DaemonStatus status) {
    auto fresh = std::make_shared<const DaemonStatus>(std::move(status));
    const std::lock_guard lock(mutex_);
    status_.swap(fresh);
}

std::shared_ptr<const DaemonStatus> LiveBackend::status() const {
    const std::lock_guard lock(mutex_);
    return status_;
}

void LiveBackend::set_counters(std::vector<CounterInfo> counters) {
    const std::lock_guard lock(mutex_);
    counters_ = std::move(counters);
}

std::vector<CounterInfo> LiveBackend::counters() const {
    const std::lock_guard lock(mutex_);
    return counters_;
}

Result<CounterRows> LiveBackend::counter_rows(const CounterQuery& query) {
    const std::vector<CounterInfo> counters = this->counters();
    const auto counter = std::ranges::find(counters, query.counter, &CounterInfo::name);
    if (counter == counters.end()) {
        std::vector<std::string> names;
        for (const CounterInfo& each : counters) names.push_back(each.name);
        return tl::unexpected<Error>(unknown("counter", query.counter, names));
    }
    auto measure = counter->measures.begin();
    if (!query.sort.empty()) measure = std::ranges::find(counter->measures, query.sort);
    if (measure == counter->measures.end())
        return tl::unexpected<Error>(unknown("measure", query.sort, counter->measures));
    const auto search = std::make_shared<CounterSearch>(
        *counter, static_cast<uint32_t>(measure - counter->measures.begin()), query.limit);
    auto result = search->result();
    if (!jobs_.post([search](Engine& engine) { return search->step(engine); }))
        return fail(ErrorCode::limit, "too many questions wait for the engine", {}, "ask again later");
    if (result.wait_for(answer_within) != std::future_status::ready)
        return fail(ErrorCode::limit, "the engine has not answered within a second", {}, "ask again later");
    try {
        return result.get();
    } catch (const std::future_error&) {
        return fail(ErrorCode::limit, "the daemon is stopping");
    }
}

void LiveBackend::incidents_changed(const std::vector<std::string>& ids) {
    std::vector<std::pair<std::string, std::optional<IncidentRecord>>> changes;
    for (const std::string& id : ids)
        if (auto record = store_.incident(id)) changes.emplace_back(id, std::move(*record));
    const JobQueue::Job tell = [changes = std::move(changes)](Engine& engine) {
        for (const auto& [id, record] : changes)
            tell_tracker(engine.incidents(), id, record, engine.now_ns());
        return true;
    };
    // The engine empties the queue ten times a second; a change must not be lost to readers who fill it.
    const uint64_t until_ns = monotonic_ns() + ns_per_second;
    while (!jobs_.post(tell) && monotonic_ns() < until_ns)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
}

Result<ReloadReport> LiveBackend::promote_shadow(const Actor& actor) {
    const std::string dir = shadow_.dir();
    if (dir.empty()) return fail(ErrorCode::not_found, "there is no shadow");
    auto report = reload_({{"policies.dir", quote_text(dir)}}, actor);
    if (report && report->applied) (void)shadow_.discard();
    return report;
}

uint64_t LiveBackend::now_ns() const { return wall_ns(); }

}  // namespace picket

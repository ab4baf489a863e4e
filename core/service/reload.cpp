// SPDX-License-Identifier: Apache-2.0
// The steps of a reload. See reload.hpp for the threads.
#include "core/service/reload.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <iterator>
#include <memory>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "core/config/compare.hpp"
#include "core/plugin/options.hpp"

namespace picket {
namespace {

/// The engine runs jobs after each tick; two seconds without one is a daemon that stops or is stuck.
constexpr std::chrono::seconds applied_within{2};

using Values = std::map<std::string, Setting>;

/// Sorts the changed options of one running plugin, and has it take over those that it can. False: it
/// refused.
bool reload_plugin(PluginInstance& instance, const std::string& table, const Values& running,
                   const Values& fresh, ReloadReport& report) {
    const picket_plugin& plugin = instance.plugin();
    PluginOptions before = complete_options(plugin, running, table);
    const PluginOptions after = complete_options(plugin, fresh, table);
    std::vector<std::string> changed;
    for (const OptionSpec& spec : plugin_option_specs(plugin)) {
        OptionValue& value = before.values.at(spec.name);
        if (value == after.values.at(spec.name)) continue;
        const std::string key = table + "." + spec.name;
        if (!spec.reloadable) {
            report.needs_restart.push_back(key);
            continue;
        }
        value = after.values.at(spec.name);
        changed.push_back(key);
    }
    if (changed.empty()) return true;
    const auto taken = instance.reconfigure(options_json(plugin, before.values));
    if (taken)
        std::ranges::move(changed, std::back_inserter(report.changed));
    else
        report.problems.push_back(taken.error());
    return taken.has_value();
}

/// Takes over the reloadable values of a plugin's table, so that the next reload compares with what holds.
void adopt_values(const picket_plugin& plugin, Values& running, const Values& fresh) {
    for (const OptionSpec& spec : plugin_option_specs(plugin)) {
        if (!spec.reloadable) continue;
        running.erase(spec.name);
        if (const auto at = fresh.find(spec.name); at != fresh.end()) running.insert(*at);
    }
}

void compare_table_names(const std::string& table, const std::map<std::string, PluginSection>& running,
                         const std::map<std::string, PluginSection>& fresh, ReloadReport& report) {
    std::set<std::string> only_in_one;
    for (const auto& [name, section] : running)
        if (!fresh.contains(name)) only_in_one.insert(name);
    for (const auto& [name, section] : fresh)
        if (!running.contains(name)) only_in_one.insert(name);
    for (const std::string& name : only_in_one) report.needs_restart.push_back(table + "." + name);
}

}  // namespace

Reloader::Reloader(Parts parts, Config running)
    : parts_(std::move(parts))
    , running_(std::move(running))
    , thread_([this] { run(); }) {}

void Reloader::request(const std::string& actor) {
    const std::lock_guard lock(mutex_);
    requested_by_ = actor;
    changed_.notify_one();
}

void Reloader::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        changed_.notify_one();
    }
    if (thread_.joinable()) thread_.join();
}

void Reloader::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [this] { return stopping_ || !requested_by_.empty(); });
        if (stopping_) return;
        const std::string actor = std::exchange(requested_by_, {});
        lock.unlock();
        reload(actor);
        lock.lock();
    }
}

Result<ReloadReport> Reloader::reload(const std::string& actor) {
    const std::lock_guard lock(one_at_a_time_);
    auto report = reload_now();
    if (parts_.on_done) parts_.on_done(actor, report);
    return report;
}

Result<ReloadReport> Reloader::reload_now() {
    const auto fresh = std::make_shared<const Setup>(parts_.load());
    if (!fresh->problems.empty()) {
        ReloadReport refused;
        refused.problems = fresh->problems;
        return refused;
    }
    struct Turn {
        std::promise<ReloadReport> answer;
        std::atomic_flag taken;  ///< by the engine, or by who has given up on it: never applied unsaid
    };
    const auto turn = std::make_shared<Turn>();
    auto report = turn->answer.get_future();
    const bool posted = parts_.jobs.post([this, fresh, turn](Engine& engine) {
        if (!turn->taken.test_and_set()) turn->answer.set_value(apply(engine, *fresh));
        return true;
    });
    if (!posted ||
        (report.wait_for(applied_within) != std::future_status::ready && !turn->taken.test_and_set()))
        return fail(ErrorCode::limit, "the engine did not get to it", {}, "try again");
    try {
        return report.get();
    } catch (const std::future_error&) {
        return fail(ErrorCode::limit, "the daemon is stopping");
    }
}

ReloadReport Reloader::apply(Engine& engine, const Setup& fresh) {
    ReloadReport report;
    report.applied = true;
    for (const ConfigDifference& each : compare_config(running_, fresh.config))
        (each.reloadable ? report.changed : report.needs_restart).push_back(each.key);
    adopt_reloadable(running_, fresh.config);
    const EngineConfig config = engine_config(running_, own_addresses(), 0);
    engine.set_local(config.local);
    engine.incidents().set_intervals(config.incidents.repeat_ns, config.incidents.quiet_ns);
    if (parts_.set_log_level) parts_.set_log_level(running_.log.level);

    compare_table_names("capture", running_.capture, fresh.config.capture, report);
    compare_table_names("action", running_.action, fresh.config.action, report);
    const auto reload_table = [&](PluginInstance& instance, const std::string& table, auto& running_tables,
                                  const auto& fresh_tables) {
        const auto mine = running_tables.find(instance.plugin().name);
        const auto theirs = fresh_tables.find(instance.plugin().name);
        if (mine == running_tables.end() || theirs == fresh_tables.end()) return;
        if (reload_plugin(instance, table + "." + mine->first, mine->second.values, theirs->second.values,
                          report))
            adopt_values(instance.plugin(), mine->second.values, theirs->second.values);
    };
    reload_table(parts_.source, "capture", running_.capture, fresh.config.capture);
    for (RunningAction& action : parts_.actions) {
        reload_table(*action.instance, "action", running_.action, fresh.config.action);
        action.worker->reopen();
    }
    return report;
}

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// `picket run`: the daemon, in the foreground. Main thread, which is the engine's here too.
#include <atomic>
#include <csignal>
#include <memory>
#include <random>
#include <set>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include "core/cli/cli.hpp"
#include "core/cli/config_options.hpp"
#include "core/engine/daemon.hpp"
#include "core/service/alert_sink.hpp"
#include "core/service/instances.hpp"
#include "core/service/log.hpp"

namespace picket {
namespace {

struct Options {
    SetupOptions setup;
    std::vector<std::string> interfaces;
    std::string filter;
};

constexpr uint64_t drain_ns = 5'000'000'000;  ///< for alerts that still wait when it ends

std::atomic<bool> stop_asked{false};
std::atomic<bool> reopen_asked{false};
static_assert(std::atomic<bool>::is_always_lock_free);

void on_signal(int signal) {
    (signal == SIGHUP ? reopen_asked : stop_asked).store(true, std::memory_order_release);
}

void take_signals() {
    struct sigaction action {};
    action.sa_handler = on_signal;
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaction(signal, &action, nullptr);
    // A daemon hears of a closed pipe from the write that fails.
    std::signal(SIGPIPE, SIG_IGN);
}

/// [capture.pcap] with the command line over it.
std::map<std::string, Setting> source_values(const Config& config, const Options& options) {
    std::map<std::string, Setting> values;
    if (const auto found = config.capture.find("pcap"); found != config.capture.end())
        values = found->second.values;
    if (!options.interfaces.empty()) values["interfaces"] = {options.interfaces, "--interface"};
    if (!options.filter.empty()) values["filter"] = {options.filter, "--filter"};
    if (!values.contains("interfaces") && !values.contains("files"))
        values["interfaces"] = {std::vector<std::string>{"auto"}, "default"};
    return values;
}

/// The configured actions; alert with its defaults when there are none.
Result<RunningActions> start_actions(const Setup& setup, const Log& log) {
    std::map<std::string, PluginSection> sections = setup.config.action;
    if (sections.empty()) sections["alert"];
    RunningActions actions;
    for (const auto& [name, section] : sections) {
        auto action = make_action(*setup.plugins, name, section.values, log);
        if (!action) return tl::unexpected<Error>(action.error());
        if (auto started = (*action)->start(); !started) return tl::unexpected<Error>(started.error());
        actions.push_back(run_action(std::move(*action), log));
    }
    return actions;
}

uint64_t random_seed() {
    std::random_device device;
    return (static_cast<uint64_t>(device()) << 32) | device();
}

/// Says what is lost, when it grows, and which policies were stopped.
class Watchdog {
  public:
    explicit Watchdog(const Log& log)
        : log_(log) {}

    void look(const DaemonStats& stats, const RunningActions& actions, const PolicyHost& policies) {
        report("packets dropped by the kernel", stats.source.dropped_kernel, kernel_);
        report("packets dropped by the interface", stats.source.dropped_interface, interface_);
        report("flow records dropped: the engine is behind", stats.records_dropped, records_);
        uint64_t alerts = 0;
        for (const RunningAction& action : actions) alerts += action.worker->stats().dropped;
        report("alerts dropped: an action is behind", alerts, alerts_);
        for (const PolicyStatus& policy : policies.status())
            if (policy.state == PolicyState::stopped && stopped_.insert(policy.name).second)
                log_(PICKET_LOG_ERROR,
                     fmt::format("policy {} is stopped: {}", policy.name, policy.last_error));
    }

  private:
    void report(std::string_view what, uint64_t count, uint64_t& reported) const {
        if (count <= reported) return;
        // Twice as many as last time, so that a flood makes a few lines.
        if (count < 2 * reported) return;
        log_(PICKET_LOG_WARNING, fmt::format("{} {} so far", count, what));
        reported = count;
    }

    const Log& log_;
    uint64_t kernel_ = 0, interface_ = 0, records_ = 0, alerts_ = 0;
    std::set<std::string> stopped_;
};

int watch(const Setup& setup, const Options& options, const Log& log) {
    auto source = make_source(*setup.plugins, "pcap", source_values(setup.config, options), log);
    if (!source) return fail_with(source.error());
    auto actions = start_actions(setup, log);
    if (!actions) return fail_with(actions.error());
    if (auto started = (*source)->start(); !started) return fail_with(started.error());
    AlertSink sink(*actions, log);
    const uint64_t seed = random_seed();
    auto engine = Engine::create(engine_config(setup.config, own_addresses(), seed), *setup.policies, sink);
    if (!engine) return fail_with(engine.error());

    take_signals();
    log(PICKET_LOG_INFO, fmt::format("picket {} runs: {} policies, {} actions", PICKET_VERSION,
                                     setup.policies->status().size(), actions->size()));
    Watchdog watchdog(log);
    const DaemonConfig config{static_cast<uint32_t>(setup.config.engine.queue_max), seed};
    const auto stats = run_daemon(config, **source, *engine, stop_asked, [&](const DaemonStats& now) {
        watchdog.look(now, *actions, *setup.policies);
        if (reopen_asked.exchange(false))
            for (const RunningAction& action : *actions) action.worker->reopen();
    });
    for (const RunningAction& action : *actions) action.worker->stop(drain_ns);
    if (!stats) return fail_with(stats.error());
    log(PICKET_LOG_INFO, fmt::format("picket ends: {} packets, {} flows, {} findings", stats->packets,
                                     stats->flows, engine->incident_stats().findings));
    return exit_ok;
}

int run(const Options& options) {
    const Setup setup = load_setup(options.setup);
    if (!setup.problems.empty()) {
        print_errors(setup.problems);
        return exit_input;
    }
    return watch(setup, options, make_log(setup.config.log.level, true));
}

}  // namespace

Run define_run(CLI::App& app) {
    auto options = std::make_shared<Options>();
    app.add_option("--interface", options->interfaces,
                   "Interface to watch instead of the configured ones; may be repeated; auto: those with a "
                   "default route")
        ->type_name("IF")
        ->allow_extra_args(false);
    app.add_option("--filter", options->filter, "Only packets that fit, such as 'not port 22'")
        ->type_name("BPF");
    add_config_options(app, options->setup);
    add_local_option(app, options->setup);
    app.footer("Without --local and [engine] local, the addresses of this machine's interfaces are ours.\n"
               "SIGTERM and SIGINT end it after the running tick; SIGHUP reopens the files of actions.\n"
               "Exit codes: 0 stopped by a signal, 2 wrong input, 3 the system or a plugin failed.");
    return [options] { return run(*options); };
}

}  // namespace picket

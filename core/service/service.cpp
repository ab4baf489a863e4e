// SPDX-License-Identifier: Apache-2.0
// Puts the daemon together in the order in which its parts need each other, runs it, and takes it apart in
// the reverse order. Main thread.
#include "core/service/service.hpp"

#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/api/handlers/handlers.hpp"
#include "core/engine/clock.hpp"
#include "core/engine/daemon.hpp"
#include "core/log/output.hpp"
#include "core/plugin/paths.hpp"
#include "core/service/alert_sink.hpp"
#include "core/service/api_setup.hpp"
#include "core/service/counter_search.hpp"
#include "core/service/health.hpp"
#include "core/service/heartbeat.hpp"
#include "core/service/instances.hpp"
#include "core/service/live_backend.hpp"
#include "core/service/log.hpp"
#include "core/service/notify.hpp"
#include "core/service/policy_gate.hpp"
#include "core/service/privileges.hpp"
#include "core/service/reload.hpp"
#include "core/service/runtime_settings.hpp"
#include "core/service/shadow.hpp"
#include "core/service/signals.hpp"
#include "core/service/sinks.hpp"

namespace picket {
namespace {

constexpr uint64_t drain_ns = 5'000'000'000;  ///< for alerts that still wait when it ends
/// A shard hands on records at each tick, also when there are none.
constexpr uint64_t shard_silence_max_ns = 5'000'000'000;
/// The API looks at its connections once a second, at low priority.
constexpr uint64_t api_silence_max_ns = 30'000'000'000;
constexpr uint64_t expire_every_ns = 60'000'000'000;

uint64_t random_seed() {
    std::random_device device;
    return (static_cast<uint64_t>(device()) << 32) | device();
}

/// [capture.pcap] with the command line over it.
std::map<std::string, Setting> source_values(const Config& config, const ServiceOptions& options) {
    std::map<std::string, Setting> values;
    if (const auto found = config.capture.find("pcap"); found != config.capture.end())
        values = found->second.values;
    if (!options.interfaces.empty()) values["interfaces"] = {options.interfaces, "--interface"};
    if (!options.filter.empty()) values["filter"] = {options.filter, "--filter"};
    if (!values.contains("interfaces") && !values.contains("files"))
        values["interfaces"] = {std::vector<std::string>{"auto"}, "default"};
    return values;
}

/// The configured actions, started; alert with its defaults when there are none.
Result<std::vector<std::unique_ptr<ActionInstance>>> start_actions(const Setup& setup, const Log& log) {
    std::map<std::string, PluginSection> sections = setup.config.action;
    if (sections.empty()) sections["alert"];
    std::vector<std::unique_ptr<ActionInstance>> actions;
    for (const auto& [name, section] : sections) {
        auto action = make_action(*setup.plugins, name, section.values, log);
        if (!action) return tl::unexpected<Error>(action.error());
        if (auto started = (*action)->start(); !started) return tl::unexpected<Error>(started.error());
        actions.push_back(std::move(*action));
    }
    return actions;
}

StoreConfig store_config(const StoreSection& section) {
    StoreConfig out;
    const char* state = std::getenv("STATE_DIRECTORY");
    out.dir = !section.dir.empty() ? section.dir : state != nullptr ? state : "/var/lib/picket";
    out.size_max_bytes = section.size_max_bytes;
    out.incident_retention_ns = section.incident_retention_ns;
    out.findings_max = section.findings_max;
    return out;
}

uint64_t resident_bytes() {
    uint64_t all_pages = 0, resident_pages = 0;
    std::ifstream("/proc/self/statm") >> all_pages >> resident_pages;
    return resident_pages * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

/// A sentence without its numbers: what kind of fault it tells of.
std::string kind_of(const std::string& reason) {
    std::string out;
    for (const char c : reason)
        if (c < '0' || c > '9') out += c;
    return out;
}

class Service {
  public:
    explicit Service(const ServiceOptions& options)
        : options_(options) {}

    /// Everything that can be wrong is found here; what needs root is open at its end.
    std::vector<Error> start();
    std::vector<Error> run();

  private:
    [[nodiscard]] Setup load(const StoredSettings& settings) const;
    [[nodiscard]] Setup load_candidate(const std::string& dir) const;
    Result<void> take_settings();
    std::vector<Error> test_policies();
    Result<void> open();
    Result<void> make_engine();
    Result<void> restore_incidents();
    void make_reloader();
    Result<void> serve();
    void on_second(const DaemonStats& stats);
    [[nodiscard]] DaemonStatus status_of(const DaemonStats& stats);
    void note_reload(const std::string& actor, const Result<ReloadReport>& report);
    void log_health(const std::vector<std::string>& problems);
    void tell_systemd(const DaemonStatus& now);
    void answer_signals();
    void log_reload(const std::string& actor, const Result<ReloadReport>& report);

    ServiceOptions options_;
    Setup setup_;
    Log log_;
    Signals* signals_ = nullptr;
    DaemonMetrics metrics_;
    EventHub hub_;
    std::unique_ptr<Store> store_;
    std::unique_ptr<SourceInstance> source_;
    RunningActions actions_;
    std::vector<std::unique_ptr<EventSink>> sinks_;
    std::unique_ptr<FanOut> events_;
    uint64_t seed_ = random_seed();
    std::unique_ptr<Engine> engine_;
    JobQueue jobs_;
    OptionalSink* shadowed_ = nullptr;  ///< one of sinks_
    std::unique_ptr<Shadow> shadow_;
    PolicyGate gate_;
    std::unique_ptr<Reloader> reloader_;
    std::unique_ptr<LiveBackend> backend_;
    std::unique_ptr<ApiServer> server_;
    Health health_;
    std::set<std::string> told_;  ///< kinds of faults that were logged and still hold
    Heartbeat heart_;
    /// What is known of one capture thread: a shard that hands on its records is alive.
    struct ShardLife {
        Heartbeat::Beat beat;
        uint64_t flushed_ns = 0;
    };
    std::vector<ShardLife> shards_;
    Heartbeat::Beat api_beat_;
    uint64_t api_sweeps_ = 0;
    std::unique_ptr<Notifier> notifier_;
    std::atomic<bool> reloaded_{false};
    DaemonStatus before_;  ///< of a second ago
    std::mutex reloads_mutex_;
    ReloadStatus reloads_;
    uint64_t started_ns_ = wall_ns();
    uint64_t next_expiry_ns_ = 0;
};

std::vector<Error> Service::start() {
    setup_ = load({});
    if (!setup_.problems.empty()) return setup_.problems;
    log_ = make_log(setup_.config.log);
    signals_ = &take_signals();
    if (auto failed = test_policies(); !failed.empty()) return failed;
    for (const auto step :
         {&Service::open, &Service::take_settings, &Service::make_engine, &Service::restore_incidents})
        if (auto done = (this->*step)(); !done) return {done.error()};
    make_reloader();
    backend_->publish(status_of({}));
    if (auto done = serve(); !done) return {done.error()};
    notifier_ = std::make_unique<Notifier>(log_);
    for (uint32_t i = 0; i < source_->shards(); ++i)
        shards_.push_back({heart_.add(fmt::format("capture {}", i), shard_silence_max_ns), 0});
    api_beat_ = heart_.add("api", api_silence_max_ns);
    return {};
}

/// As `load`, but for where policies come from. What was set at run time holds for the candidate too.
Setup Service::load_candidate(const std::string& dir) const {
    const auto settings = store_->settings();
    SetupOptions options = options_.setup;
    options.policies_dir = dir;
    if (settings && !settings->empty()) options.on_top.push_back(layer_of(*settings));
    return load_setup(options);
}

std::vector<Error> Service::test_policies() {
    if (setup_.policies_dir == default_policies_dir()) {
        gate_.trust(setup_.policies->status());
        return {};
    }
    auto failed = gate_.check(setup_.policies->status());
    log_(PICKET_LOG_INFO, fmt::format("{} tests of policies, {} failed", gate_.tests(), failed.size()));
    return failed;
}

/// The command line wins, also at each reload.
Setup Service::load(const StoredSettings& settings) const {
    SetupOptions options = options_.setup;
    // A candidate that was promoted is over the command line; all else that it says holds.
    if (settings.contains("policies.dir")) options.policies_dir.clear();
    if (!settings.empty()) options.on_top.push_back(layer_of(settings));
    Setup out = load_setup(options);
    if (!options_.state_dir.empty()) out.config.store.dir = options_.state_dir;
    if (options_.socket) out.config.api.socket = *options_.socket;
    if (options_.listen) out.config.api.listen = *options_.listen;
    return out;
}

/// What people set at run time holds also after a start. Of what is wrong by now it is said that it does not.
Result<void> Service::take_settings() {
    auto settings = store_->settings();
    if (!settings) return tl::unexpected<Error>(settings.error());
    if (settings->empty()) return {};
    std::vector<Error> left_out;
    Setup fresh = load_with([this](const StoredSettings& some) { return load(some); }, *settings, left_out);
    for (const Error& problem : left_out) log_(PICKET_LOG_ERROR, fmt::format("left out: {}", problem.text()));
    if (!fresh.problems.empty()) return tl::unexpected<Error>(fresh.problems.front());
    setup_.config = std::move(fresh.config);
    setup_.policies = std::move(fresh.policies);
    setup_.policies_dir = std::move(fresh.policies_dir);
    return {};
}

/// What needs root comes first, then root is given up, and only then are there other threads.
Result<void> Service::open() {
    auto source = make_source(*setup_.plugins, "pcap", source_values(setup_.config, options_), log_);
    if (!source) return tl::unexpected<Error>(source.error());
    source_ = std::move(*source);
    auto actions = start_actions(setup_, log_);
    if (!actions) return tl::unexpected<Error>(actions.error());
    if (auto started = source_->start(); !started) return started;
    std::vector<std::string_view> wanted{source_->plugin().capabilities};
    for (const auto& action : *actions) wanted.emplace_back(action->plugin().capabilities);
    const auto keep = capability_names(wanted);
    if (!keep) return tl::unexpected<Error>(keep.error());
    const auto dropped = drop_privileges(*keep, setup_.config.process.user);
    if (!dropped) return tl::unexpected<Error>(dropped.error());
    log_(PICKET_LOG_INFO, "runs as " + *dropped);

    auto store = Store::open(store_config(setup_.config.store));
    if (!store) return tl::unexpected<Error>(store.error());
    store_ = std::move(*store);
    const ActionObserver observe = [this](const ActionRequest& request, const ActionResult& result) {
        if (request.crossed_ns == 0 || result.began_ns == 0) return;
        metrics_.observe_action_sent(LatencySink::seconds_since(request.crossed_ns, result.began_ns));
        metrics_.observe_action_done(LatencySink::seconds_since(request.crossed_ns, wall_ns()));
    };
    for (auto& action : *actions) actions_.push_back(run_action(std::move(action), log_, observe));
    return {};
}

Result<void> Service::serve() {
    const auto config = api_server_config(setup_.config.api);
    if (!config) return tl::unexpected<Error>(config.error());
    const Log log = log_.as("api");
    auto server =
        ApiServer::start(*config, api_routes({*backend_, hub_, metrics_}), metrics_.api(), wall_ns,
                         [log](picket_log_level level, std::string_view text) { log(level, text); });
    if (!server) return tl::unexpected<Error>(server.error());
    server_ = std::move(*server);
    return {};
}

Result<void> Service::make_engine() {
    const uint64_t tick_ns = setup_.config.engine.tick_ns;
    sinks_.push_back(std::make_unique<LatencySink>(metrics_, tick_ns));
    sinks_.push_back(std::make_unique<AlertSink>(actions_, log_, tick_ns));
    sinks_.push_back(std::make_unique<StoreSink>(*store_));
    sinks_.push_back(std::make_unique<HubSink>(hub_, *store_));
    auto shadowed = std::make_unique<OptionalSink>();
    shadowed_ = shadowed.get();
    sinks_.push_back(std::move(shadowed));
    std::vector<EventSink*> sinks;
    for (const auto& sink : sinks_) sinks.push_back(sink.get());
    events_ = std::make_unique<FanOut>(std::move(sinks));
    auto engine =
        Engine::create(engine_config(setup_.config, own_addresses(), seed_), setup_.policies, *events_);
    if (!engine) return tl::unexpected<Error>(engine.error());
    engine_ = std::make_unique<Engine>(std::move(*engine));
    setup_.policies = nullptr;  // the engine's from now on
    return {};
}

/// Those that were going on when the daemon ended last: findings extend them, or quiet closes them.
Result<void> Service::restore_incidents() {
    IncidentQuery query;
    query.active = true;
    query.limit = 1000;
    query.sort = IncidentSort::last;
    query.descending = false;
    do {
        auto page = store_->incidents(query);
        if (!page) return tl::unexpected<Error>(page.error());
        for (const IncidentRecord& record : page->items) {
            engine_->incidents().restore(record.incident);
            engine_->incidents().mute(record.incident.id, record.status == IncidentStatus::false_positive);
        }
        query.cursor = page->next;
    } while (!query.cursor.empty());
    return {};
}

void Service::make_reloader() {
    reloader_ = std::make_unique<Reloader>(
        Reloader::Parts{
            .load = [this](const StoredSettings& settings) { return load(settings); },
            .store = *store_,
            .gate = gate_,
            .jobs = jobs_,
            .source = *source_,
            .actions = actions_,
            .set_log_level = [this](const std::string& level) { log_.set_least(log_level_of(level)); },
            .on_policies =
                [this](Engine& engine) {
                    backend_->set_counters(counter_infos(engine));
                    before_.policies = engine.policies()->status();
                    backend_->publish(before_);
                },
            .on_done = [this](const std::string& actor, const auto& report) { log_reload(actor, report); }},
        setup_);
    shadow_ = std::make_unique<Shadow>(Shadow::Parts{
        .load = [this](const std::string& dir) { return load_candidate(dir); },
        .jobs = jobs_,
        .live = *shadowed_,
        .now_ns = wall_ns,
    });
    backend_ = std::make_unique<LiveBackend>(
        *store_, *setup_.plugins, jobs_, counter_infos(*engine_),
        [this](const StoredSettings& changes, const Actor& actor) {
            return reloader_->change(changes, actor);
        },
        *shadow_);
}

std::vector<Error> Service::run() {
    log_(PICKET_LOG_INFO, fmt::format("picket {} runs: {} policies, {} actions", PICKET_VERSION,
                                      engine_->policies()->status().size(), actions_.size()));
    const DaemonConfig config{static_cast<uint32_t>(setup_.config.engine.queue_max), seed_};
    DaemonHooks hooks;
    hooks.jobs = &jobs_;
    hooks.on_second = [this](const DaemonStats& stats) { on_second(stats); };
    hooks.on_tick = [this](uint64_t, uint64_t took_ns) {
        metrics_.observe_tick(static_cast<double>(took_ns) / 1e9);
    };
    notifier_->ready("watching");
    const auto stats = run_daemon(config, *source_, *engine_, signals_->stop, hooks);
    notifier_->stopping();
    jobs_.close();
    server_->stop();
    reloader_->stop();
    for (const RunningAction& action : actions_) action.worker->stop(drain_ns);
    if (!stats) return {stats.error()};
    if (auto flushed = store_->flush(); !flushed) return {flushed.error()};
    log_(PICKET_LOG_INFO, fmt::format("picket ends: {} packets, {} flows, {} findings", stats->packets,
                                      stats->flows, engine_->incident_stats().findings));
    return {};
}

void Service::on_second(const DaemonStats& stats) {
    DaemonStatus status = status_of(stats);
    status.problems = health_.judge(status, store_->stats());
    log_health(status.problems);
    if (status.time_ns >= next_expiry_ns_) {
        store_->expire(status.time_ns);
        next_expiry_ns_ = status.time_ns + expire_every_ns;
    }
    tell_systemd(status);
    answer_signals();
    log_.on_second();
    before_ = status;
    if (!hub_.is_idle()) hub_.publish(status);
    backend_->publish(std::move(status));
}

void Service::answer_signals() {
    if (signals_->reload.exchange(false)) {
        notifier_->reloading(monotonic_ns());
        reloader_->request("SIGHUP");
    }
    if (reloaded_.exchange(false)) notifier_->ready("reloaded");
}

void Service::tell_systemd(const DaemonStatus& now) {
    const uint64_t now_ns = monotonic_ns();
    for (size_t i = 0; i < shards_.size() && i < now.capture.flushed_ns.size(); ++i) {
        const uint64_t flushed_ns = now.capture.flushed_ns[i];
        if (flushed_ns == UINT64_MAX)
            shards_[i].beat.rest();
        else if (std::exchange(shards_[i].flushed_ns, flushed_ns) != flushed_ns)
            shards_[i].beat.beat(now_ns);
    }
    const uint64_t sweeps = metrics_.api().sweeps;
    if (std::exchange(api_sweeps_, sweeps) != sweeps) api_beat_.beat(now_ns);
    notifier_->watch(heart_, now_ns);
    notifier_->status(status_line(before_, now));
}

DaemonStatus Service::status_of(const DaemonStats& stats) {
    DaemonStatus out;
    out.time_ns = wall_ns();
    out.started_ns = started_ns_;
    out.memory_bytes = resident_bytes();
    out.capture = stats;
    out.tick = {engine_->stats().ticks, stats.last_tick_ns, stats.longest_tick_ns, stats.ticks_late};
    out.engine = engine_->stats();
    out.incidents = engine_->incident_stats();
    out.incidents_open = engine_->incidents().open();
    out.sources.push_back({source_->plugin().name, source_->shards(), stats.source, stats.failures});
    for (const RunningAction& action : actions_) {
        const ActionWorkerStats counts = action.worker->stats();
        out.actions.push_back(
            {action.instance->plugin().name, counts.done, counts.failed, counts.retried, counts.dropped});
    }
    out.tables = engine_->table_stats();
    out.policies = engine_->policies()->status();
    const std::lock_guard lock(reloads_mutex_);
    out.reloads = reloads_;
    return out;
}

/// Each kind of fault once when it comes, and once that all are gone.
void Service::log_health(const std::vector<std::string>& problems) {
    std::set<std::string> kinds;
    for (const std::string& problem : problems) {
        kinds.insert(kind_of(problem));
        if (!told_.contains(kind_of(problem))) log_(PICKET_LOG_WARNING, problem);
    }
    if (kinds.empty() && !told_.empty()) log_(PICKET_LOG_INFO, "healthy again");
    told_ = std::move(kinds);
}

void Service::note_reload(const std::string& actor, const Result<ReloadReport>& report) {
    const bool applied = report && report->applied;
    const std::lock_guard lock(reloads_mutex_);
    ++(applied ? reloads_.applied : reloads_.refused);
    reloads_.last_ns = wall_ns();
    reloads_.last_by = actor;
    reloads_.problems.clear();
    if (!report) reloads_.problems.push_back(report.error().text());
    if (!applied && report)
        for (const Error& problem : report->problems) reloads_.problems.push_back(problem.text());
    // Who asks right after the answer sees it, and not the state of up to a second ago.
    DaemonStatus status = *backend_->status();
    status.reloads = reloads_;
    backend_->publish(std::move(status));
}

void Service::log_reload(const std::string& actor, const Result<ReloadReport>& report) {
    reloaded_ = true;
    note_reload(actor, report);
    const auto joined = [](const std::vector<std::string>& texts) {
        return texts.empty() ? std::string("nothing") : fmt::format("{}", fmt::join(texts, ", "));
    };
    if (!report) {
        log_(PICKET_LOG_ERROR, fmt::format("reload by {} failed: {}", actor, report.error().text()));
        return;
    }
    for (const Error& problem : report->problems) log_(PICKET_LOG_ERROR, problem.text());
    if (report->applied)
        log_(PICKET_LOG_INFO, fmt::format("reloaded by {}: {} changed; needs a restart: {}", actor,
                                          joined(report->changed), joined(report->needs_restart)));
    else
        log_(PICKET_LOG_ERROR, fmt::format("reload by {} refused: what runs goes on as it was", actor));
}

}  // namespace

std::vector<Error> run_service(const ServiceOptions& options) {
    Service service(options);
    if (auto errors = service.start(); !errors.empty()) return errors;
    return service.run();
}

}  // namespace picket

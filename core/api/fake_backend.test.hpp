// SPDX-License-Identifier: Apache-2.0
// A daemon for tests: a state with something of everything in it, over a real store in a folder of its own.
// The time stands still.
#pragma once
#include <atomic>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <cstdlib>

#include "core/api/api.hpp"
#include "core/api/backend.hpp"
#include "core/api/handlers/handlers.hpp"

namespace picket::test {

inline constexpr uint64_t test_time_ns = 1'700'000'100'000'000'000;

inline DaemonStatus example_status() {
    DaemonStatus out;
    out.time_ns = test_time_ns;
    out.started_ns = test_time_ns - 90'000'000'000;
    out.memory_bytes = 64 << 20;
    out.capture.packets = 1000;
    out.capture.flows = 50;
    out.capture.decoded = {1000, 3, 2, 1, 0};
    out.tick = {900, 2'000'000, 15'000'000, 1};
    out.engine.packets_by_direction = {400, 500, 60, 40};
    out.incidents = {20, 5, 3, 1, 0};
    out.incidents_open = 2;
    SourceStatus source{"pcap", 2, {}, 1};
    source.stats.received = 1006;
    source.stats.dropped_kernel = 7;
    source.stats.interfaces_up = 1;
    out.sources.push_back(source);
    out.actions.push_back({"alert", 3, 1, 2, 0});
    out.tables.push_back({"local,remote outbound", 10, 16384, 0, 4, 0, 1 << 20, 0});
    PolicyStatus policy;
    policy.name = "port_scan";
    policy.summary = "One of our hosts tries many ports";
    policy.file = "detectors/port_scan.lua";
    policy.hash = "00ff00ff";
    policy.calls = 900;
    policy.call_ns = 30'000'000;
    policy.findings = 20;
    OptionSpec window, ports;
    window.name = "window";
    window.type = OptionType::duration;
    ports.name = "unique_ports";
    ports.type = OptionType::integer;
    ports.min = 5;
    policy.params = {{window, uint64_t{10'000'000'000}, "default"}, {ports, int64_t{60}, "picket.toml:3:8"}};
    out.policies.push_back(policy);
    policy.name = "broken";
    policy.state = PolicyState::stopped;
    policy.last_error = "detectors/broken.lua:3: no";
    policy.params.clear();
    out.policies.push_back(policy);
    return out;
}

inline Incident example_incident(int number) {
    Incident out;
    out.id = "000000000000000" + std::string(1, "0123456789abcdef"[number % 16]);
    out.type = number % 2 == 0 ? "port_scan_unique_ports_tcp" : "syn_flood";
    out.subject = "10.0.0." + std::to_string(number);
    out.policy = "port_scan";
    out.severity = static_cast<Severity>(number % 5);
    out.confidence = 0.8;
    out.reason = "62 tcp ports of 203.0.113.9 in 10s";
    out.opened_ns = test_time_ns - 60'000'000'000 + static_cast<uint64_t>(number) * 1'000'000'000;
    out.last_ns = out.opened_ns + 10'000'000'000;
    out.closed_ns = number % 3 == 0 ? out.last_ns + 1'000'000'000 : 0;
    out.findings = 2;
    out.targets = {"203.0.113.9"};
    out.peaks = {{"ports", 240}, {"answers", 3}};
    return out;
}

inline Finding example_finding(const Incident& incident, uint64_t time_ns, double ports) {
    Finding out;
    out.time_ns = time_ns;
    out.type = incident.type;
    out.subject = incident.subject;
    out.target = "203.0.113.9";
    out.policy = incident.policy;
    out.reason = incident.reason;
    out.measures = {{"ports", ports}, {"answers", 3}};
    out.limits = {{"ports", 60}};
    return out;
}

class FakeBackend final : public ApiBackend {
  public:
    DaemonStatus state = example_status();
    ReloadReport report{true, {}, {"policy.port_scan.unique_ports"}, {"engine.tick"}};
    std::vector<std::string> told_of;  ///< incidents_changed
    std::string reloaded_by;
    uint64_t time_ns = test_time_ns;

    FakeBackend()
        : dir_(made_dir())
        , plugins_(PluginRegistry::scan(dir_ / "plugins").value()) {
        StoreConfig config;
        config.dir = dir_ / "store";
        config.size_max_bytes = 64 << 20;
        store_ = Store::open(config).value();
    }
    ~FakeBackend() override {
        store_.reset();
        std::filesystem::remove_all(dir_);
    }
    FakeBackend(const FakeBackend&) = delete;
    FakeBackend& operator=(const FakeBackend&) = delete;

    /// Ten incidents, with two findings each.
    void fill() {
        for (int i = 0; i < 10; ++i) {
            const Incident incident = example_incident(i);
            store_->put(incident);
            store_->put(example_finding(incident, incident.opened_ns, 62), incident.id);
            store_->put(example_finding(incident, incident.last_ns, 90), incident.id);
        }
        (void)store_->flush();
    }

    [[nodiscard]] std::shared_ptr<const DaemonStatus> status() const override {
        return std::make_shared<DaemonStatus>(state);
    }
    [[nodiscard]] std::vector<CounterInfo> counters() const override {
        return {{"port_scan.tcp",
                 "port_scan",
                 {"local", "remote"},
                 {"ports", "answers"},
                 "local,remote outbound",
                 10'000'000'000}};
    }
    Result<CounterRows> counter_rows(const CounterQuery& query) override {
        if (query.counter != "port_scan.tcp")
            return fail(ErrorCode::not_found, "there is no counter " + query.counter);
        if (query.sort == "busy") return fail(ErrorCode::limit, "too many questions wait for the engine");
        return CounterRows{counters().front(), test_time_ns, 7, {{{"10.0.0.5", "203.0.113.9"}, {62, 0.5}}}};
    }
    [[nodiscard]] Store& store() override { return *store_; }
    [[nodiscard]] const PluginRegistry& plugins() const override { return plugins_; }
    void incidents_changed(const std::vector<std::string>& ids) override { told_of = ids; }
    StoredSettings changed_settings;
    Result<ReloadReport> change_settings(const StoredSettings& changes, const Actor& actor) override {
        changed_settings = changes;
        reloaded_by = actor.name;
        return report;
    }
    std::optional<ShadowView> candidate;
    Result<ShadowView> shadow() override {
        if (!candidate) return fail(ErrorCode::not_found, "there is no shadow");
        return *candidate;
    }
    Result<ReloadReport> start_shadow(const std::string& dir) override {
        candidate.emplace().dir = dir;
        return report;
    }
    Result<void> discard_shadow() override {
        if (!candidate) return fail(ErrorCode::not_found, "there is no shadow");
        candidate.reset();
        return {};
    }
    Result<ReloadReport> promote_shadow(const Actor& actor) override {
        reloaded_by = actor.name;
        if (!candidate) return fail(ErrorCode::not_found, "there is no shadow");
        return report;
    }
    [[nodiscard]] uint64_t now_ns() const override { return time_ns; }

  private:
    static std::filesystem::path made_dir() {
        char name[] = "/tmp/picket-api-XXXXXX";
        const std::filesystem::path out = ::mkdtemp(name);
        std::filesystem::create_directory(out / "plugins");
        return out;
    }

    std::filesystem::path dir_;
    PluginRegistry plugins_;
    std::unique_ptr<Store> store_;
};

/// The whole API over the fake, asked as if over the Unix socket.
struct FakeDaemon {
    FakeBackend backend;
    EventHub hub;
    DaemonMetrics metrics;
    Api api{GateConfig{}, api_routes({backend, hub, metrics})};

    Response ask(const RequestHead& head, const std::string& body = {}) {
        auto judged = api.accept(head);
        if (auto* refused = std::get_if<Response>(&judged)) return std::move(*refused);
        auto& accepted = std::get<Api::Accepted>(judged);
        accepted.request.body = body;
        return api.answer(accepted);
    }
    Response ask(const std::string& method, const std::string& target, const std::string& body = {}) {
        RequestHead head;
        head.method = method;
        head.target = target;
        head.is_unix = true;
        head.peer = "uid:1000 (ops)";
        head.time_ns = test_time_ns;
        head.headers.emplace_back("Host", "localhost");
        if (method != "GET") head.headers.emplace_back("Content-Type", "application/json");
        if (!body.empty()) head.headers.emplace_back("Content-Length", std::to_string(body.size()));
        return ask(head, body);
    }
};

}  // namespace picket::test

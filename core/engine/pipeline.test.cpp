// SPDX-License-Identifier: Apache-2.0
// The whole way on one thread (replay) and on several (daemon), with the real capture plugin, a policy and
// capture files that the test writes.
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "core/engine/daemon.hpp"
#include "core/engine/handover.hpp"
#include "core/engine/replay.hpp"
#include "core/plugin/registry.hpp"

using namespace picket;
namespace fs = std::filesystem;

namespace {

constexpr uint64_t second = 1'000'000'000;
constexpr uint64_t start = 1'700'000'000 * second;

/// A folder that goes away with the test.
struct Folder {
    fs::path path = fs::temp_directory_path() / ("picket-pipeline-" + std::to_string(getpid()));
    Folder() { fs::create_directories(path / "detectors"); }
    ~Folder() { fs::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
};

void put(std::ofstream& out, uint32_t value) {
    out.write(reinterpret_cast<const char*>(&value), sizeof value);
}

/// A raw-IP capture with nanoseconds: one SYN from 192.0.2.1 to 10.0.0.`host`, port `port`, at each given
/// time.
struct Syn {
    uint64_t at_ns;
    uint8_t host;
    uint16_t port;
};
fs::path write_capture(const fs::path& path, const std::vector<Syn>& syns) {
    std::ofstream out(path, std::ios::binary);
    for (const uint32_t word : {0xa1b23c4dU, 0x00040002U, 0U, 0U, 65535U, 101U}) put(out, word);
    for (const Syn& syn : syns) {
        std::array<uint8_t, 40> packet{0x45, 0, 0,   40, 0, 0, 0,  0, 64, 6,
                                       0,    0, 192, 0,  2, 1, 10, 0, 0,  syn.host};
        packet[20] = 0x9c;
        packet[21] = 0x40;
        packet[22] = static_cast<uint8_t>(syn.port >> 8);
        packet[23] = static_cast<uint8_t>(syn.port);
        packet[32] = 0x50;
        packet[33] = 0x02;
        put(out, static_cast<uint32_t>(syn.at_ns / second));
        put(out, static_cast<uint32_t>(syn.at_ns % second));
        put(out, packet.size());
        put(out, packet.size());
        out.write(reinterpret_cast<const char*>(packet.data()), packet.size());
    }
    return path;
}

void write_policy(const fs::path& folder) {
    std::ofstream(folder / "detectors" / "ports.lua") << R"(
return detector { name = "ports", summary = "ports of one host",
  counters = function() return { tries = counter { by = "dst", direction = "inbound", tcp = "syn", window = "1s",
    measure = { ports = distinct "dst_port" } } } end,
  detect = function(p, c)
    for row in c.tries:over { ports = 10 } do
      finding { type = "ports", subject = row.dst, row = row, reason = ("%d ports"):format(row.ports) }
    end
  end }
)";
}

struct Record : EventSink {
    std::string lines;
    void on_finding(const Finding& finding, const Incident&) override {
        lines +=
            std::to_string(finding.time_ns - start) + " " + finding.subject + " " + finding.reason + "\n";
    }
    void on_incident(const Incident& incident) override {
        lines += incident.id + (incident.active() ? " open\n" : " closed\n");
    }
};

template <typename T>
T must(Result<T> result) {
    if (!result) BOOST_FAIL(result.error().text());
    return std::move(*result);
}

/// Policies, engine and source over one capture.
struct Pipeline {
    Pipeline(const fs::path& folder, const fs::path& capture) {
        BOOST_REQUIRE(policies->load(folder, {}).empty());
        EngineConfig config;
        config.local = parse_prefixes({"10.0.0.0/8"}).value();
        config.incidents.quiet_ns = 5 * second;
        engine.emplace(must(Engine::create(config, policies, record)));
        registry.emplace(must(PluginRegistry::scan(fs::path(PICKET_BUILD_DIR) / "lib/picket/plugins")));
        const picket_plugin* plugin = registry->find("pcap");
        BOOST_REQUIRE_MESSAGE(plugin != nullptr, "build the target capture_pcap first");
        const std::string json = R"({"files":[")" + capture.string() +
                                 R"("],"interfaces":[],"filter":"","snaplen":256,"ring_size":16777216,)"
                                 R"("promiscuous":true,"shards":1,"buffer_timeout":0.02})";
        source = must(SourceInstance::create(*plugin, json, [](picket_log_level, std::string_view) {}));
        if (auto started = source->start(); !started) BOOST_FAIL(started.error().text());
    }

    std::shared_ptr<PolicyHost> policies = std::make_shared<PolicyHost>(PolicyBudget{});
    Record record;
    std::optional<Engine> engine;
    std::optional<PluginRegistry> registry;
    std::unique_ptr<SourceInstance> source;
};

/// `ports` SYNs within `over_ns`.
std::vector<Syn> scan(uint64_t at_ns, uint8_t host, uint16_t ports, uint64_t over_ns) {
    std::vector<Syn> out;
    for (uint16_t i = 0; i < ports; ++i)
        out.push_back({at_ns + over_ns * i / ports, host, static_cast<uint16_t>(1 + i)});
    return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pipeline)

BOOST_AUTO_TEST_CASE(replay_finds_at_the_end_of_the_tick_that_crossed_and_closes_after_quiet) {
    Folder folder;
    write_policy(folder.path);
    auto syns = scan(start + 1, 5, 20, second);
    const auto later = scan(start + 3600 * second + 1, 6, 10, 1000);
    syns.insert(syns.end(), later.begin(), later.end());
    const auto capture = write_capture(folder.path / "a.pcap", syns);
    Pipeline run(folder.path, capture);
    const auto summary = replay(*run.source, *run.engine, {});
    BOOST_REQUIRE(summary.has_value());
    BOOST_TEST(summary->packets == 30U);
    BOOST_TEST(summary->flows == 30U);
    BOOST_TEST(summary->bytes == 1200U);
    BOOST_TEST(summary->incidents == 2U);
    // The tenth of 20 ports in a second comes at 450 ms, hence in the tick that ends at 500 ms.
    BOOST_TEST(run.record.lines.starts_with("500000000 10.0.0.5 10 ports\n"), run.record.lines);
    BOOST_TEST(run.record.lines.find("3600100000000 10.0.0.6 10 ports\n") != std::string::npos,
               run.record.lines);
    BOOST_TEST(run.engine->stats().ticks < 30U);  // the hour between is not ticked through
}

BOOST_AUTO_TEST_CASE(two_replays_of_one_file_give_the_same_bytes) {
    Folder folder;
    write_policy(folder.path);
    std::vector<Syn> syns;
    for (uint8_t host = 1; host < 100; ++host) {
        const auto more = scan(start + host * second / 7, host, 30, second);
        syns.insert(syns.end(), more.begin(), more.end());
    }
    std::ranges::stable_sort(syns, {}, &Syn::at_ns);
    const auto capture = write_capture(folder.path / "a.pcap", syns);
    std::string first;
    for (int i = 0; i < 2; ++i) {
        Pipeline run(folder.path, capture);
        BOOST_REQUIRE(replay(*run.source, *run.engine, {}).has_value());
        if (i == 0) first = run.record.lines;
        BOOST_TEST(run.record.lines == first);
    }
    BOOST_TEST(!first.empty());
}

BOOST_AUTO_TEST_CASE(packets_that_come_late_are_counted_in_the_running_tick_and_said) {
    Folder folder;
    write_policy(folder.path);
    const auto capture =
        write_capture(folder.path / "a.pcap", {{start + 2 * second, 1, 80}, {start + second, 1, 81}});
    Pipeline run(folder.path, capture);
    const auto summary = replay(*run.source, *run.engine, {});
    BOOST_TEST(summary->packets == 2U);
    BOOST_TEST(summary->late == 1U);
}

BOOST_AUTO_TEST_CASE(times_at_both_ends_of_the_clock_do_no_harm) {
    Folder folder;
    write_policy(folder.path);
    const auto capture = write_capture(folder.path / "a.pcap", {{0, 1, 80}, {UINT32_MAX * second, 1, 81}});
    Pipeline run(folder.path, capture);
    BOOST_TEST(replay(*run.source, *run.engine, {})->packets == 2U);
}

BOOST_AUTO_TEST_CASE(the_daemon_ends_with_its_source_and_has_counted_every_packet) {
    Folder folder;
    write_policy(folder.path);
    const auto capture = write_capture(folder.path / "a.pcap", scan(start, 5, 20000, 10 * second));
    Pipeline run(folder.path, capture);
    const std::atomic<bool> stop{false};
    const auto stats = run_daemon({.queue_max = 64}, *run.source, *run.engine, stop, {});
    BOOST_REQUIRE(stats.has_value());
    BOOST_TEST(stats->packets == 20000U);
    BOOST_TEST(stats->records_dropped == 0U);
    BOOST_TEST(run.engine->stats().records == 20000U);
    BOOST_TEST(run.record.lines.find("10.0.0.5") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_full_queue_drops_records_and_says_how_many) {
    Handover handover(2);
    std::vector<picket_flow> records(5000);
    handover.on_records(records);
    uint64_t taken = 0;
    handover.drain([&](std::span<const picket_flow> some) { taken += some.size(); });
    BOOST_TEST(taken == 2 * Handover::batch_records);
    BOOST_TEST(taken + handover.dropped() == 5000U);
    handover.on_records(std::span(records).first(100));
    handover.drain([&](std::span<const picket_flow> some) { taken += some.size(); });
    BOOST_TEST(taken == 2 * Handover::batch_records + 100);
}

BOOST_AUTO_TEST_SUITE_END()

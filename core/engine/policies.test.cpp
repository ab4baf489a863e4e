// SPDX-License-Identifier: Apache-2.0
// Proves that policies change between two ticks as one: what did not change goes on with its rows and
// numbers, what fails falls back to the version before, and what cannot be planned changes nothing.
#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "core/engine/engine.hpp"
#include "core/policy/test_support.hpp"

using namespace picket;

namespace {

constexpr uint64_t tick_ns = 100'000'000;

/// Counts ports by source, and says so from `limit` on. `before` is run first in detect().
std::string ports_policy(const std::string& name, int limit, const std::string& before = "",
                         const std::string& measures = "ports = distinct 'dst_port'") {
    return fmt::format(R"(return detector {{ name = "{}", summary = "s",
  counters = function() return {{ tries = counter {{ by = "src", tcp = "syn", window = "10s",
    measure = {{ {} }} }} }} end,
  detect = function(p, c)
    {}
    for row in c.tries:over {{ ports = {} }} do
      finding {{ type = "{}", subject = row.src, row = row, reason = ("%d ports"):format(row.ports) }}
    end
  end }}
)",
                       name, measures, before, limit, name);
}

struct Bench : EventSink {
    void on_finding(const Finding& finding, const Incident&) override {
        found += finding.type + ": " + finding.reason + "\n";
    }
    void on_incident(const Incident&) override {}

    std::shared_ptr<PolicyHost> load() const {
        auto host = std::make_shared<PolicyHost>(PolicyBudget{});
        const auto errors = host->load(folder.root(), {});
        BOOST_REQUIRE_MESSAGE(errors.empty(), testing::joined(errors));
        return host;
    }
    void start() { engine.emplace(Engine::create(config(), load(), *this).value()); }
    static EngineConfig config() {
        EngineConfig out;
        out.local = parse_prefixes({"10.0.0.0/8"}).value();
        out.incidents.repeat_ns = 0;
        return out;
    }
    /// One tick with SYNs from one host to `count` ports, from `first` on; what was found in it.
    std::string scan(uint16_t first, uint16_t count) {
        now_ns += tick_ns;
        std::vector<FlowRecord> records(count);
        for (uint16_t i = 0; i < count; ++i) {
            FlowRecord& record = records[i];
            const auto src = Address::parse("10.0.0.5").value().bytes();
            const auto dst = Address::parse("203.0.113.9").value().bytes();
            std::copy(src.begin(), src.end(), record.src);
            std::copy(dst.begin(), dst.end(), record.dst);
            record.dst_port = static_cast<uint16_t>(first + i);
            record.proto = 6;
            record.tcp_class = PICKET_TCP_SYN;
            record.flags = PICKET_FLOW_PORTS | PICKET_FLOW_NEW;
            record.sampling = 1;
            record.packets = 1;
            record.bytes = 40;
        }
        found.clear();
        last_records = records;
        engine->add(records, now_ns);
        engine->end_tick(now_ns);
        return found;
    }
    PolicyStatus status(size_t index = 0) const { return engine->policies()->status().at(index); }

    testing::PolicyFolder folder;
    std::optional<Engine> engine;
    uint64_t now_ns = 1'700'000'000ull * 1'000'000'000;
    std::string found;
    std::vector<FlowRecord> last_records;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(policies, Bench)

BOOST_AUTO_TEST_CASE(a_scan_that_straddles_a_change_of_policies_is_still_found) {
    folder.add("a.lua", ports_policy("a", 10));
    folder.add("b.lua", ports_policy("b", 1000));
    start();
    BOOST_TEST(scan(1, 6) == "");
    folder.add("b.lua", ports_policy("b", 5));  // only its detect()
    folder.add("c.lua",
               ports_policy("c", 5, "", "ports = distinct 'dst_port', n = packets()"));  // a new counter
    BOOST_REQUIRE(engine->set_policies(load()).has_value());
    BOOST_TEST(scan(7, 4) == "a: 10 ports\nb: 10 ports\n");  // c has seen four
    BOOST_TEST(status(0).calls == 2u);
    BOOST_TEST(status(1).calls == 2u);
    BOOST_TEST(engine->plan_version() == 1u);
}

BOOST_AUTO_TEST_CASE(a_policy_that_comes_or_goes_leaves_the_others_their_rows) {
    folder.add("b.lua", ports_policy("b", 10));
    start();
    BOOST_TEST(scan(1, 6) == "");
    folder.add("a.lua", ports_policy("a", 3));
    BOOST_REQUIRE(engine->set_policies(load()).has_value());
    BOOST_TEST(scan(7, 2) == "");
    std::filesystem::remove(folder.root() / "detectors" / "a.lua");
    BOOST_REQUIRE(engine->set_policies(load()).has_value());
    BOOST_TEST(scan(9, 2) == "b: 10 ports\n");
}

BOOST_AUTO_TEST_CASE(a_version_that_fails_gives_way_to_the_one_before) {
    folder.add("a.lua", ports_policy("a", 10));
    start();
    BOOST_TEST(scan(1, 6) == "");
    const std::string good = status().hash;
    folder.add("a.lua", ports_policy("a", 10, "local x = nil + 1"));
    BOOST_REQUIRE(engine->set_policies(load()).has_value());
    BOOST_TEST(scan(7, 1) == "");
    BOOST_TEST((status().state == PolicyState::running));
    BOOST_TEST(status().fell_back);
    BOOST_TEST(status().hash == good);
    BOOST_TEST(status().last_error.find("detectors/a.lua:5: attempt to perform arithmetic") !=
                   std::string::npos,
               status().last_error);
    BOOST_TEST(status().errors == 1u);
    BOOST_TEST(scan(8, 3) == "a: 10 ports\n");
}

BOOST_AUTO_TEST_CASE(without_a_version_before_it_stands_still_and_the_others_go_on) {
    folder.add("a.lua", ports_policy("a", 1, "local x = nil + 1"));
    folder.add("b.lua", ports_policy("b", 1));
    start();
    BOOST_TEST(scan(1, 1) == "b: 1 ports\n");
    BOOST_TEST((status().state == PolicyState::stopped));
    BOOST_TEST(scan(2, 1) == "b: 2 ports\n");
}

BOOST_AUTO_TEST_CASE(a_candidate_finds_what_a_second_engine_with_its_limits_finds_and_changes_nothing) {
    const testing::PolicyFolder other;
    folder.add("a.lua", ports_policy("a", 10));
    other.add("a.lua", ports_policy("a", 5));
    other.add("b.lua", ports_policy("b", 8, "", "ports = distinct 'dst_port', n = packets()"));
    const auto load_candidate = [&] {
        auto host = std::make_shared<PolicyHost>(PolicyBudget{});
        BOOST_REQUIRE(host->load(other.root(), {}).empty());
        return host;
    };
    struct Book : EventSink {
        std::string opened;
        void on_finding(const Finding&, const Incident&) override {}
        void on_incident(const Incident& incident) override {
            if (incident.active())
                opened += fmt::format("{} at {}\n", incident.type, incident.opened_ns % 1'000'000'000'000);
        }
    } shadowed, second_book;
    start();
    BOOST_REQUIRE(engine->set_shadow(load_candidate(), shadowed).has_value());
    Engine second = Engine::create(config(), load_candidate(), second_book).value();
    std::string live;
    for (uint16_t step = 0; step < 6; ++step) {
        live += scan(static_cast<uint16_t>(1 + 2 * step), 2);
        second.add(last_records, now_ns);
        second.end_tick(now_ns);
    }
    BOOST_TEST(live == "a: 10 ports\na: 12 ports\n");  // as without it
    BOOST_TEST(!shadowed.opened.empty());
    BOOST_TEST(shadowed.opened == second_book.opened);
    // Counters that both want alike are counted once: the candidate brings its own one, of b, alone.
    BOOST_TEST(engine->counter_ids().size() == 1u);
    BOOST_TEST(engine->shadow()->status().at(0).findings > 0u);
    engine->clear_shadow();
    BOOST_TEST(scan(13, 1) == "a: 13 ports\n");
}

BOOST_AUTO_TEST_SUITE_END()

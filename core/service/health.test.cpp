// SPDX-License-Identifier: Apache-2.0
// Proves that each fault turns health, says why, and that health comes back ten seconds after the fault ends.
#include <boost/test/unit_test.hpp>
#include <functional>

#include "core/service/health.hpp"

using namespace picket;

namespace {

/// A daemon that sees 1000 packets a second.
struct Daemon {
    DaemonStatus status;
    StoreStats store;
    Health health;

    Daemon() {
        status.sources.push_back({.name = "pcap", .shards = 1});
        status.sources[0].stats.interfaces_up = 2;
        status.actions.push_back({.name = "alert"});
        status.policies.resize(2);
        status.policies[1].name = "syn_flood";
    }
    std::vector<std::string> second() {
        status.capture.packets += 1000;
        status.tick.ticks += 10;
        return health.judge(status, store);
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(health)

BOOST_AUTO_TEST_CASE(a_daemon_without_faults_is_healthy_from_the_first_second) {
    Daemon daemon;
    for (int i = 0; i < 20; ++i) BOOST_TEST(daemon.second().empty());
}

BOOST_AUTO_TEST_CASE(each_fault_is_told_in_a_sentence) {
    const struct {
        std::string expected;
        std::function<void(Daemon&)> fault;
    } cases[]{
        {"9.1 % of the packets of the last 10 s were lost by the kernel: the ring was full",
         [](Daemon& d) { d.status.capture.source.dropped_kernel = 100; }},
        {"50.0 % of the packets of the last 10 s were lost by the interface",
         [](Daemon& d) { d.status.capture.source.dropped_interface = 1000; }},
        {"7 flow records dropped in the last 10 s: the engine is behind",
         [](Daemon& d) { d.status.capture.records_dropped = 7; }},
        {"3 calls for packets failed in the last 10 s", [](Daemon& d) { d.status.capture.failures = 3; }},
        {"2 ticks of the last 10 s took longer than engine.tick", [](Daemon& d) { d.status.tick.late = 2; }},
        {"5 alerts dropped in the last 10 s: an action is behind",
         [](Daemon& d) { d.status.actions[0].dropped = 5; }},
        {"4 records not kept in the last 10 s: the store is behind", [](Daemon& d) { d.store.refused = 4; }},
        {"the store does not write: no space left on device",
         [](Daemon& d) { d.store.last_error = "no space left on device"; }},
        {"1 of 2 interfaces of pcap is down",
         [](Daemon& d) {
             d.status.sources[0].stats.interfaces_up = 1;
             d.status.sources[0].stats.interfaces_down = 1;
         }},
        {"policy syn_flood is stopped: syn_flood.lua:3: oops",
         [](Daemon& d) {
             d.status.policies[1].state = PolicyState::stopped;
             d.status.policies[1].last_error = "syn_flood.lua:3: oops";
         }},
    };
    for (const auto& each : cases) {
        Daemon daemon;
        daemon.second();
        each.fault(daemon);
        BOOST_TEST(daemon.second() == std::vector<std::string>{each.expected},
                   boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(a_store_that_hangs_is_told_after_ten_seconds_and_one_that_is_busy_is_not) {
    Daemon busy, hangs;
    for (int i = 0; i < 30; ++i) {
        busy.store.waiting = hangs.store.waiting = 5;
        busy.store.commits += i % 8 == 0 ? 1 : 0;
        BOOST_TEST(busy.second().empty());
        BOOST_TEST(hangs.second().size() == (i < 8 ? 0U : 1U));
    }
    BOOST_TEST(hangs.second().at(0) == "5 records wait for the store, which has written nothing for 10 s");
    hangs.store.waiting = 0;
    BOOST_TEST(hangs.second().empty());
}

BOOST_AUTO_TEST_CASE(a_loss_of_less_than_a_hundredth_is_no_reason) {
    Daemon daemon;
    daemon.second();
    daemon.status.capture.source.dropped_kernel = 9;
    BOOST_TEST(daemon.second().empty());
}

BOOST_AUTO_TEST_CASE(health_comes_back_when_the_fault_is_ten_seconds_old) {
    Daemon daemon;
    daemon.second();
    daemon.status.capture.records_dropped = 1;
    int ill = 0;
    for (int i = 0; i < 30; ++i) ill += daemon.second().empty() ? 0 : 1;
    BOOST_TEST(ill == 10);
}

BOOST_AUTO_TEST_SUITE_END()

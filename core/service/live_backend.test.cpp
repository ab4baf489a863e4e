// SPDX-License-Identifier: Apache-2.0
// Proves what the API is told by the running daemon: the state published last, answers of the engine or a
// word why there is none, and that the tracker learns of what people did to incidents.
#include "core/service/live_backend.hpp"

#include <boost/test/unit_test.hpp>
#include <future>

#include "core/service/counter_search.hpp"
#include "core/service/talk_engine.test.hpp"

using namespace picket;

BOOST_AUTO_TEST_SUITE(live_backend)

namespace {

StoreConfig store_in(const std::filesystem::path& dir) {
    StoreConfig out;
    out.dir = dir / "store";
    out.size_max_bytes = 16 << 20;
    return out;
}

struct Daemon {
    test::TalkEngine talk;
    std::unique_ptr<Store> store = Store::open(store_in(talk.folder.path())).value();
    PluginRegistry plugins = PluginRegistry::scan(talk.folder.path()).value();
    JobQueue jobs{2};
    OptionalSink live;
    Shadow shadow{{.load = {}, .jobs = jobs, .live = live, .now_ns = {}}};
    LiveBackend backend{*store,
                        plugins,
                        jobs,
                        counter_infos(*talk.engine),
                        [](const StoredSettings&, const Actor&) { return ReloadReport{}; },
                        shadow};

    /// Asks on a thread of the API, while this one is the engine's.
    Result<CounterRows> rows(const CounterQuery& query) {
        auto answer = std::async(std::launch::async, [&] { return backend.counter_rows(query); });
        while (answer.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready)
            jobs.run(*talk.engine, UINT64_MAX);
        return answer.get();
    }
    /// An open incident of the tracker and the store.
    std::string open_incident() {
        Finding finding;
        finding.time_ns = talk.now_ns;
        finding.type = "talk";
        finding.subject = "10.0.0.1";
        IncidentTracker& tracker = talk.engine->incidents();
        tracker.add(finding);
        Incident incident;
        incident.id = std::string(16, 'a');
        incident.type = "talk";
        incident.subject = "10.0.0.2";
        incident.opened_ns = incident.last_ns = talk.now_ns;
        tracker.restore(incident);
        store->put(incident);
        (void)store->flush();
        return incident.id;
    }
    void tell(const std::string& id) {
        backend.incidents_changed({id});
        jobs.run(*talk.engine, UINT64_MAX);
    }
};

}  // namespace

BOOST_AUTO_TEST_CASE(the_state_is_that_which_was_published_last_and_stays_whole_for_who_holds_it) {
    Daemon daemon;
    BOOST_TEST_REQUIRE(daemon.backend.status() != nullptr);
    DaemonStatus status;
    status.memory_bytes = 1;
    daemon.backend.publish(status);
    const auto first = daemon.backend.status();
    status.memory_bytes = 2;
    daemon.backend.publish(status);
    BOOST_TEST(first->memory_bytes == 1U);
    BOOST_TEST(daemon.backend.status()->memory_bytes == 2U);
}

BOOST_AUTO_TEST_CASE(rows_come_from_the_engine_sorted_by_the_first_measure_or_a_named_one) {
    Daemon daemon;
    for (int i = 0; i < 9; ++i) daemon.talk.send(1, 1);
    daemon.talk.send(2, 5);
    daemon.talk.tick();
    const auto by_packets = daemon.rows({.counter = "talk.sent", .sort = "", .limit = 20});
    BOOST_TEST_REQUIRE(by_packets.has_value());
    BOOST_TEST(by_packets->top.at(0).key.at(0) == "10.0.0.1");
    const auto by_ports = daemon.rows({.counter = "talk.sent", .sort = "ports", .limit = 1});
    BOOST_TEST_REQUIRE(by_ports.has_value());
    BOOST_TEST(by_ports->top.size() == 1U);
    BOOST_TEST(by_ports->top.at(0).key.at(0) == "10.0.0.2");
}

BOOST_AUTO_TEST_CASE(what_is_not_there_is_named_with_what_was_meant) {
    Daemon daemon;
    const auto counter = daemon.backend.counter_rows({.counter = "talk.send", .sort = "", .limit = 20});
    BOOST_TEST_REQUIRE(!counter.has_value());
    BOOST_TEST((counter.error().code == ErrorCode::not_found));
    BOOST_TEST(counter.error().hint == "did you mean 'talk.sent'?");
    const auto measure = daemon.backend.counter_rows({.counter = "talk.sent", .sort = "prots", .limit = 20});
    BOOST_TEST_REQUIRE(!measure.has_value());
    BOOST_TEST(measure.error().what == "there is no measure 'prots'");
}

BOOST_AUTO_TEST_CASE(no_answer_is_an_error_that_says_why) {
    Daemon daemon;
    const CounterQuery query{.counter = "talk.sent", .sort = "", .limit = 20};
    const auto text = [](const Result<CounterRows>& answer) {
        return answer ? std::string("an answer") : answer.error().what;
    };
    // Nobody runs the jobs: an engine that is stuck.
    BOOST_TEST(text(daemon.backend.counter_rows(query)) == "the engine has not answered within a second");
    BOOST_TEST(daemon.jobs.post([](Engine&) { return true; }));
    BOOST_TEST(text(daemon.backend.counter_rows(query)) == "too many questions wait for the engine");
    // The engine takes what waits, and the daemon stops before it is done.
    daemon.jobs.run(*daemon.talk.engine, UINT64_MAX);
    auto asked = std::async(std::launch::async, [&] { return daemon.backend.counter_rows(query); });
    while (asked.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) daemon.jobs.close();
    BOOST_TEST((text(asked.get()) != "an answer"));
}

BOOST_AUTO_TEST_CASE(what_people_did_to_an_incident_reaches_the_tracker) {
    struct Case {
        std::optional<IncidentStatus> status;  ///< none: it is deleted
        size_t open;                           ///< incidents of the tracker afterwards
    };
    for (const Case& each :
         {Case{IncidentStatus::acknowledged, 2}, Case{IncidentStatus::false_positive, 2},
          Case{IncidentStatus::resolved, 1}, Case{IncidentStatus::archived, 1}, Case{std::nullopt, 1}}) {
        Daemon daemon;
        const std::string id = daemon.open_incident();
        BOOST_TEST(daemon.talk.engine->incidents().open() == 2U);
        const Actor ops{"ops", 1};
        if (each.status)
            BOOST_TEST(daemon.store->change({id}, {*each.status, {}}, ops)->changed.size() == 1U);
        else
            BOOST_TEST(daemon.store->remove({id}, ops)->changed.size() == 1U);
        daemon.tell(id);
        BOOST_TEST(daemon.talk.engine->incidents().open() == each.open);
    }
}

BOOST_AUTO_TEST_SUITE_END()

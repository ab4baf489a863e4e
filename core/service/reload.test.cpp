// SPDX-License-Identifier: Apache-2.0
// Proves that a reload applies what can change while running, names what waits for a restart, refuses a wrong
// configuration whole and with every problem, and never leaves one who asked without an answer.
#include "core/service/reload.hpp"

#include <boost/test/unit_test.hpp>
#include <future>

#include "core/service/runtime_settings.hpp"
#include "core/service/talk_engine.test.hpp"

using namespace picket;

BOOST_AUTO_TEST_SUITE(reload)

namespace {

const std::string plugin_table = "[action.fake_action]\nneeded = \"x\"\n";

/// A daemon's parts around a reloader whose file is a text.
struct Daemon {
    test::WithScript script;
    test::TalkEngine talk;
    std::string text = "[engine]\nincident_quiet = \"1h\"\n" + plugin_table;
    std::unique_ptr<Store> store = [this] {
        StoreConfig config;
        config.dir = talk.folder.path() / "store";
        config.size_max_bytes = 16 << 20;
        return Store::open(config).value();
    }();
    PolicyGate gate;
    JobQueue jobs;
    std::unique_ptr<SourceInstance> source =
        SourceInstance::create(test::fake_source(), "{}", [](picket_log_level, std::string_view) {}).value();
    RunningActions actions;
    std::string level;
    std::vector<std::string> told;
    std::unique_ptr<Reloader> reloader;

    Daemon() {
        auto action = ActionInstance::create(test::fake_action(), test::fake_action_json,
                                             [](picket_log_level, std::string_view) {})
                          .value();
        (void)action->start();
        actions.push_back(run_action(std::move(action), {}));
        reloader = std::make_unique<Reloader>(
            Reloader::Parts{.load = [this](const StoredSettings& settings) { return read(settings); },
                            .store = *store,
                            .gate = gate,
                            .jobs = jobs,
                            .source = *source,
                            .actions = actions,
                            .set_log_level = [this](const std::string& to) { level = to; },
                            .on_policies = {},
                            .on_done = [this](const std::string& actor,
                                              const Result<ReloadReport>&) { told.push_back(actor); }},
            read());
    }
    ~Daemon() {
        reloader->stop();
        for (const RunningAction& action : actions) action.worker->stop(1'000'000'000);
    }
    Daemon(const Daemon&) = delete;
    Daemon& operator=(const Daemon&) = delete;

    [[nodiscard]] Setup read(const StoredSettings& settings = {}) const {
        ConfigResult parsed = parse_config({{"picket.toml", text}, layer_of(settings)});
        Setup out;
        out.policies_dir = talk.folder.path();
        out.policies = std::make_shared<PolicyHost>(PolicyBudget{});
        for (Error& wrong : out.policies->load(talk.folder.path(), {}))
            out.problems.push_back(std::move(wrong));
        out.config = std::move(parsed.config);
        for (Error& wrong : parsed.problems) out.problems.push_back(std::move(wrong));
        return out;
    }
    /// A reload on a thread of its own, while this one is the engine's.
    Result<ReloadReport> reload(const std::string& with) {
        text = with;
        auto answer = std::async(std::launch::async, [this] { return reloader->reload("ops"); });
        while (answer.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready)
            jobs.run(*talk.engine, UINT64_MAX);
        return answer.get();
    }
};

std::string joined(const std::vector<std::string>& texts) {
    std::string out;
    for (const std::string& text : texts) out += text + " ";
    return out;
}

}  // namespace

BOOST_AUTO_TEST_CASE(what_changed_is_sorted_into_what_holds_now_and_what_waits) {
    struct Case {
        const char* what;
        std::string text, changed, needs_restart;
    };
    const std::string quiet = "[engine]\nincident_quiet = \"1h\"\n";
    const Case cases[] = {
        {"nothing", quiet + plugin_table, "", ""},
        {"comments and order", "# new\n" + plugin_table + quiet, "", ""},
        {"a key that can", "[engine]\nincident_quiet = \"2h\"\n" + plugin_table, "engine.incident_quiet ",
         ""},
        {"a key that cannot", quiet + "rows_max = 2048\n" + plugin_table, "", "engine.rows_max "},
        {"both", "[engine]\nrows_max = 2048\n" + plugin_table, "engine.incident_quiet ", "engine.rows_max "},
        {"a plugin's option that can", quiet + plugin_table + "wait = \"2s\"\n", "action.fake_action.wait ",
         ""},
        {"a plugin's option that cannot", quiet + plugin_table + "count = 4\n", "",
         "action.fake_action.count "},
        {"a plugin more", quiet + plugin_table + "[action.alert]\n", "", "action.alert "},
        {"a plugin less", quiet, "", "action.fake_action "},
    };
    for (const Case& each : cases) {
        Daemon daemon;
        const auto report = daemon.reload(each.text);
        BOOST_TEST_CONTEXT(each.what) {
            BOOST_TEST_REQUIRE(report.has_value());
            BOOST_TEST(report->applied);
            BOOST_TEST(joined(report->changed) == each.changed);
            BOOST_TEST(joined(report->needs_restart) == each.needs_restart);
            BOOST_TEST(report->problems.empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(what_holds_is_what_the_next_reload_compares_with) {
    Daemon daemon;
    const std::string other = "[engine]\nincident_quiet = \"2h\"\nrows_max = 2048\n" + plugin_table;
    BOOST_TEST(joined(daemon.reload(other)->changed) == "engine.incident_quiet ");
    const auto again = daemon.reload(other);
    BOOST_TEST(joined(again->changed) == "");
    // Still not so: it waits until the restart, however often one reloads.
    BOOST_TEST(joined(again->needs_restart) == "engine.rows_max ");
}

BOOST_AUTO_TEST_CASE(the_parts_of_the_daemon_take_over_what_holds) {
    Daemon daemon;
    BOOST_TEST_REQUIRE(daemon
                           .reload("[log]\nlevel = \"debug\"\n[engine]\nincident_quiet = \"30s\"\n" +
                                   plugin_table + "wait = \"2s\"\n")
                           .has_value());
    BOOST_TEST(daemon.level == "debug");
    Finding finding;
    finding.time_ns = daemon.talk.now_ns;
    daemon.talk.engine->incidents().add(finding);
    BOOST_TEST(daemon.talk.engine->next_expiry_ns() == finding.time_ns + 30'000'000'000);
    daemon.actions.front().worker->stop(60'000'000'000);
    const std::string calls = joined(daemon.script.own.seen());
    BOOST_TEST(calls.find("reconfigure 2000000000 ") != std::string::npos, calls);
    BOOST_TEST(calls.find("reopen") != std::string::npos, calls);
}

BOOST_AUTO_TEST_CASE(a_wrong_configuration_is_refused_whole_and_with_every_problem) {
    Daemon daemon;
    const auto report =
        daemon.reload("[engine]\nincident_quiet = \"2h\"\ntikc = \"1s\"\n[log]\nlevel = \"loud\"\n" +
                      plugin_table + "wait = \"2s\"\n");
    BOOST_TEST_REQUIRE(report.has_value());
    BOOST_TEST(!report->applied);
    BOOST_TEST_REQUIRE(report->problems.size() == 2U);
    BOOST_TEST(report->problems[0].where == "picket.toml:3:1");
    BOOST_TEST(report->problems[1].where == "picket.toml:5:9");
    BOOST_TEST(joined(report->changed) + joined(report->needs_restart) == "");
    BOOST_TEST(daemon.level == "");
    BOOST_TEST(joined(daemon.script.own.seen()).find("reconfigure") == std::string::npos);
    // Nothing was taken over: the same change without the errors is still one.
    BOOST_TEST(joined(daemon.reload("[engine]\nincident_quiet = \"2h\"\n" + plugin_table)->changed) ==
               "engine.incident_quiet ");
}

BOOST_AUTO_TEST_CASE(a_setting_is_kept_if_it_is_right_and_left_out_once_it_is_wrong) {
    Daemon daemon;
    const auto change = [&](const StoredSettings& changes) {
        auto answer = std::async(std::launch::async, [&] {
            return daemon.reloader->change(changes, {"ops", 1});
        });
        while (answer.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready)
            daemon.jobs.run(*daemon.talk.engine, UINT64_MAX);
        return answer.get().value();
    };
    BOOST_TEST(change({{"log.level", "\"debug\""}}).applied);
    BOOST_TEST(daemon.level == "debug");
    const ReloadReport wrong = change({{"log.level", "\"loud\""}});
    BOOST_TEST(!wrong.applied);
    BOOST_TEST(wrong.problems.at(0).where == "set at run time:1:13");
    BOOST_TEST((daemon.store->settings().value() == StoredSettings{{"log.level", "\"debug\""}}));
    // Made right once, wrong now (as of a policy that is gone): it keeps no reload from holding.
    BOOST_REQUIRE(daemon.store->set({{"log.levle", "1"}}, {"ops", 1}).has_value());
    BOOST_TEST(daemon.reload(daemon.text)->applied);
    BOOST_TEST(change({{"log.level", ""}}).applied);
    BOOST_TEST((daemon.store->settings().value() == StoredSettings{{"log.levle", "1"}}));
}

BOOST_AUTO_TEST_CASE(a_policy_whose_tests_fail_is_refused_and_the_one_before_runs_on) {
    Daemon daemon;
    const auto before = daemon.talk.engine->policies();
    (void)daemon.talk.folder.write("detectors/talk.test.lua",
                                   "test('x', function(t) t:expect { type = 'none' } end)");
    const auto report = daemon.reload(daemon.text);
    BOOST_TEST(!report->applied);
    BOOST_TEST(report->problems.at(0).what.starts_with("policy talk fails its test 'x'"));
    BOOST_TEST((daemon.talk.engine->policies() == before));
}

BOOST_AUTO_TEST_CASE(each_reload_is_told_with_who_asked_for_it) {
    Daemon daemon;
    (void)daemon.reload(daemon.text);
    (void)daemon.reload("[enigne]\n");
    BOOST_TEST(joined(daemon.told) == "ops ops ");
}

BOOST_AUTO_TEST_CASE(several_requests_before_one_begins_are_one) {
    Daemon daemon;
    std::atomic<int> loads{0};
    std::promise<void> begun, go;
    Reloader reloader({.load =
                           [&](const StoredSettings&) {
                               if (++loads == 1) {
                                   begun.set_value();
                                   go.get_future().wait();
                               }
                               return daemon.read();
                           },
                       .store = *daemon.store,
                       .gate = daemon.gate,
                       .jobs = daemon.jobs,
                       .source = *daemon.source,
                       .actions = daemon.actions,
                       .set_log_level = {},
                       .on_policies = {},
                       .on_done = {}},
                      daemon.read());
    reloader.request("SIGHUP");
    begun.get_future().wait();
    for (int i = 0; i < 5; ++i) reloader.request("SIGHUP");
    go.set_value();
    while (loads < 2) daemon.jobs.run(*daemon.talk.engine, UINT64_MAX);
    daemon.jobs.close();
    reloader.stop();
    BOOST_TEST(loads == 2);
}

BOOST_AUTO_TEST_CASE(what_was_said_to_have_failed_is_not_applied_later) {
    Daemon daemon;
    daemon.text = "[log]\nlevel = \"debug\"\n" + plugin_table;
    BOOST_TEST(!daemon.reloader->reload("ops").has_value());  // nobody runs the jobs
    daemon.jobs.run(*daemon.talk.engine, UINT64_MAX);
    BOOST_TEST(daemon.level == "");
}

BOOST_AUTO_TEST_CASE(a_daemon_that_stops_gives_an_answer) {
    Daemon daemon;
    auto asked = std::async(std::launch::async, [&] { return daemon.reloader->reload("ops"); });
    while (asked.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) daemon.jobs.close();
    BOOST_TEST(!asked.get().has_value());
}

BOOST_AUTO_TEST_SUITE_END()

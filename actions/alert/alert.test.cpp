// SPDX-License-Identifier: Apache-2.0
// Proves what an alert does with a request: one line for each target, at most one an interval for an
// incident, nothing in a dry run, and after a failure only what is still missing.
#include "actions/alert/alert.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "core/plugin/descriptor.hpp"

using namespace picket;
using alert::Alert;

namespace {

/// An alert with two targets in memory and a clock that a test moves.
struct Fixture {
    struct Memory {
        std::vector<std::string> lines;
        std::vector<sdk::Outcome> outcomes;  // of the next writes; then OK
        int reopened = 0;
        sdk::Outcome on_reopen;
    };
    Memory first, second;
    uint64_t now_ns = 1'000'000;
    uint8_t next_id = 1;
    Alert plugin{sdk::Host(), {target(first), target(second)}, 60, [this] { return now_ns; }};

    static Alert::Target target(Memory& memory) {
        return {[&memory](const nlohmann::ordered_json&, const std::string& line,
                          const sdk::Request&) -> sdk::Outcome {
                    if (!memory.outcomes.empty()) {
                        sdk::Outcome outcome = memory.outcomes.front();
                        memory.outcomes.erase(memory.outcomes.begin());
                        if (!outcome.ok()) return outcome;
                    }
                    memory.lines.push_back(line);
                    return {};
                },
                [&memory] {
                    ++memory.reopened;
                    return memory.on_reopen;
                }};
    }

    static picket_action_request raw(const std::string& params, uint8_t id, bool dry_run = false) {
        picket_action_request request{};
        request.size = sizeof request;
        request.id[0] = id;
        request.dry_run = dry_run ? 1 : 0;
        request.params_json = sdk::str(params);
        return request;
    }
    sdk::Outcome send(const std::string& params) { return send_as(params, next_id++); }
    sdk::Outcome send_as(const std::string& params, uint8_t id) {
        return plugin.apply(sdk::Request(raw(params, id)));
    }
};

const std::string of_incident = R"({"event":"finding","incident":"i1","a":1})";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(alert_action, Fixture)

BOOST_AUTO_TEST_CASE(one_line_as_it_came_for_each_target) {
    BOOST_TEST(send(R"({ "z": "a\nb", "a": 1.5 })").ok());
    const std::vector<std::string> expected{R"({"z":"a\nb","a":1.5})"};
    BOOST_TEST(first.lines == expected, boost::test_tools::per_element());
    BOOST_TEST(second.lines == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_incident_is_alerted_once_an_interval_and_says_what_was_held_back) {
    for (int i = 0; i < 4; ++i) BOOST_TEST(send(of_incident).ok());
    BOOST_TEST(send(R"({"incident":"i2"})").ok());
    now_ns += 60;
    BOOST_TEST(send(of_incident).ok());
    const std::vector<std::string> expected{of_incident, R"({"incident":"i2"})",
                                            R"({"event":"finding","incident":"i1","a":1,"suppressed":3})"};
    BOOST_TEST(first.lines == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_event_without_an_incident_is_never_held_back) {
    for (int i = 0; i < 3; ++i) BOOST_TEST(send(R"({"a":1})").ok());
    BOOST_TEST(first.lines.size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_dry_run_checks_and_writes_nothing) {
    const std::string wrong = "no json";
    BOOST_TEST(plugin.apply(sdk::Request(raw(of_incident, 1, true))).ok());
    BOOST_TEST(plugin.apply(sdk::Request(raw(wrong, 2, true))).status == PICKET_INVALID);
    BOOST_TEST(first.lines.empty());
    BOOST_TEST(send(of_incident).ok());  // the dry run began no interval
    BOOST_TEST(first.lines.size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_is_no_object_is_refused) {
    for (const char* params : {"", "[1]", "3", "{\"a\":", "{}{}"})
        BOOST_TEST(send(params).status == PICKET_INVALID);
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_text_are_refused) {
    const auto outcome = send("{\"a\":\"\xff\"}");
    BOOST_TEST(outcome.status == PICKET_INVALID);
    BOOST_TEST(first.lines.empty());
}

BOOST_AUTO_TEST_CASE(a_request_that_comes_again_goes_only_where_it_failed) {
    first.outcomes = {sdk::Outcome(), sdk::Outcome()};
    second.outcomes = {sdk::Outcome(PICKET_AGAIN, "full")};
    const auto outcome = send_as(of_incident, 9);
    BOOST_TEST(outcome.status == PICKET_AGAIN);
    BOOST_TEST(outcome.text == "full");
    BOOST_TEST(send_as(of_incident, 9).ok());
    BOOST_TEST(send_as(of_incident, 9).ok());
    BOOST_TEST(first.lines.size() == 1u);
    BOOST_TEST(second.lines.size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_count_of_what_was_held_back_survives_a_failure) {
    BOOST_TEST(send(of_incident).ok());
    BOOST_TEST(send(of_incident).ok());
    now_ns += 60;
    first.outcomes = {sdk::Outcome(PICKET_AGAIN, "full")};
    second.outcomes = {sdk::Outcome(PICKET_AGAIN, "full")};
    BOOST_TEST(send_as(of_incident, 99).status == PICKET_AGAIN);
    BOOST_TEST(send_as(of_incident, 99).ok());
    BOOST_TEST(first.lines.back().ends_with(R"("suppressed":1})"));
}

BOOST_AUTO_TEST_CASE(a_target_that_fails_for_ever_does_not_lift_the_limit) {
    first.outcomes.assign(10, sdk::Outcome(PICKET_PARK, "gone"));
    BOOST_TEST(send(of_incident).status == PICKET_PARK);
    for (int i = 0; i < 5; ++i) BOOST_TEST(send(of_incident).ok());
    BOOST_TEST(second.lines.size() == 1u);
}

BOOST_AUTO_TEST_CASE(nothing_delivered_begins_no_interval) {
    first.outcomes = second.outcomes = {sdk::Outcome(PICKET_PARK, "gone")};
    BOOST_TEST(send(of_incident).status == PICKET_PARK);
    BOOST_TEST(send(of_incident).ok());
    BOOST_TEST(first.lines.size() == 1u);
}

BOOST_AUTO_TEST_CASE(reopen_goes_to_all_targets_and_tells_the_fault) {
    first.on_reopen = {PICKET_PARK, "no folder"};
    BOOST_TEST(plugin.reopen().text == "no folder");
    BOOST_TEST(first.reopened == 1);
    BOOST_TEST(second.reopened == 1);
}

BOOST_AUTO_TEST_CASE(a_new_interval_is_taken_while_running) {
    BOOST_TEST(send(of_incident).ok());
    BOOST_TEST(plugin.reconfigure(R"({"interval":0})").ok());
    BOOST_TEST(send(of_incident).ok());
    BOOST_TEST(first.lines.size() == 2u);
}

BOOST_AUTO_TEST_CASE(the_host_takes_its_declaration) {
    const auto checked = picket::check_descriptor(*PICKET_ENTRY());
    const std::string problem = checked ? "" : checked.error().text();
    BOOST_TEST(problem.empty(), problem);
}

BOOST_AUTO_TEST_CASE(no_target_at_all_is_refused) {
    picket_error error{};
    const std::string config = R"({"stdout":false,"file":"","journal":false,"interval":60})";
    BOOST_TEST(PICKET_ENTRY()->create(nullptr, sdk::str(config), &error) == nullptr);
    BOOST_TEST(std::string(error.text) == "give alerts somewhere to go: stdout, file or journal");
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_opened_is_said_at_the_start) {
    picket_error error{};
    const std::string config = R"({"stdout":false,"file":"/nonexistent/a","journal":false,"interval":60})";
    void* self = PICKET_ENTRY()->create(nullptr, sdk::str(config), &error);
    BOOST_REQUIRE(self != nullptr);
    BOOST_TEST(PICKET_ENTRY()->start(self, &error) == PICKET_PARK);
    BOOST_TEST(std::string(error.text) == "cannot write to /nonexistent/a: No such file or directory");
    PICKET_ENTRY()->destroy(self);
}

BOOST_AUTO_TEST_SUITE_END()

// SPDX-License-Identifier: Apache-2.0
// Incidents: one per type and subject, extended while findings come, closed after quiet, bounded.
#include "core/response/incidents.hpp"

#include <boost/test/unit_test.hpp>

using namespace picket;

namespace {

constexpr uint64_t second = 1'000'000'000;

struct Record : EventSink {
    std::vector<std::string> lines;
    std::vector<Incident> incidents;
    void on_finding(const Finding& finding, const Incident&) override {
        lines.push_back("finding " + finding.subject + " > " + finding.target);
    }
    void on_incident(const Incident& incident) override {
        lines.push_back((incident.active() ? "open " : "closed ") + incident.subject);
        incidents.push_back(incident);
    }
};

Finding finding(uint64_t at_s, std::string subject, std::string target = {},
                Severity severity = Severity::medium) {
    Finding out;
    out.time_ns = at_s * second;
    out.type = "port_scan";
    out.subject = std::move(subject);
    out.target = std::move(target);
    out.severity = severity;
    out.measures = {{"ports", static_cast<double>(at_s)}};
    return out;
}

using Lines = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(incidents)

BOOST_AUTO_TEST_CASE(a_burst_at_three_targets_is_one_incident) {
    Record record;
    IncidentTracker tracker({}, record);
    for (const char* target : {"a", "b", "c", "a"}) tracker.add(finding(1, "x", target));
    tracker.close_all(2 * second);
    BOOST_TEST(
        (record.lines == Lines{"finding x > a", "open x", "finding x > b", "finding x > c", "closed x"}));
    BOOST_TEST(record.incidents.back().findings == 4U);
    BOOST_TEST(record.incidents.back().targets.size() == 3U);
}

BOOST_AUTO_TEST_CASE(an_unchanged_finding_is_passed_on_again_only_after_the_interval) {
    Record record;
    IncidentTracker tracker({.repeat_ns = 10 * second}, record);
    for (uint64_t at = 1; at <= 25; ++at) tracker.add(finding(at, "x"));
    BOOST_TEST(tracker.stats().passed_on == 3U);  // at 1, 11 and 21 s
    BOOST_TEST(tracker.stats().findings == 25U);
}

BOOST_AUTO_TEST_CASE(a_higher_severity_is_passed_on_at_once_and_kept) {
    Record record;
    IncidentTracker tracker({}, record);
    tracker.add(finding(1, "x"));
    tracker.add(finding(2, "x", {}, Severity::critical));
    tracker.add(finding(3, "x"));
    tracker.close_all(4 * second);
    BOOST_TEST(tracker.stats().passed_on == 2U);
    BOOST_TEST((record.incidents.back().severity == Severity::critical));
    BOOST_TEST(record.incidents.back().peaks.front().second == 3.0);
}

BOOST_AUTO_TEST_CASE(silence_closes_an_incident_at_the_moment_it_was_due) {
    Record record;
    IncidentTracker tracker({.quiet_ns = 60 * second}, record);
    tracker.add(finding(1, "x"));
    tracker.add(finding(5, "y"));
    tracker.add(finding(9, "x"));
    tracker.expire(64 * second);
    BOOST_TEST(tracker.open() == 2U);
    tracker.expire(1000 * second);
    BOOST_TEST(tracker.open() == 0U);
    BOOST_TEST((Lines(record.lines.end() - 2, record.lines.end()) == Lines{"closed y", "closed x"}));
    BOOST_TEST(record.incidents.back().closed_ns == 69 * second);
    tracker.add(finding(2000, "x"));
    BOOST_TEST(record.incidents.back().id != record.incidents.front().id);
}

BOOST_AUTO_TEST_CASE(beyond_the_bound_the_longest_silent_one_goes_and_is_counted) {
    Record record;
    IncidentTracker tracker({.open_max = 2}, record);
    for (const char* subject : {"a", "b", "c"}) tracker.add(finding(1, subject));
    BOOST_TEST(tracker.open() == 2U);
    BOOST_TEST(tracker.stats().closed_early == 1U);
}

BOOST_AUTO_TEST_CASE(targets_are_listed_up_to_the_bound) {
    Record record;
    IncidentTracker tracker({.targets_max = 2}, record);
    for (const char* target : {"a", "b", "c", "d"}) tracker.add(finding(1, "x", target));
    tracker.close_all(second);
    BOOST_TEST(record.incidents.back().targets.size() == 2U);
    BOOST_TEST(record.incidents.back().targets_more == 2U);
    BOOST_TEST(tracker.stats().passed_on == 2U);
}

BOOST_AUTO_TEST_CASE(an_incident_of_before_a_restart_goes_on_or_falls_quiet) {
    Record record;
    IncidentTracker before({}, record);
    before.add(finding(1, "x", "a"));
    before.add(finding(1, "y", "a"));
    Incident kept = record.incidents.at(0), silent = record.incidents.at(1);
    record.lines.clear();

    IncidentTracker after({.quiet_ns = 60 * second}, record);
    after.restore(kept);
    after.restore(silent);
    BOOST_TEST(record.lines.empty());
    after.add(finding(30, "x", "b"));
    after.expire(65 * second);
    BOOST_TEST((record.lines == Lines{"finding x > b", "closed y"}));
    BOOST_TEST(record.incidents.back().id == silent.id);
    BOOST_TEST(after.stats().opened == 0U);
}

BOOST_AUTO_TEST_CASE(after_a_release_the_next_finding_opens_another_incident) {
    Record record;
    IncidentTracker tracker({}, record);
    tracker.add(finding(1, "x"));
    tracker.release(record.incidents.at(0).id, 5 * second);
    tracker.release("no such id", 5 * second);
    tracker.add(finding(6, "x"));
    BOOST_TEST((record.lines == Lines{"finding x > ", "open x", "closed x", "finding x > ", "open x"}));
    BOOST_TEST(record.incidents.at(1).closed_ns == 5 * second);
    BOOST_TEST(record.incidents.at(2).id != record.incidents.at(0).id);
}

BOOST_AUTO_TEST_CASE(a_forgotten_incident_is_told_to_nobody) {
    Record record;
    IncidentTracker tracker({}, record);
    tracker.add(finding(1, "x"));
    tracker.forget(record.incidents.at(0).id);
    tracker.forget("no such id");
    BOOST_TEST(tracker.open() == 0U);
    BOOST_TEST(tracker.next_expiry_ns() == UINT64_MAX);
    BOOST_TEST((record.lines == Lines{"finding x > ", "open x"}));
}

BOOST_AUTO_TEST_CASE(a_muted_incident_counts_on_and_passes_nothing_on) {
    Record record;
    IncidentTracker tracker({}, record);
    tracker.add(finding(1, "x", "a"));
    const std::string id = record.incidents.at(0).id;
    tracker.mute(id, true);
    tracker.add(finding(2, "x", "b", Severity::critical));
    BOOST_TEST((record.lines == Lines{"finding x > a", "open x"}));
    tracker.mute(id, false);
    tracker.add(finding(3, "x", "c"));
    tracker.close_all(4 * second);
    BOOST_TEST(record.lines.at(2) == "finding x > c");
    BOOST_TEST(record.incidents.back().findings == 3U);
}

BOOST_AUTO_TEST_CASE(new_intervals_hold_for_what_is_open) {
    Record record;
    IncidentTracker tracker({.repeat_ns = 10 * second, .quiet_ns = 60 * second}, record);
    tracker.add(finding(1, "x"));
    tracker.set_intervals(2 * second, 5 * second);
    tracker.add(finding(4, "x"));
    BOOST_TEST(tracker.stats().passed_on == 2U);
    BOOST_TEST(tracker.next_expiry_ns() == 9 * second);
}

BOOST_AUTO_TEST_SUITE_END()

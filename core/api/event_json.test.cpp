// SPDX-License-Identifier: Apache-2.0
// Proves that events have the keys that other programs rely on, in that order, and that no content can break
// a line.
#include <boost/test/unit_test.hpp>

#include <limits>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/api/event_json.hpp"

using namespace picket;

BOOST_AUTO_TEST_SUITE(event_json)

namespace {

Finding example_finding() {
    Finding out;
    out.time_ns = 1'700'000'000'100'000'000;
    out.type = "port_scan_unique_ports_tcp";
    out.subject = "10.0.0.5";
    out.target = "203.0.113.9";
    out.policy = "port_scan";
    out.reason = "100 TCP ports";
    out.measures = {{"ports", 100}, {"entropy", 0.5}};
    out.limits = {{"ports", 100}};
    return out;
}

Incident example_incident() {
    Incident out;
    out.id = "0123456789abcdef";
    out.type = "port_scan_unique_ports_tcp";
    out.subject = "10.0.0.5";
    out.policy = "port_scan";
    out.opened_ns = 1'700'000'000'100'000'000;
    out.last_ns = 1'700'000'010'000'000'000;
    out.closed_ns = 1'700'000'070'000'000'000;
    out.findings = 3;
    out.targets = {"203.0.113.9"};
    out.confidence = 0.75;
    return out;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_finding_has_its_keys_in_order) {
    BOOST_TEST(finding_json(example_finding(), example_incident()) ==
               R"({"event":"finding","time":"2023-11-14T22:13:20.100Z","type":"port_scan_unique_ports_tcp",)"
               R"("subject":"10.0.0.5","target":"203.0.113.9","policy":"port_scan","severity":"medium",)"
               R"("confidence":0.8,"reason":"100 TCP ports","measures":{"ports":100,"entropy":0.5},)"
               R"("limits":{"ports":100},"incident":"0123456789abcdef"})");
}

BOOST_AUTO_TEST_CASE(an_incident_is_told_when_it_opens_and_when_it_closes) {
    Incident incident = example_incident();
    const uint64_t closed_ns = std::exchange(incident.closed_ns, 0);
    BOOST_TEST(incident_json(incident) ==
               R"({"event":"incident","time":"2023-11-14T22:13:20.100Z","type":"port_scan_unique_ports_tcp",)"
               R"("subject":"10.0.0.5","target":"203.0.113.9","policy":"port_scan","severity":"medium",)"
               R"("confidence":0.75,"reason":"","measures":{},"incident":"0123456789abcdef","status":"open",)"
               R"("opened":"2023-11-14T22:13:20.100Z","last":"2023-11-14T22:13:30.000Z","findings":3,)"
               R"("targets":["203.0.113.9"],"targets_more":0})");
    incident.closed_ns = closed_ns;
    incident.targets.clear();
    const auto closed = nlohmann::json::parse(incident_json(incident));
    BOOST_TEST(closed["time"] == "2023-11-14T22:14:30.000Z");
    BOOST_TEST(closed["status"] == "closed");
    BOOST_TEST(closed["target"] == "");
}

BOOST_AUTO_TEST_CASE(the_summary_has_its_keys_in_order) {
    ReplaySummary summary;
    summary.packets = 1000;
    summary.bytes = 64000;
    summary.flows = 10;
    summary.findings = 2;
    summary.incidents = 1;
    summary.dropped = 5;
    summary.seconds = 0.5;
    summary.decoded.at(static_cast<size_t>(DecodeResult::malformed)) = 7;
    BOOST_TEST(summary_json(summary, 1) ==
               R"({"event":"summary","packets":1000,"bytes":64000,"flows":10,"findings":2,"incidents":1,)"
               R"("seconds":0.5,"packets_per_second":2000,"dropped":5,"late":0,"not_ip":0,"truncated":0,)"
               R"("malformed":7,"unknown_link_type":0,"truncated_files":1})");
    summary.seconds = 0;
    BOOST_TEST(nlohmann::json::parse(summary_json(summary, 0))["packets_per_second"] == 0);
}

BOOST_AUTO_TEST_CASE(no_content_breaks_the_line) {
    Finding finding = example_finding();
    finding.subject = "a\nb\"\xff\xc3";
    finding.measures = {{"not a number", std::numeric_limits<double>::quiet_NaN()},
                        {"endless", std::numeric_limits<double>::infinity()},
                        {"huge", 1e300}};
    const std::string line = finding_json(finding, example_incident());
    BOOST_TEST(line.find('\n') == std::string::npos);
    const auto read = nlohmann::json::parse(line);
    BOOST_TEST(read["subject"] == "a\nb\"\xef\xbf\xbd\xef\xbf\xbd");
    BOOST_TEST(read["measures"]["not a number"].is_null());
    BOOST_TEST(read["measures"]["huge"] == 1e300);
}

BOOST_AUTO_TEST_SUITE_END()

// SPDX-License-Identifier: Apache-2.0
// Proves what a finding becomes as a request, and that a failing action is told in the log, but not without
// end.
#include <boost/test/unit_test.hpp>

#include <mutex>

#include "core/service/alert_sink.hpp"

using namespace picket;

BOOST_AUTO_TEST_SUITE(alert_sink)

namespace {

std::vector<std::string> seen;  // reasons, in the order of the calls

picket_status apply(void*, const picket_action_request* request, picket_error* error) {
    seen.emplace_back(request->reason.ptr, request->reason.len);
    std::snprintf(error->text, sizeof error->text, "no luck");
    return seen.back().empty() ? PICKET_OK : PICKET_PARK;
}
picket_status revert(void*, const picket_action_request*, picket_error*) { return PICKET_OK; }
picket_status reconcile(void*, const picket_action_request*, size_t, picket_error*) { return PICKET_OK; }

const picket_action table{sizeof(picket_action), apply, revert, reconcile, nullptr};
void* create(const picket_host*, picket_str, picket_error*) { return &seen; }
picket_status start(void*, picket_error*) { return PICKET_OK; }
void nothing(void*) {}
const void* interface(const char*) { return &table; }

picket_plugin recorder() {
    picket_plugin out{};
    out.size = sizeof out;
    out.kinds = PICKET_KIND_ACTION;
    out.name = "recorder";
    out.create = create;
    out.start = start;
    out.stop = nothing;
    out.destroy = nothing;
    out.interface = interface;
    return out;
}

Finding finding_with(const std::string& reason) {
    Finding out;
    out.subject = "10.0.0.5";
    out.reason = reason;
    return out;
}

Incident incident_of(uint64_t findings) {
    Incident out;
    out.id = "0123456789abcdef";
    out.findings = findings;
    return out;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_same_finding_asks_with_the_same_id_another_with_another) {
    const ActionRequest first = alert_request(finding_with("why"), incident_of(1));
    BOOST_TEST(first.action == "alert");
    BOOST_TEST(first.target == "10.0.0.5");
    BOOST_TEST(first.reason == "why");
    BOOST_TEST(first.params_json.starts_with("{\"event\":\"finding\""));
    BOOST_TEST((first.id == alert_request(finding_with("why"), incident_of(1)).id));
    const ActionRequest second = alert_request(finding_with("why"), incident_of(2));
    BOOST_TEST((first.id != second.id));
    Incident other = incident_of(2);
    other.id = "0123456789abcdee";
    BOOST_TEST((second.id != alert_request(finding_with("why"), other).id));
}

BOOST_AUTO_TEST_CASE(findings_reach_every_action_and_failures_are_logged_sparsely) {
    seen.clear();
    const picket_plugin plugin = recorder();
    std::mutex mutex;
    std::vector<std::string> logged;
    const Log log = [&](picket_log_level, std::string_view text) {
        const std::lock_guard lock(mutex);
        logged.emplace_back(text);
    };
    auto instance = ActionInstance::create(plugin, "{}", {});
    BOOST_TEST_REQUIRE(instance.has_value());
    BOOST_TEST_REQUIRE((*instance)->start().has_value());
    RunningActions actions;
    actions.push_back(run_action(std::move(*instance), log));
    AlertSink sink(actions, log);
    sink.on_finding(finding_with(""), incident_of(1));
    for (uint64_t i = 2; i < 7; ++i) sink.on_finding(finding_with("x"), incident_of(i));
    actions.front().worker->stop(60'000'000'000);
    BOOST_TEST(seen == (std::vector<std::string>{"", "x", "x", "x", "x", "x"}),
               boost::test_tools::per_element());
    BOOST_TEST(logged == (std::vector<std::string>{"action recorder: no luck (park; failure 1)",
                                                   "action recorder: no luck (park; failure 2)",
                                                   "action recorder: no luck (park; failure 4)"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_incident_is_logged_when_it_opens_and_when_it_closes) {
    std::vector<std::string> logged;
    RunningActions none;
    AlertSink sink(none, [&](picket_log_level, std::string_view text) { logged.emplace_back(text); });
    Incident incident = incident_of(1);
    incident.type = "port_scan";
    incident.subject = "10.0.0.5";
    sink.on_incident(incident);
    incident.findings = 9;
    incident.closed_ns = 1;
    sink.on_incident(incident);
    BOOST_TEST(logged == (std::vector<std::string>{
                             "incident 0123456789abcdef opened: port_scan 10.0.0.5, 1 findings",
                             "incident 0123456789abcdef closed: port_scan 10.0.0.5, 9 findings"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

// SPDX-License-Identifier: Apache-2.0
// Proves that requests reach an action in order and once, that passing faults are tried again within bounds,
// that a full queue is counted, and that nothing is lost when the worker ends.
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <future>
#include <mutex>

#include "core/cli/action_worker.hpp"
#include "core/cli/alert_sink.hpp"

using namespace picket;

BOOST_AUTO_TEST_SUITE(action_worker)

namespace {

/// What the plugin below was asked, and what it is to answer.
struct Told {
    std::mutex mutex;
    std::vector<std::string> reasons;
    std::vector<picket_status> answers;  ///< one after the other; then OK
    std::shared_future<void> gate;       ///< apply waits for it
    unsigned reopened = 0;
} told;

picket_status apply(void*, const picket_action_request* request, picket_error* error) {
    const std::lock_guard lock(told.mutex);
    if (told.gate.valid()) told.gate.wait();
    told.reasons.emplace_back(request->reason.ptr, request->reason.len);
    if (told.answers.empty()) return PICKET_OK;
    const picket_status answer = told.answers.front();
    told.answers.erase(told.answers.begin());
    std::snprintf(error->text, sizeof error->text, "no luck");
    return answer;
}
picket_status revert(void*, const picket_action_request*, picket_error*) { return PICKET_OK; }
picket_status reconcile(void*, const picket_action_request*, size_t, picket_error*) { return PICKET_OK; }
picket_status reopen(void*, picket_error*) {
    ++told.reopened;
    return PICKET_OK;
}

const picket_action action{sizeof(picket_action), apply, revert, reconcile, reopen};
void* create(const picket_host*, picket_str, picket_error*) { return &told; }
picket_status start(void*, picket_error*) { return PICKET_OK; }
void nothing(void*) {}
const void* interface(const char*) { return &action; }

picket_plugin plugin() {
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

struct Fixture {
    Fixture() {
        told.reasons.clear();
        told.answers.clear();
        told.gate = {};
        told.reopened = 0;
        auto made = ActionInstance::create(described, "{}", {});
        BOOST_TEST_REQUIRE(made.has_value());
        BOOST_TEST_REQUIRE((*made)->start().has_value());
        worker = std::make_unique<ActionWorker>(
            std::move(*made), [this](picket_log_level, std::string_view text) { logged.emplace_back(text); },
            1);
    }
    void push(const std::string& reason) const {
        ActionRequest request;
        request.reason = reason;
        worker->push(std::move(request));
    }
    const picket_plugin described = plugin();
    std::vector<std::string> logged;
    std::unique_ptr<ActionWorker> worker;
};

using Texts = std::vector<std::string>;

}  // namespace

BOOST_FIXTURE_TEST_CASE(requests_arrive_in_order_and_all_of_them_before_the_end, Fixture) {
    Texts expected;
    for (int i = 0; i < 100; ++i) {
        expected.push_back(std::to_string(i));
        push(expected.back());
    }
    worker->reopen();
    worker.reset();
    BOOST_TEST(told.reasons == expected, boost::test_tools::per_element());
    BOOST_TEST(told.reopened == 1u);
    BOOST_TEST(logged.empty());
}

BOOST_FIXTURE_TEST_CASE(a_passing_fault_is_tried_again_a_lasting_one_is_not, Fixture) {
    std::promise<void> open;
    told.gate = open.get_future().share();
    told.answers = {PICKET_AGAIN, PICKET_AGAIN, PICKET_OK, PICKET_PARK};
    push("a");
    push("b");
    open.set_value();
    // Asking the worker to end also ends its patience, so wait until it has come to the second request.
    const auto tries = [] {
        const std::lock_guard lock(told.mutex);
        return told.reasons.size();
    };
    while (tries() < 4) std::this_thread::yield();
    const ActionWorker& watched = *worker;
    while (watched.failed() < 1) std::this_thread::yield();
    worker.reset();
    BOOST_TEST(told.reasons == (Texts{"a", "a", "a", "b"}), boost::test_tools::per_element());
    BOOST_TEST(logged == (Texts{"action recorder: no luck (park; failure 1)"}),
               boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(patience_has_an_end, Fixture) {
    std::promise<void> open;
    told.gate = open.get_future().share();
    told.answers = {PICKET_AGAIN, PICKET_AGAIN, PICKET_AGAIN, PICKET_AGAIN};
    push("a");
    open.set_value();
    const ActionWorker& watched = *worker;
    while (watched.failed() < 1) std::this_thread::yield();
    worker.reset();
    BOOST_TEST(told.reasons.size() == ActionWorker::attempts_max);
}

BOOST_FIXTURE_TEST_CASE(a_full_queue_drops_the_newest_and_counts_it, Fixture) {
    std::promise<void> open;
    told.gate = open.get_future().share();
    // One may be with the plugin already, so between two and three do not fit.
    for (size_t i = 0; i < ActionWorker::queue_max + 3; ++i) push(std::to_string(i));
    const uint64_t dropped = worker->dropped();
    BOOST_TEST((dropped == 2 || dropped == 3));
    open.set_value();
    worker.reset();
    BOOST_TEST(told.reasons.size() == ActionWorker::queue_max + 3 - dropped);
    BOOST_TEST(told.reasons.front() == "0");
}

BOOST_AUTO_TEST_CASE(the_same_finding_asks_with_the_same_id_another_with_another) {
    Finding finding;
    finding.subject = "10.0.0.5";
    finding.reason = "why";
    Incident incident;
    incident.id = "0123456789abcdef";
    incident.findings = 1;
    const ActionRequest first = alert_request(finding, incident);
    BOOST_TEST(first.action == "alert");
    BOOST_TEST(first.target == "10.0.0.5");
    BOOST_TEST(first.reason == "why");
    BOOST_TEST(first.params_json.starts_with("{\"event\":\"finding\""));
    BOOST_TEST((first.id == alert_request(finding, incident).id));
    incident.findings = 2;
    const ActionRequest second = alert_request(finding, incident);
    BOOST_TEST((first.id != second.id));
    incident.id = "0123456789abcdee";
    BOOST_TEST((second.id != alert_request(finding, incident).id));
}

BOOST_AUTO_TEST_SUITE_END()

// SPDX-License-Identifier: Apache-2.0
// Proves that the worker does requests in order, tries again no more often than it may, refuses and counts
// what does not fit, and leaves nothing untold when it stops. Waits are on events, never on the clock.
#include "core/plugin/action_worker.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <future>

#include "core/plugin/fake_plugin.test.hpp"

using namespace picket;
using test::script;

namespace {

/// A worker over the fake action; what it was told is kept.
class Fixture : public test::WithScript {
  public:
    Fixture()
        : action_(*ActionInstance::create(test::fake_action(), test::fake_action_json, {})) {
        BOOST_REQUIRE(action_->start().has_value());
        config.first_backoff_ns = 1;
        config.longest_backoff_ns = 1000;
    }
    ~Fixture() {
        worker.reset();
        action_.reset();
    }

    void begin() {
        worker = std::make_unique<ActionWorker>(
            *action_, config, [this] { return now_ns.load(); },
            [this](const ActionRequest& request, const ActionResult& result) {
                const std::lock_guard lock(mutex_);
                told_.push_back((request.target.empty() ? request.action : request.target) + " " +
                                std::string(status_name(result.status)));
            });
    }
    std::vector<std::string> told() {
        const std::lock_guard lock(mutex_);
        return told_;
    }
    /// Makes the first apply stand still until `release`; returns when it does.
    void block_worker() {
        auto entered = std::make_shared<std::promise<void>>();
        auto waiting = entered->get_future();
        script->on_apply = [this, entered](const sdk::Request& request) {
            if (request.target == "blocker") {
                entered->set_value();
                gate_.get_future().wait();
            }
            return sdk::Outcome();
        };
        worker->apply(test::request_for("blocker"));
        waiting.wait();
    }
    void release() { gate_.set_value(); }

    static constexpr uint64_t drain_ns = 1'000'000;
    ActionWorkerConfig config;
    std::atomic<uint64_t> now_ns{1000};
    std::unique_ptr<ActionWorker> worker;

  private:
    std::unique_ptr<ActionInstance> action_;
    std::mutex mutex_;
    std::vector<std::string> told_;
    std::promise<void> gate_;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(action_worker, Fixture)

BOOST_AUTO_TEST_CASE(requests_are_done_in_order_and_told) {
    begin();
    worker->apply(test::request_for("a"));
    worker->revert(test::request_for("b"));
    worker->reconcile({test::request_for("c"), test::request_for("d")});
    worker->stop(drain_ns);
    BOOST_TEST((told() == std::vector<std::string>{"a ok", "b gone", "c ok", "d ok"}));
    BOOST_TEST(worker->stats().done == 3u);
    BOOST_TEST(worker->stats().failed == 0u);
}

BOOST_AUTO_TEST_CASE(again_is_tried_again_until_it_works) {
    std::atomic<int> calls = 0;
    script->on_apply = [&](const sdk::Request&) {
        return ++calls < 3 ? sdk::Outcome(PICKET_AGAIN, "busy") : sdk::Outcome();
    };
    std::promise<void> seen;
    begin();
    worker->apply(test::request_for("a"));
    while (told().empty()) std::this_thread::yield();
    BOOST_TEST(told().front() == "a ok");
    BOOST_TEST(calls == 3);
    BOOST_TEST(worker->stats().retried == 2u);
}

BOOST_AUTO_TEST_CASE(again_for_ever_ends_after_the_last_try) {
    std::atomic<int> calls = 0;
    script->on_apply = [&](const sdk::Request&) {
        ++calls;
        return sdk::Outcome(PICKET_AGAIN, "busy");
    };
    config.tries_max = 4;
    begin();
    worker->apply(test::request_for("a"));
    while (told().empty()) std::this_thread::yield();
    BOOST_TEST(told().front() == "a again");
    BOOST_TEST(calls == 4);
    BOOST_TEST(worker->stats().failed == 1u);
}

BOOST_AUTO_TEST_CASE(a_lasting_fault_is_tried_once) {
    for (const picket_status status : {PICKET_PARK, PICKET_DENIED, PICKET_INVALID, PICKET_INTERNAL}) {
        script->on_apply = [&](const sdk::Request&) { return sdk::Outcome(status, "no"); };
        begin();
        worker->apply(test::request_for("a"));
        worker->stop(drain_ns);
        BOOST_TEST(worker->stats().failed == 1u);
        BOOST_TEST(worker->stats().retried == 0u);
    }
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused_and_counted) {
    config.queue_max = 3;
    begin();
    block_worker();
    for (int i = 0; i < 3; ++i) BOOST_TEST(worker->apply(test::request_for("waits")));
    BOOST_TEST(!worker->apply(test::request_for("too much")));
    BOOST_TEST(!worker->revert(test::request_for("too much")));
    BOOST_TEST(worker->stats().dropped == 2u);
    release();
    worker->stop(drain_ns);
    BOOST_TEST(told().size() == 4u);
}

BOOST_AUTO_TEST_CASE(reopen_is_never_refused_and_goes_first) {
    config.queue_max = 1;
    begin();
    block_worker();
    worker->apply(test::request_for("waits"));
    worker->reopen();
    worker->reopen();
    release();
    worker->stop(drain_ns);
    BOOST_TEST((told() == std::vector<std::string>{"blocker ok", "reopen ok", "waits ok"}));
}

BOOST_AUTO_TEST_CASE(what_is_left_at_the_deadline_of_a_stop_is_told_as_again) {
    begin();
    block_worker();
    worker->apply(test::request_for("a"));
    worker->apply(test::request_for("b"));
    std::thread stopper([this] { worker->stop(drain_ns); });
    // The stop has begun once nothing more is taken.
    while (worker->apply(test::request_for("late"))) std::this_thread::yield();
    now_ns += 2 * drain_ns;
    release();
    stopper.join();
    const auto all = told();
    BOOST_TEST(all.front() == "blocker ok");
    BOOST_TEST(all[1] == "a again");
    BOOST_TEST(worker->stats().abandoned == all.size() - 1);
    BOOST_TEST(worker->stats().done == 1u);
}

BOOST_AUTO_TEST_CASE(a_stop_does_not_sit_out_a_back_off) {
    constexpr uint64_t an_hour_ns = 3'600'000'000'000;
    config.first_backoff_ns = config.longest_backoff_ns = an_hour_ns;
    std::promise<void> called;
    std::atomic<int> calls = 0;
    script->on_apply = [&](const sdk::Request&) {
        if (++calls == 1) called.set_value();
        return sdk::Outcome(PICKET_AGAIN, "busy");
    };
    begin();
    worker->apply(test::request_for("a"));
    called.get_future().wait();
    worker->stop(drain_ns);
    BOOST_TEST(calls == 2);
    BOOST_TEST((told() == std::vector<std::string>{"a again"}));
}

BOOST_AUTO_TEST_SUITE_END()

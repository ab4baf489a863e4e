// SPDX-License-Identifier: Apache-2.0
// Proves that questions to the engine are answered in order, in steps that end with the budget, and that
// neither too many of them nor the end of the daemon leaves one hanging.
#include "core/engine/job_queue.hpp"

#include <boost/test/unit_test.hpp>
#include <future>
#include <memory>
#include <string>

#include "core/engine/engine.hpp"

using namespace picket;

namespace {

struct NoEvents : EventSink {
    void on_finding(const Finding&, const Incident&) override {}
    void on_incident(const Incident&) override {}
};

/// An engine without policies.
struct Bench {
    std::shared_ptr<PolicyHost> policies = std::make_shared<PolicyHost>(PolicyBudget{});
    NoEvents events;
    Engine engine = Engine::create({}, policies, events).value();
    JobQueue queue{3};
    std::string order;

    bool post(char name, int steps = 1) {
        return queue.post([this, name, left = std::make_shared<int>(steps)](Engine&) {
            order += name;
            return --*left == 0;
        });
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(job_queue)

BOOST_AUTO_TEST_CASE(jobs_run_in_order_until_all_are_done) {
    Bench bench;
    for (const char name : {'a', 'b', 'c'}) BOOST_TEST(bench.post(name, name == 'b' ? 3 : 1));
    bench.queue.run(bench.engine, UINT64_MAX);
    BOOST_TEST(bench.order == "abbbc");
}

BOOST_AUTO_TEST_CASE(past_the_budget_a_job_stops_after_its_step_and_goes_on_first_next_time) {
    Bench bench;
    bench.post('a', 3);
    bench.post('b');
    bench.queue.run(bench.engine, 0);
    BOOST_TEST(bench.order == "a");
    bench.queue.run(bench.engine, 0);
    BOOST_TEST(bench.order == "aa");
    bench.queue.run(bench.engine, UINT64_MAX);
    BOOST_TEST(bench.order == "aaab");
}

BOOST_AUTO_TEST_CASE(a_job_too_many_is_refused) {
    Bench bench;
    for (int i = 0; i < 3; ++i) BOOST_TEST(bench.post('a'));
    BOOST_TEST(!bench.post('b'));
    bench.queue.run(bench.engine, UINT64_MAX);
    BOOST_TEST(bench.order == "aaa");
}

BOOST_AUTO_TEST_CASE(who_waits_for_a_job_learns_that_the_daemon_has_ended) {
    Bench bench;
    auto answer = std::make_shared<std::promise<int>>();
    auto result = answer->get_future();
    bench.queue.post([answer](Engine&) {
        answer->set_value(1);
        return true;
    });
    answer.reset();
    bench.queue.close();
    BOOST_CHECK_THROW(result.get(), std::future_error);
    BOOST_TEST(!bench.post('a'));
}

BOOST_AUTO_TEST_SUITE_END()

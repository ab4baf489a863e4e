// SPDX-License-Identifier: Apache-2.0
// The live clock under steps of the wall clock.
#include "core/engine/clock.hpp"

#include <boost/test/unit_test.hpp>

using namespace picket;

BOOST_AUTO_TEST_SUITE(clock_)

BOOST_AUTO_TEST_CASE(it_runs_on_through_a_step_back_and_follows_a_step_forward) {
    constexpr uint64_t s = 1'000'000'000;
    LiveClock clock(1000 * s, 5 * s);
    BOOST_TEST(clock.now_ns(1001 * s, 6 * s) == 1001 * s);
    BOOST_TEST(clock.now_ns(400 * s, 7 * s) == 1002 * s);
    BOOST_TEST(clock.now_ns(401 * s, 8 * s) == 1003 * s);
    BOOST_TEST(clock.now_ns(9000 * s, 9 * s) == 9000 * s);
    BOOST_TEST(clock.now_ns(9000 * s + s / 2, 10 * s) == 9001 * s);
}

BOOST_AUTO_TEST_SUITE_END()

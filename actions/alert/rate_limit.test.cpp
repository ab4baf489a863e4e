// SPDX-License-Identifier: Apache-2.0
// Proves that an incident is alerted once an interval, that what was held back is counted, and that the table
// stays within its bound.
#include "actions/alert/rate_limit.hpp"

#include <boost/test/unit_test.hpp>

using picket::alert::RateLimit;

BOOST_AUTO_TEST_SUITE(rate_limit)

BOOST_AUTO_TEST_CASE(one_alert_an_interval_and_the_rest_counted) {
    RateLimit limit(10);
    BOOST_TEST(limit.check("a", 1000, 60).pass);
    limit.sent("a", 1000);
    BOOST_TEST(!limit.check("a", 1000, 60).pass);
    BOOST_TEST(!limit.check("a", 1059, 60).pass);
    BOOST_TEST(limit.check("b", 1059, 60).pass);  // another incident has its own interval
    const auto verdict = limit.check("a", 1060, 60);
    BOOST_TEST(verdict.pass);
    BOOST_TEST(verdict.suppressed == 2u);
    limit.sent("a", 1060);
    BOOST_TEST(limit.check("a", 1200, 60).suppressed == 0u);
}

BOOST_AUTO_TEST_CASE(what_was_not_sent_does_not_begin_an_interval) {
    RateLimit limit(10);
    BOOST_TEST(limit.check("a", 1000, 60).pass);
    BOOST_TEST(limit.check("a", 1001, 60).pass);
}

BOOST_AUTO_TEST_CASE(an_interval_of_zero_lets_all_pass) {
    RateLimit limit(10);
    for (int i = 0; i < 3; ++i) {
        BOOST_TEST(limit.check("a", 1000, 0).pass);
        limit.sent("a", 1000);
    }
}

BOOST_AUTO_TEST_CASE(the_one_alerted_longest_ago_is_forgotten_first) {
    RateLimit limit(2);
    limit.sent("a", 1);
    limit.sent("b", 2);
    limit.sent("a", 3);
    limit.sent("c", 4);
    BOOST_TEST(limit.forgotten() == 1u);
    BOOST_TEST(limit.check("b", 5, 100).pass);
    BOOST_TEST(!limit.check("a", 5, 100).pass);
    BOOST_TEST(!limit.check("c", 5, 100).pass);
}

BOOST_AUTO_TEST_SUITE_END()

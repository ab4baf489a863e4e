// SPDX-License-Identifier: Apache-2.0
// Proves that a thread that hangs is named, that one which rests is not, and that beating from many threads
// is free of races.
#include "core/service/heartbeat.hpp"

#include <boost/test/unit_test.hpp>
#include <thread>

using namespace picket;

namespace picket {
// NOLINTNEXTLINE(misc-use-internal-linkage): found by Boost.Test through the type's namespace
std::ostream& operator<<(std::ostream& out, const Heartbeat::Silent& silent) {
    return out << silent.name << ' ' << silent.for_ns;
}
}  // namespace picket

BOOST_AUTO_TEST_SUITE(heartbeat)

namespace {
constexpr uint64_t s = 1'000'000'000;
using Silents = std::vector<Heartbeat::Silent>;
}  // namespace

BOOST_AUTO_TEST_CASE(who_is_silent_longer_than_allowed_is_named) {
    Heartbeat heart;
    const auto engine = heart.add("engine", 2 * s);
    const auto store = heart.add("store", 10 * s);
    engine.beat(100 * s);
    store.beat(100 * s);
    BOOST_TEST(heart.silent(102 * s) == Silents{}, boost::test_tools::per_element());
    BOOST_TEST(heart.silent(102 * s + 1) == (Silents{{"engine", 2 * s + 1}}),
               boost::test_tools::per_element());
    BOOST_TEST(heart.silent(111 * s) == (Silents{{"engine", 11 * s}, {"store", 11 * s}}),
               boost::test_tools::per_element());
    engine.beat(111 * s);
    BOOST_TEST(heart.silent(112 * s) == (Silents{{"store", 12 * s}}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_thread_that_rests_or_has_not_begun_owes_nothing) {
    Heartbeat heart;
    const auto action = heart.add("action alert", s);
    BOOST_TEST(heart.silent(1000 * s).empty());
    action.beat(1000 * s);
    BOOST_TEST(heart.silent(1002 * s).size() == 1);
    action.rest();
    BOOST_TEST(heart.silent(9000 * s).empty());
}

BOOST_AUTO_TEST_CASE(a_beat_newer_than_the_lookers_clock_is_no_silence) {
    Heartbeat heart;
    heart.add("engine", s).beat(10 * s);
    BOOST_TEST(heart.silent(9 * s).empty());
}

BOOST_AUTO_TEST_CASE(a_beat_without_a_slot_does_nothing) {
    const Heartbeat::Beat none;
    none.beat(1);
    none.rest();
    BOOST_TEST(true);
}

BOOST_AUTO_TEST_CASE(threads_beat_while_others_are_added_and_looked_at) {
    Heartbeat heart;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([beat = heart.add("shard " + std::to_string(i), s)] {
            for (uint64_t now = 1; now < 2000; ++now) beat.beat(now);
        });
    for (int i = 0; i < 100; ++i) {
        BOOST_TEST(heart.silent(s).empty());
        heart.add("another", s);
    }
    for (std::thread& thread : threads) thread.join();
    BOOST_TEST(heart.silent(1999 + s + 1).size() == 4);
}

BOOST_AUTO_TEST_SUITE_END()

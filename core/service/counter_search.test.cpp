// SPDX-License-Identifier: Apache-2.0
// Proves that a search shows the heaviest rows in order, by the measure that is asked for, in steps, and that
// what it says of a counter is what the policy declared.
#include "core/service/counter_search.hpp"

#include <array>

#include <boost/test/unit_test.hpp>

#include "core/service/talk_engine.test.hpp"

using namespace picket;

BOOST_AUTO_TEST_SUITE(counter_search)

namespace {

/// The result, and how many steps it took.
CounterRows search(Engine& engine, uint32_t measure, size_t limit, int* steps = nullptr) {
    CounterSearch search(counter_infos(engine).at(0), measure, limit);
    auto result = search.result();
    int taken = 1;
    while (!search.step(engine)) ++taken;
    if (steps != nullptr) *steps = taken;
    return result.get().value();
}

std::string subjects(const CounterRows& rows) {
    std::string out;
    for (const CounterRow& row : rows.top) out += row.key.at(0) + " ";
    return out;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_counter_is_named_as_its_policy_declared_it) {
    test::TalkEngine talk;
    const auto infos = counter_infos(*talk.engine);
    BOOST_TEST_REQUIRE(infos.size() == 1U);
    BOOST_TEST(infos[0].name == "talk.sent");
    BOOST_TEST(infos[0].policy == "talk");
    BOOST_TEST(infos[0].key == (std::vector<std::string>{"src", "dst/24"}), boost::test_tools::per_element());
    BOOST_TEST(infos[0].measures == (std::vector<std::string>{"packets", "ports"}),
               boost::test_tools::per_element());
    BOOST_TEST(infos[0].window_ns == 10'000'000'000U);
    BOOST_TEST(infos[0].table == talk.engine->table_stats().at(0).key);
}

BOOST_AUTO_TEST_CASE(the_heaviest_come_first_and_equals_in_the_order_of_their_keys) {
    test::TalkEngine talk;
    for (const uint16_t host : std::array<uint16_t, 5>{5, 3, 9, 7, 1}) talk.send(host, 4);
    talk.send(8, 20);
    talk.send(2, 9);
    talk.tick();
    const CounterRows rows = search(*talk.engine, 0, 20);
    BOOST_TEST(rows.rows == 7U);
    BOOST_TEST(rows.time_ns == talk.now_ns);
    BOOST_TEST(subjects(rows) == "10.0.0.8 10.0.0.2 10.0.0.1 10.0.0.3 10.0.0.5 10.0.0.7 10.0.0.9 ");
    BOOST_TEST(rows.top[0].key[1] == "198.18.0.0/24");
    BOOST_TEST(rows.top[0].values == (std::vector<double>{20, 20}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_measure_that_is_asked_for_decides) {
    test::TalkEngine talk;
    for (int i = 0; i < 9; ++i) talk.send(1, 1);  // the same port nine times
    talk.send(2, 5);
    talk.tick();
    BOOST_TEST(subjects(search(*talk.engine, 0, 1)) == "10.0.0.1 ");
    BOOST_TEST(subjects(search(*talk.engine, 1, 1)) == "10.0.0.2 ");
}

BOOST_AUTO_TEST_CASE(a_large_table_is_searched_in_steps_and_no_more_is_kept_than_is_shown) {
    test::TalkEngine talk;
    for (uint16_t host = 1; host <= 3000; ++host) talk.send(host, host == 2999 ? 9 : 2);
    talk.tick();
    int steps = 0;
    const CounterRows rows = search(*talk.engine, 0, 3, &steps);
    BOOST_TEST(steps > 1);
    BOOST_TEST(rows.rows > 2500U);
    BOOST_TEST(rows.top.size() == 3U);
    BOOST_TEST(rows.top.front().key.at(0) == "10.0.11.183");
}

BOOST_AUTO_TEST_CASE(an_empty_table_gives_no_rows) {
    test::TalkEngine talk;
    const CounterRows rows = search(*talk.engine, 0, 20);
    BOOST_TEST(rows.rows == 0U);
    BOOST_TEST(rows.top.empty());
}

BOOST_AUTO_TEST_SUITE_END()

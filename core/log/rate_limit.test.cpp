// SPDX-License-Identifier: Apache-2.0
// Proves that a message that repeats is held back and counted, that others are not, and that no number of
// different messages needs more room or gets more lines.
#include "core/log/rate_limit.hpp"

#include <boost/test/unit_test.hpp>

#include <fmt/format.h>

#include "core/log/output.hpp"
#include "core/model/duration.hpp"

using namespace picket;

BOOST_AUTO_TEST_SUITE(rate_limit)

namespace {

constexpr uint64_t s = ns_per_second;

LogEntry entry(std::string_view text, picket_log_level level = PICKET_LOG_WARNING) {
    return {level, text, "capture", {}};
}

uint64_t made_up_ns = 0;

class Keeper final : public LogTarget {
  public:
    explicit Keeper(std::vector<std::string>& lines)
        : lines_(lines) {}
    void write(const LogEntry& entry) override { lines_.push_back(log_line(entry)); }

  private:
    std::vector<std::string>& lines_;
};

}  // namespace

BOOST_AUTO_TEST_CASE(words_with_digits_or_colons_make_no_difference) {
    const std::string shape = log_shape(entry("12 packets of 10.0.0.5 (fe80::a) lost in 3s"));
    BOOST_TEST(shape == log_shape(entry("9 packets of 192.0.2.77 (fe80::b) lost in 10m")));
    BOOST_TEST(shape != log_shape(entry("9 records of 192.0.2.77 (fe80::b) lost in 10m")));
    BOOST_TEST(shape != log_shape(entry("12 packets of 10.0.0.5 (fe80::a) lost in 3s", PICKET_LOG_ERROR)));
    BOOST_TEST(log_shape(entry("")) != log_shape({PICKET_LOG_WARNING, "", "store", {}}));
}

BOOST_AUTO_TEST_CASE(a_burst_passes_the_rest_of_the_second_is_counted_and_told) {
    LogRateLimit limit(3);
    int passed = 0;
    for (int i = 0; i < 10; ++i) passed += limit.admit(entry(fmt::format("lost {}", i)), 5 * s) ? 1 : 0;
    BOOST_TEST(passed == 3);
    BOOST_TEST(limit.admit(entry("another"), 5 * s + 1));
    BOOST_TEST(limit.over(6 * s - 1).empty());
    const auto held = limit.over(6 * s);
    BOOST_TEST_REQUIRE(held.size() == 1);
    BOOST_TEST(held.front().text == "7 messages suppressed, the last: lost 9");
    BOOST_TEST(held.front().component == "capture");
    BOOST_TEST((held.front().level == PICKET_LOG_WARNING));
    BOOST_TEST(limit.over(7 * s).empty());
    BOOST_TEST(limit.admit(entry("lost 11"), 7 * s));
}

BOOST_AUTO_TEST_CASE(a_clock_that_goes_back_ends_the_second) {
    LogRateLimit limit(1);
    BOOST_TEST(limit.admit(entry("x"), 100 * s));
    BOOST_TEST(!limit.admit(entry("x"), 100 * s));
    BOOST_TEST(limit.over(50 * s).size() == 1);
    BOOST_TEST(limit.admit(entry("x"), 50 * s));
}

BOOST_AUTO_TEST_CASE(messages_of_ever_new_shapes_are_limited_together) {
    LogRateLimit limit(2, 10);
    int passed = 0;
    for (char a = 'a'; a <= 'z'; ++a)
        for (char b = 'a'; b <= 'z'; ++b) passed += limit.admit(entry(std::string{a, b}), s) ? 1 : 0;
    BOOST_TEST(passed == 12);  // 10 shapes once, and two more for all the rest
    const auto held = limit.over(2 * s);
    BOOST_TEST_REQUIRE(held.size() == 1);
    BOOST_TEST(held.front().text == "664 messages suppressed, the last: zz");
}

BOOST_AUTO_TEST_CASE(a_limited_log_tells_what_it_held_back_when_the_second_is_over_and_at_its_end) {
    std::vector<std::string> lines;
    made_up_ns = 100 * s;
    {
        const Log log(
            limited(std::make_shared<Keeper>(lines), PICKET_LOG_INFO, 1, [] { return made_up_ns; }));
        const Log capture = log.as("capture");
        for (int i = 0; i < 3; ++i) capture(PICKET_LOG_WARNING, fmt::format("lost {}", i));
        capture(PICKET_LOG_DEBUG, "too small to be said");
        log.on_second();
        BOOST_TEST(lines.size() == 1);
        made_up_ns += s;
        log.on_second();
        BOOST_TEST(lines.size() == 2);
        for (int i = 3; i < 5; ++i) capture(PICKET_LOG_WARNING, fmt::format("lost {}", i));
        made_up_ns += s;
        log(PICKET_LOG_INFO, "goes on");
        for (int i = 5; i < 7; ++i) capture(PICKET_LOG_WARNING, fmt::format("lost {}", i));
    }
    const std::vector<std::string> expected{"capture: lost 0",
                                            "capture: 2 messages suppressed, the last: lost 2",
                                            "capture: lost 3",
                                            "capture: 1 messages suppressed, the last: lost 4",
                                            "goes on",
                                            "capture: lost 5",
                                            "capture: 1 messages suppressed, the last: lost 6"};
    BOOST_TEST(lines == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_log_is_a_function_of_two_for_those_who_want_no_more) {
    std::vector<std::string> lines;
    const Log log = [&](picket_log_level, std::string_view text) { lines.emplace_back(text); };
    log(PICKET_LOG_INFO, "a", {{"incident", "00ff"}});
    const std::function<void(picket_log_level, std::string_view)> plain = log.as("plugin");
    plain(PICKET_LOG_INFO, "b");
    log.on_second();
    Log{}(PICKET_LOG_INFO, "nowhere");
    BOOST_TEST(lines == (std::vector<std::string>{"a", "b"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

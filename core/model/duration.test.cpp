// SPDX-License-Identifier: Apache-2.0
// Durations and moments, as text and back.
#include "core/model/duration.hpp"

#include <boost/test/unit_test.hpp>

using namespace picket;

BOOST_AUTO_TEST_SUITE(duration)

BOOST_AUTO_TEST_CASE(text_and_value_agree_both_ways) {
    for (const auto& [text, ns] :
         std::initializer_list<std::pair<const char*, uint64_t>>{{"250ms", 250 * ns_per_ms},
                                                                 {"10s", 10 * ns_per_second},
                                                                 {"1m30s", 90 * ns_per_second},
                                                                 {"1h", 3600 * ns_per_second},
                                                                 {"1d", 86400 * ns_per_second},
                                                                 {"0s", 0}}) {
        BOOST_TEST(parse_duration_ns(text).value() == ns);
        BOOST_TEST(duration_text(ns) == text);
    }
    BOOST_TEST(parse_duration_ns("1.5s").value() == 1500 * ns_per_ms);
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_duration) {
    for (const char* text : {"", "10", "s", "-1s", "10 s", "10y", "1e9d", "99999d", "nan", "1sx"})
        BOOST_TEST(!parse_duration_ns(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(a_moment_is_rfc_3339_with_milliseconds) {
    BOOST_TEST(time_text(0) == "1970-01-01T00:00:00.000Z");
    BOOST_TEST(time_text(1'700'000'000'123'999'999) == "2023-11-14T22:13:20.123Z");
}

BOOST_AUTO_TEST_CASE(moments_are_read_with_any_offset) {
    constexpr uint64_t second_ns = 1'700'000'000 * ns_per_second;
    for (const auto& [text, ns] : std::initializer_list<std::pair<const char*, uint64_t>>{
             {"1970-01-01T00:00:00Z", 0},
             {"2023-11-14T22:13:20Z", second_ns},
             {"2023-11-14t22:13:20z", second_ns},
             {"2023-11-14T22:13:20.123Z", second_ns + 123 * ns_per_ms},
             {"2023-11-14T22:13:20.123456789Z", second_ns + 123'456'789},
             {"2023-11-15T00:13:20+02:00", second_ns},
             {"2023-11-14T16:43:20-05:30", second_ns},
             {"2024-02-29T00:00:00Z", 1'709'164'800 * ns_per_second}})
        BOOST_TEST(parse_time_ns(text).value() == ns, text);
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_moment) {
    for (const char* text : {"",
                             "now",
                             "2023",
                             "2023-11-14",
                             "2023-11-14T22:13",
                             "2023-11-14T22:13:20",
                             "2023-11-14T22:13:20.Z",
                             "2023-11-14T22:13:20.1234567890Z",
                             "2023-11-14T22:13:20Zx",
                             "2023-11-14T22:13:20+2:00",
                             "2023-11-14T24:00:00Z",
                             "2023-11-14T22:60:00Z",
                             "2023-11-14T22:13:60Z",
                             "2023-13-01T00:00:00Z",
                             "2023-00-01T00:00:00Z",
                             "2023-02-29T00:00:00Z",
                             "2023-04-31T00:00:00Z",
                             "1969-12-31T23:59:59Z",
                             "1970-01-01T00:00:00+01:00",
                             "2554-01-01T00:00:00Z",
                             "-023-11-14T22:13:20Z",
                             "2023-+1-14T22:13:20Z"})
        BOOST_TEST(!parse_time_ns(text).has_value(), text);
}

BOOST_AUTO_TEST_SUITE_END()

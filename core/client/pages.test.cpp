// SPDX-License-Identifier: Apache-2.0
// Proves what the pages say of made-up answers: what is wrong first, no control characters, the right
// counter.
#include <boost/test/unit_test.hpp>

#include "core/client/incident_page.hpp"
#include "core/client/status_page.hpp"
#include "core/client/top_page.hpp"

using namespace picket;

BOOST_AUTO_TEST_SUITE(pages)

namespace {

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

const Json counters = Json::parse(R"({"items":[
    {"name":"scan.tries","key":["src","dst"],"measures":["ports"]},
    {"name":"talk.hosts","key":["local"],"measures":["packets","bytes"]},
    {"name":"flood.victims","key":["dst"],"measures":["packets"]}]})");

}  // namespace

BOOST_AUTO_TEST_CASE(uptime_has_its_two_largest_units) {
    for (const auto& [seconds, text] : std::initializer_list<std::pair<double, const char*>>{
             {0, "0s"}, {90, "1m 30s"}, {11520, "3h 12m"}, {200000, "2d 7h"}, {-5, "0s"}})
        BOOST_TEST(uptime_text(seconds) == text);
}

BOOST_AUTO_TEST_CASE(a_crowded_table_is_named_and_a_roomy_one_is_not) {
    const auto page = [](uint64_t rows, uint64_t evicted) {
        Json table{{"key", "src,dst"}, {"rows", rows}, {"rows_max", 1000u}, {"evicted", evicted}};
        return status_page(Json{{"tables", Json::array({table})}}, false);
    };
    BOOST_TEST(!has(page(100, 0), "src,dst"));
    BOOST_TEST(has(page(900, 0), "src,dst"));
    BOOST_TEST(has(page(100, 5), "src,dst"));
}

BOOST_AUTO_TEST_CASE(foreign_text_does_not_drive_the_terminal) {
    const Json incident{
        {"id", "\x1b[2J"}, {"type", "\x1b]0;x\x07"}, {"subject", "a\x1b"}, {"note", "b\x1b\nc\r"}};
    for (const std::string& page :
         {incident_table({incident}, false), incident_text(incident, false),
          explain_text(Json{{"sentences", {"d\x1b"}}, {"measures", Json::array({incident})}}, false),
          status_page(Json{{"version", "\x1b"}, {"health", {{"reasons", {"\x1b"}}}}}, false),
          top_page(Json{{"counter", {{"name", "\x1b"}, {"key", {"\x1b"}}}}}, "", false)})
        BOOST_TEST(page.find_first_of("\x1b\x07\r") == std::string::npos, page);
}

BOOST_AUTO_TEST_CASE(top_begins_with_the_counter_of_local_addresses) {
    BOOST_TEST(default_counter(counters) == "talk.hosts");
    BOOST_TEST(default_counter(Json::object()).empty());
    BOOST_TEST(measures_of(counters, "talk.hosts") == (std::vector<std::string>{"packets", "bytes"}));
}

BOOST_AUTO_TEST_CASE(keys_go_round) {
    const std::vector<std::string> names{"a", "b"};
    BOOST_TEST(next_after(names, "a") == "b");
    BOOST_TEST(next_after(names, "b") == "a");
    BOOST_TEST(next_after(names, "gone") == "a");
    BOOST_TEST(next_after({}, "x") == "x");
}

BOOST_AUTO_TEST_SUITE_END()

// SPDX-License-Identifier: Apache-2.0
// Proves that an answer of any shape is read without surprises, and how its numbers look.
#include "core/client/json_read.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>

using namespace picket;

BOOST_AUTO_TEST_SUITE(json_read)

BOOST_AUTO_TEST_CASE(what_is_missing_or_of_another_type_reads_as_nothing) {
    for (const char* text :
         {R"({})", R"({"a":null})", R"({"a":{"b":1}})", R"([1])", R"(7)", R"({"a":-1.5e400})"}) {
        const Json value = Json::parse(text, nullptr, false);
        BOOST_TEST(text_at(value, "a").empty(), text);
        BOOST_TEST(count_at(value, "a") == 0, text);
        BOOST_TEST(!flag_at(value, "a"), text);
        BOOST_TEST(texts_at(value, "a").empty(), text);
    }
    const auto mixed = parse_answer(R"({"a":["x",1,null,"y"],"b":-3,"c":2.5})");
    BOOST_TEST(texts_at(*mixed, "a") == (std::vector<std::string>{"x", "y"}));
    BOOST_TEST(count_at(*mixed, "b") == 0);
    BOOST_TEST(number_at(*mixed, "c") == 2.5);
}

BOOST_AUTO_TEST_CASE(an_answer_is_json_of_bounded_depth) {
    BOOST_TEST(parse_answer(std::string(30, '[') + std::string(30, ']')).has_value());
    for (const std::string& text :
         {std::string(100'000, '['), std::string("{"), std::string("<html>"), std::string()})
        BOOST_TEST(!parse_answer(text).has_value());
}

BOOST_AUTO_TEST_CASE(numbers_are_short_and_thousands_apart) {
    for (const auto& [value, text] : std::initializer_list<std::pair<double, const char*>>{
             {0, "0"},
             {0.456, "0.46"},
             {1234567, "1,234,567"},
             {1234.5, "1,235"},
             {-1500, "-1,500"},
             {1e20, "1e+20"},
             {std::numeric_limits<double>::infinity(), "-"}})
        BOOST_TEST(figure_text(value) == text);
    BOOST_TEST(bytes_text(1023) == "1023 bytes");
    BOOST_TEST(bytes_text(40'055'603) == "38.2 MiB");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_utf_8_still_make_a_line) {
    BOOST_TEST(json_line(Json("a\xff\n")) == "\"a\xef\xbf\xbd\\n\"");
}

BOOST_AUTO_TEST_SUITE_END()

// SPDX-License-Identifier: Apache-2.0
// Proves that a plugin gets every option, checked and in the units of plugin.h, and that an operator is told
// of every wrong one in one go, with its place.
#include "core/plugin/options.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "core/plugin/fake_plugin.test.hpp"

using namespace picket;

BOOST_AUTO_TEST_SUITE(plugin_options)

BOOST_AUTO_TEST_CASE(the_table_becomes_specs) {
    const auto specs = plugin_option_specs(test::fake_action());
    BOOST_REQUIRE(specs.size() == 7u);
    BOOST_TEST(specs[1].name == "count");
    BOOST_TEST((specs[1].type == OptionType::integer));
    BOOST_TEST(*specs[1].min == 1.0);
    BOOST_TEST(*specs[1].max == 5.0);
    BOOST_TEST(specs[1].unit == "things");
    BOOST_TEST(!specs[3].min.has_value());
    BOOST_TEST(specs[2].reloadable);
    BOOST_TEST(!specs[1].reloadable);
    BOOST_TEST((specs[5].choices == std::vector<std::string>{"up", "down"}));
    BOOST_TEST(specs[6].required);
    BOOST_TEST(!specs[5].required);
}

BOOST_AUTO_TEST_CASE(defaults_are_filled_in_and_units_are_those_of_the_abi) {
    const auto options = complete_options(test::fake_action(), {{"needed", {std::string("x\"y"), "f:1:1"}}},
                                          "action.fake_action");
    BOOST_TEST(options.problems.empty());
    const auto json = nlohmann::json::parse(options_json(test::fake_action(), options.values));
    BOOST_TEST(json ==
               nlohmann::json::parse(R"({"on":true,"count":3,"wait":0.25,"room":65536,"names":["a","b"],
                                                 "way":"up","needed":"x\"y"})"));
}

BOOST_AUTO_TEST_CASE(all_problems_are_said_at_once_with_their_place) {
    const auto options = complete_options(test::fake_action(),
                                          {{"count", {int64_t{9}, "f.toml:3:1"}},
                                           {"wait", {std::string("soon"), "f.toml:4:1"}},
                                           {"nmes", {std::string("a"), "f.toml:5:1"}}},
                                          "action.fake_action", "f.toml:2:1");
    std::vector<std::string> texts;
    for (const Error& problem : options.problems) texts.push_back(problem.text());
    BOOST_REQUIRE(texts.size() == 4u);
    BOOST_TEST(texts[0] == "f.toml:3:1: action.fake_action.count: 1…5 things, is 9");
    BOOST_TEST(texts[1].starts_with("f.toml:4:1: action.fake_action.wait: "));
    BOOST_TEST(texts[2] == "f.toml:2:1: action.fake_action.needed: required, is missing");
    BOOST_TEST(texts[3] == "f.toml:5:1: action.fake_action.nmes: plugin fake_action has no such option "
                           "(did you mean \"names\"?)");
}

BOOST_AUTO_TEST_SUITE_END()

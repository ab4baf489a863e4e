// SPDX-License-Identifier: Apache-2.0
// Proves that values are accepted and refused as their specification says, that each refusal reads as
// promised, and that a value's text reads back as the same value.
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>

#include "core/config/option.hpp"
#include "core/config/option_text.hpp"

using namespace picket;

BOOST_AUTO_TEST_SUITE(option)

namespace {

OptionSpec spec_of(OptionType type, std::optional<double> min = {}, std::optional<double> max = {},
                   std::string unit = {}) {
    OptionSpec spec;
    spec.name = "x";
    spec.type = type;
    spec.min = min;
    spec.max = max;
    spec.unit = std::move(unit);
    if (type == OptionType::choice) spec.choices = {"off", "observe"};
    return spec;
}

using Texts = std::vector<std::string>;
using Ports = std::vector<PortRange>;

RawValue text(const char* value) { return std::string(value); }
RawValue whole(int64_t value) { return value; }

}  // namespace

BOOST_AUTO_TEST_CASE(refusals_say_what_would_be_right_and_what_is_there) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    struct Case {
        const char* description;
        OptionSpec spec;
        RawValue raw;
        const char* what;
    };
    const std::vector<Case> cases{
        {"below", spec_of(OptionType::integer, 64, 65535), whole(10), "64…65535, is 10"},
        {"above", spec_of(OptionType::integer, 64, 65535), whole(65536), "64…65535, is 65536"},
        {"unit", spec_of(OptionType::integer, 5, 1e6, "ports"), whole(3), "5…1000000 ports, is 3"},
        {"only a minimum", spec_of(OptionType::integer, 5, {}, "ports"), whole(3), "at least 5 ports, is 3"},
        {"only a maximum", spec_of(OptionType::integer, {}, 5), whole(6), "at most 5, is 6"},
        {"extreme", spec_of(OptionType::integer, 0, 9), whole(std::numeric_limits<int64_t>::min()),
         "0…9, is -9223372036854775808"},
        {"text for a number", spec_of(OptionType::integer), text("7"), "a whole number, is \"7\""},
        {"fraction", spec_of(OptionType::integer), 1.5, "a whole number, is 1.5"},
        {"not a number", spec_of(OptionType::number), nan, "a number, is nan"},
        {"number range", spec_of(OptionType::number, 0, 1), 1.5, "0…1, is 1.5"},
        {"bare duration", spec_of(OptionType::duration), whole(10), "a duration such as \"10s\", is 10"},
        {"bad duration", spec_of(OptionType::duration), text("10 s"),
         "a duration such as \"10s\", is \"10 s\""},
        {"fine duration", spec_of(OptionType::duration), text("0.5ms"),
         "a duration of whole milliseconds, is \"0.5ms\""},
        {"duration range", spec_of(OptionType::duration, 0.01, 0.1), text("5ms"), "10ms…100ms, is 5ms"},
        {"negative size", spec_of(OptionType::size), whole(-1), "a size such as \"16MiB\", is -1"},
        {"bad size", spec_of(OptionType::size), text("16Mib"), "a size such as \"16MiB\", is \"16Mib\""},
        {"endless size", spec_of(OptionType::size), text("99999TiB"),
         "a size such as \"16MiB\", is \"99999TiB\""},
        {"size range", spec_of(OptionType::size, 1 << 20, 1 << 30), text("4KiB"), "1MiB…1GiB, is 4KiB"},
        {"number for a flag", spec_of(OptionType::boolean), whole(1), "true or false, is 1"},
        {"flag for a text", spec_of(OptionType::text), true, "a text in quotes, is true"},
        {"choice", spec_of(OptionType::choice), text("on"), "one of \"off\", \"observe\", is \"on\""},
        {"text for a list", spec_of(OptionType::text_list), text("eth0"),
         "a list of texts such as [\"a\", \"b\"], is \"eth0\""},
        {"numbers for texts", spec_of(OptionType::text_list), Ports{{1, 1}},
         "a list of texts such as [\"a\", \"b\"], is [1]"},
        {"prefix", spec_of(OptionType::prefixes), Texts{"10.0.0.0/8", "10.0.0.0/33"},
         "prefix length '33' of '10.0.0.0/33' is not 0…32"},
        {"no prefix", spec_of(OptionType::prefixes), Texts{"home"}, "'home' is not a prefix"},
        {"port", spec_of(OptionType::ports), Texts{"80", "65536"},
         "ports 0…65535 or ranges such as \"8000-8100\", is \"65536\""},
        {"reversed range", spec_of(OptionType::ports), Texts{"9-8"},
         "ports 0…65535 or ranges such as \"8000-8100\", is \"9-8\""},
        {"reversed pair", spec_of(OptionType::ports), Ports{{9, 8}},
         "a range of ports from low to high, is \"9-8\""},
        {"too many ports", spec_of(OptionType::ports), Texts(65537, "1"), nullptr},
        {"missing", spec_of(OptionType::ports), RawValue(), "required, is missing"},
    };
    for (const Case& c : cases) {
        const auto result = check_option(c.spec, c.raw);
        BOOST_TEST_REQUIRE(!result.has_value(), c.description);
        if (c.what != nullptr) BOOST_TEST(result.error().what == c.what, c.description);
        BOOST_TEST(result.error().what.size() < 160u, c.description);
    }
}

BOOST_AUTO_TEST_CASE(right_values_are_taken_and_their_text_reads_back) {
    struct Case {
        const char* description;
        OptionSpec spec;
        RawValue raw;
        OptionValue value;
        const char* text;
    };
    const std::vector<Case> cases{
        {"lower bound", spec_of(OptionType::integer, 64, 65535), whole(64), int64_t{64}, "64"},
        {"upper bound", spec_of(OptionType::integer, 64, 65535), whole(65535), int64_t{65535}, "65535"},
        {"a whole number from Lua", spec_of(OptionType::integer), 5.0, int64_t{5}, "5"},
        {"a whole number is a number", spec_of(OptionType::number), whole(2), 2.0, "2.0"},
        {"fraction", spec_of(OptionType::number), 0.25, 0.25, "0.25"},
        {"flag", spec_of(OptionType::boolean), true, true, "true"},
        {"text", spec_of(OptionType::text), text("a\"b\\\n"), std::string("a\"b\\\n"),
         "\"a\\\"b\\\\\\u000A\""},
        {"choice", spec_of(OptionType::choice), text("off"), std::string("off"), "\"off\""},
        {"duration", spec_of(OptionType::duration, 0.01, 0.1), text("100ms"), uint64_t{100'000'000},
         "\"100ms\""},
        {"size", spec_of(OptionType::size), text("16MiB"), uint64_t{16} << 20, "\"16MiB\""},
        {"decimal size", spec_of(OptionType::size), text("1GB"), uint64_t{1'000'000'000}, "\"1GB\""},
        {"half a size", spec_of(OptionType::size), text("1.5KiB"), uint64_t{1536}, "\"1536\""},
        {"bytes", spec_of(OptionType::size), whole(1500), uint64_t{1500}, "\"1500\""},
        {"texts", spec_of(OptionType::text_list), Texts{"a", "b"}, Texts{"a", "b"}, "[\"a\", \"b\"]"},
        {"no texts", spec_of(OptionType::text_list), Texts{}, Texts{}, "[]"},
        {"prefixes", spec_of(OptionType::prefixes), Texts{"10.0.0.0/8", "::1"}, Texts{"10.0.0.0/8", "::1"},
         "[\"10.0.0.0/8\", \"::1\"]"},
        {"ports", spec_of(OptionType::ports), Texts{"80", "0-65535"}, Ports{{80, 80}, {0, 65535}},
         "[80, \"0-65535\"]"},
        {"pairs", spec_of(OptionType::ports), Ports{{1, 2}}, Ports{{1, 2}}, "[\"1-2\"]"},
    };
    for (const Case& c : cases) {
        const auto result = check_option(c.spec, c.raw);
        BOOST_TEST_REQUIRE(result.has_value(), c.description);
        BOOST_TEST((*result == c.value), c.description);
        BOOST_TEST(option_text(c.spec, *result) == c.text, c.description);
    }
}

BOOST_AUTO_TEST_CASE(the_texts_of_defaults_read_as_their_type) {
    struct Case {
        OptionType type;
        const char* text;
        RawValue raw;
    };
    const std::vector<Case> cases{
        {OptionType::boolean, "true", true},
        {OptionType::boolean, "yes", text("yes")},
        {OptionType::integer, "-5", whole(-5)},
        {OptionType::integer, "5x", text("5x")},
        {OptionType::number, "0.5", 0.5},
        {OptionType::duration, "10s", text("10s")},
        {OptionType::text_list, "a, b", Texts{"a", "b"}},
        {OptionType::text_list, "", Texts{}},
        {OptionType::ports, "80,1-2", Texts{"80", "1-2"}},
    };
    for (const Case& c : cases) BOOST_TEST((raw_from_text(c.type, c.text) == c.raw), c.text);
}

BOOST_AUTO_TEST_CASE(a_choice_that_is_nearly_right_is_hinted_at) {
    const auto result = check_option(spec_of(OptionType::choice), text("obsreve"));
    BOOST_TEST_REQUIRE(!result.has_value());
    BOOST_TEST(result.error().hint == "did you mean \"observe\"?");
}

BOOST_AUTO_TEST_CASE(a_shown_value_is_cut_between_characters) {
    std::string euros;
    for (int i = 0; i < 40; ++i) euros += "€";
    const std::string shown = shown_text(RawValue(euros));
    BOOST_TEST(shown.size() <= 70u);
    BOOST_TEST(shown.ends_with("€…"));
}

BOOST_AUTO_TEST_CASE(the_nearest_name_is_the_one_that_was_meant) {
    const Texts known{"snaplen", "interfaces", "promiscuous", "ring", "filter"};
    struct Case {
        const char* name;
        std::optional<std::string> expected;
    };
    const std::vector<Case> cases{
        {"snaplenn", "snaplen"},       {"snpalen", "snaplen"},
        {"interface", "interfaces"},   {"Ring", "ring"},
        {"promiscous", "promiscuous"}, {"fliter", "filter"},
        {"x", std::nullopt},           {"", std::nullopt},
        {"colour", std::nullopt},
    };
    for (const Case& c : cases) BOOST_TEST((nearest_name(c.name, known) == c.expected), c.name);
    BOOST_TEST(!nearest_name(std::string(1000, 's'), known).has_value());
    BOOST_TEST(!nearest_name("ab", {"x"}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

// SPDX-License-Identifier: Apache-2.0
// Proves that a reload learns exactly what changed, and takes over only what may change while running.
#include <boost/test/unit_test.hpp>

#include "core/config/compare.hpp"

using namespace picket;

namespace {

Config config_of(const std::string& text) {
    auto result = parse_config({{"x.toml", text}});
    BOOST_REQUIRE(result.problems.empty());
    return std::move(result.config);
}

std::string differences(const std::string& before, const std::string& after) {
    std::string out;
    for (const auto& each : compare_config(config_of(before), config_of(after)))
        out += (out.empty() ? "" : " ") + each.key + (each.reloadable ? "" : "!");
    return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(compare)

BOOST_AUTO_TEST_CASE(differences_are_named_and_those_that_need_a_restart_are_marked) {
    const struct {
        std::string before, after, expected;
    } cases[]{
        {"", "", ""},
        {"", "[engine]\ntick = \"100ms\"", ""},  // written out, but the same
        {"", "\n\n[engine]\nlocal = [\"10.0.0.0/8\"]", "engine.local"},
        {"[log]\nlevel = \"debug\"", "", "log.level"},
        {"", "[engine]\nrows_max = 2048\nincident_quiet = \"5s\"", "engine.rows_max! engine.incident_quiet"},
        {"[policy.a]\nx = 1", "[policy.a]\nx = 2\n[policy.b]\nmode = \"off\"", "policy.a policy.b"},
        {"[policy.a]\nx = 1", "# moved\n[policy.a]\n\nx = 1", ""},
        {"[policy.a]\nx = 1", "", "policy.a"},
    };
    for (const auto& each : cases) BOOST_TEST(differences(each.before, each.after) == each.expected);
}

BOOST_AUTO_TEST_CASE(only_what_is_reloadable_is_taken_over) {
    Config running = config_of("[engine]\nlocal = [\"10.0.0.0/8\"]");
    adopt_reloadable(running, config_of("[engine]\nrows_max = 2048\nfinding_interval = \"3s\""));
    BOOST_TEST(running.engine.local.empty());
    BOOST_TEST(running.engine.finding_interval_ns == 3'000'000'000U);
    BOOST_TEST(running.engine.rows_max == 16384U);
    BOOST_TEST(running.origins.contains("engine.finding_interval"));
    BOOST_TEST(!running.origins.contains("engine.local"));
}

BOOST_AUTO_TEST_SUITE_END()

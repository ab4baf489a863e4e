// SPDX-License-Identifier: Apache-2.0
// Proves that a configuration is merged key by key with its origins kept, and that everything wrong with it
// is said in one run, at its place, in the promised words.
#include <boost/test/unit_test.hpp>

#include "core/config/config.hpp"

using namespace picket;

BOOST_AUTO_TEST_SUITE(config)

namespace {

std::vector<std::string> problems_of(const std::vector<ConfigText>& texts) {
    std::vector<std::string> out;
    for (const Error& problem : parse_config(texts).problems) out.push_back(problem.text());
    return out;
}

std::string repeated(std::string_view text, size_t times) {
    std::string out;
    for (size_t i = 0; i < times; ++i) out += text;
    return out;
}

}  // namespace

BOOST_AUTO_TEST_CASE(each_problem_is_told_at_its_place) {
    struct Case {
        const char* description;
        const char* toml;
        const char* problem;
    };
    const std::vector<Case> cases{
        {"range", "[engine]\nrows_max = 10", "p.toml:2:12: engine.rows_max: 1024…4194304 rows, is 10"},
        {"range in one line", "engine.tick = \"5ms\"", "p.toml:1:15: engine.tick: 10ms…100ms, is 5ms"},
        {"size range", "[engine]\nset_memory = \"1KiB\"",
         "p.toml:2:14: engine.set_memory: 1MiB…4GiB, is 1KiB"},
        {"wrong type", "[engine]\ntick = 10", "p.toml:2:8: engine.tick: a duration such as \"10s\", is 10"},
        {"a date", "[engine]\ntick = 2026-01-01", "p.toml:2:8: engine.tick: a value, is a date or time"},
        {"a table for a value", "[engine.tick]", "p.toml:1:1: engine.tick: a value, is a table"},
        {"tables in a list", "[[engine.tick]]", "p.toml:1:1: engine.tick: a value, is a list of tables"},
        {"a list of lists", "[capture.x]\ny = [[1,2,3]]",
         "p.toml:2:5: capture.x.y: a value, is a list of lists"},
        {"wrong prefix", "[engine]\nlocal = [\"10.0.0.0/33\"]",
         "p.toml:2:9: engine.local: prefix length '33' of '10.0.0.0/33' is not 0…32"},
        {"choice", "[log]\nlevel = \"warnin\"",
         "p.toml:2:9: log.level: one of \"debug\", \"info\", \"warning\", \"error\", is \"warnin\" (did you "
         "mean "
         "\"warning\"?)"},
        {"unknown key", "[engine]\n  tikc = 1",
         "p.toml:2:3: engine: unknown key 'tikc', did you mean 'tick'?"},
        {"unknown key, nothing near", "[engine]\ncolour = 1", "p.toml:2:1: engine: unknown key 'colour'"},
        {"unknown table", "[enigne]\ntick = 1", "p.toml:1:2: unknown table 'enigne', did you mean 'engine'?"},
        {"key outside a table", "tick = 1", "p.toml:1:1: unknown key 'tick'"},
        {"value for a table", "engine = 5", "p.toml:1:10: engine: a table, is 5"},
        {"value for a policy", "policy.scan = 5", "p.toml:1:15: policy.scan: a table, is 5"},
        {"list for plugins", "[[capture]]", "p.toml:1:1: capture: a table, is a list of tables"},
        {"policy mode", "[policy.scan]\nmode = \"of\"",
         "p.toml:2:8: policy.scan.mode: one of \"off\", \"observe\", \"dry_run\", \"enforce\", is \"of\" "
         "(did you mean "
         "\"off\"?)"},
        {"table in a policy", "[policy.scan.x]", "p.toml:1:1: policy.scan.x: a value, is a table"},
        {"group that is none", "[policy.scan.group]\na = 1",
         "p.toml:2:5: policy.scan.group.a: a table, is 1"},
        {"table in a group of a policy", "[policy.scan.group.a.b]",
         "p.toml:1:1: policy.scan.group.a.b: a value, is a table"},
        {"prefix that is none", "[policy.scan.prefix.\"10.0.0.0/33\"]\nx = 1",
         "p.toml:1:21: policy.scan.prefix."},
        {"key of a group", "[group.a]\nprefix = [\"10.0.0.0/8\"]",
         "p.toml:2:1: group.a: unknown key 'prefix', did you mean 'prefixes'?"},
    };
    for (const Case& c : cases) {
        const auto problems = problems_of({{"p.toml", c.toml}});
        BOOST_TEST_REQUIRE(problems.size() == 1u, c.description);
        BOOST_TEST(problems.front().starts_with(c.problem), problems.front());
    }
}

BOOST_AUTO_TEST_CASE(what_is_not_toml_is_told_with_its_place) {
    struct Case {
        const char* toml;
        const char* start;
    };
    const std::vector<Case> cases{
        {"[engine\n", "p.toml:1:8: not TOML: "},
        {"[engine]\ntick = \"10", "p.toml:2:11: not TOML: "},
        {"[engine]\ntick = \"50ms\"\ntick = \"60ms\"", "p.toml:3:8: not TOML: "},
        {"[log]\n[engine]\n[log]", "p.toml:3:1: not TOML: "},
        {"mode = \"off\"\u0417", "p.toml:1:13: not TOML: "},
        {"[=]", "p.toml:1:2: not TOML: "},
        {"a = 1\n[\x01]", "p.toml:2:2: not TOML: "},
        {"\xff", "p.toml:1:1: not TOML: "},
    };
    for (const Case& c : cases) {
        const auto problems = problems_of({{"p.toml", c.toml}});
        BOOST_TEST_REQUIRE(problems.size() == 1u, c.toml);
        BOOST_TEST(problems.front().starts_with(c.start), problems.front());
    }
}

BOOST_AUTO_TEST_CASE(all_problems_of_all_files_come_in_one_run_in_order) {
    const auto problems = problems_of({{"a.toml", "[engine]\nrows_max = 1\ntick = 1\n[x]"},
                                       {"b.toml", "[log"},
                                       {"c.toml", "[log]\nlevel = 1"}});
    BOOST_TEST_REQUIRE(problems.size() == 5u);
    const std::vector<std::string> starts{
        "a.toml:2:12:", "a.toml:3:8:", "a.toml:4:2:", "b.toml:1:5:", "c.toml:2:9:"};
    for (size_t i = 0; i < starts.size(); ++i) BOOST_TEST(problems[i].starts_with(starts[i]), problems[i]);
}

BOOST_AUTO_TEST_CASE(a_flood_of_problems_is_counted) {
    std::string toml = "[engine]\n";
    for (int i = 0; i < 300; ++i) toml += "key" + std::to_string(i) + " = 1\n";
    const auto problems = problems_of({{"p.toml", toml}});
    BOOST_TEST(problems.size() == config_problems_max + 1);
    BOOST_TEST(problems.back() == "100 more problems");
}

BOOST_AUTO_TEST_CASE(later_layers_win_key_by_key_and_origins_are_kept) {
    const auto [config, problems] = parse_config(
        {{"a.toml", "[engine]\ntick = \"50ms\"\nrows_max = 2048\n[policy.scan]\nports = 5\nwindow = \"1s\""},
         {"b.toml", "[engine]\ntick = \"20ms\"\n[policy.scan]\nports = 6\nmode = \"off\"\n[policy.flood]"}});
    BOOST_TEST(problems.empty());
    BOOST_TEST(config.engine.tick_ns == 20'000'000u);
    BOOST_TEST(config.engine.rows_max == 2048u);
    BOOST_TEST(config.engine.queue_max == EngineSection{}.queue_max);
    BOOST_TEST(config.origins.at("engine.tick") == "b.toml:2:8");
    BOOST_TEST(config.origins.at("engine.rows_max") == "a.toml:3:12");
    BOOST_TEST(!config.origins.contains("engine.queue_max"));
    BOOST_TEST(config.policy.size() == 2u);
    const PolicySection& scan = config.policy.at("scan");
    BOOST_TEST((scan.mode == PolicyMode::off));
    BOOST_TEST((scan.params.at("ports").value == RawValue(int64_t{6})));
    BOOST_TEST(scan.params.at("ports").origin == "b.toml:4:9");
    BOOST_TEST(scan.params.at("window").origin == "a.toml:6:10");
    BOOST_TEST(!scan.params.contains("mode"));
    BOOST_TEST(!config.policy.at("flood").mode.has_value());
    BOOST_TEST(config.files == (std::vector<std::string>{"a.toml", "b.toml"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(groups_and_what_policies_say_of_them_are_read) {
    const auto [config, problems] = parse_config({{"p.toml", R"([group.customers]
prefixes = ["203.0.113.0/24", "2001:db8::/32"]
tags = ["paying"]
[policy.flood]
pps = 1
[policy.flood.group.customers]
pps = 2
[policy.flood.prefix."203.0.113.7"]
pps = 3
)"}});
    BOOST_TEST(problems.empty());
    BOOST_TEST(config.group.at("customers").prefixes.size() == 2u);
    const PolicySection& flood = config.policy.at("flood");
    BOOST_TEST((flood.params.at("pps").value == RawValue(int64_t{1})));
    BOOST_TEST((flood.groups.at("customers").at("pps").value == RawValue(int64_t{2})));
    const Settings& one = flood.prefixes.at(Prefix::parse("203.0.113.7").value());
    BOOST_TEST((one.at("pps").value == RawValue(int64_t{3})));
    BOOST_TEST(one.at("pps").origin == "p.toml:9:7");
    const auto again = parse_config({{"dump.toml", dump_config(config)}});
    BOOST_TEST(again.problems.empty());
    BOOST_TEST(
        (again.config.policy.at("flood").prefixes.begin()->second.at("pps").value == RawValue(int64_t{3})));
}

BOOST_AUTO_TEST_CASE(values_reach_their_members_in_their_units) {
    const auto [config, problems] = parse_config({{"p.toml", R"([engine]
local = ["10.0.0.0/8", "2001:db8::1"]
set_memory = "2MiB"
finding_interval = "1m30s"
[policies]
dir = "/srv/policies"
[log]
level = "debug")"}});
    BOOST_TEST(problems.empty());
    BOOST_TEST_REQUIRE(config.engine.local.size() == 2u);
    BOOST_TEST(config.engine.local[0].text() == "10.0.0.0/8");
    BOOST_TEST(config.engine.local[1].text() == "2001:db8::1/128");
    BOOST_TEST(config.engine.set_memory_bytes == 2u << 20);
    BOOST_TEST(config.engine.finding_interval_ns == 90'000'000'000u);
    BOOST_TEST(config.policies.dir == "/srv/policies");
    BOOST_TEST(config.log.level == "debug");
}

BOOST_AUTO_TEST_CASE(plugin_values_are_kept_as_written) {
    const auto [config, problems] = parse_config({{"p.toml", R"([capture.pcap]
interfaces = ["eth0", "eth1"]
snaplen = 10
ports = [80, "81-90", [100, 110]]
odd = [80, 70000]
rate = 1.5
flag = true)"}});
    BOOST_TEST(problems.empty());
    const auto& values = config.capture.at("pcap").values;
    using Texts = std::vector<std::string>;
    BOOST_TEST((values.at("interfaces").value == RawValue(Texts{"eth0", "eth1"})));
    BOOST_TEST((values.at("snaplen").value == RawValue(int64_t{10})));
    BOOST_TEST(
        (values.at("ports").value == RawValue(std::vector<PortRange>{{80, 80}, {81, 90}, {100, 110}})));
    BOOST_TEST((values.at("odd").value == RawValue(Texts{"80", "70000"})));
    BOOST_TEST((values.at("rate").value == RawValue(1.5)));
    BOOST_TEST((values.at("flag").value == RawValue(true)));
    BOOST_TEST(values.at("snaplen").origin == "p.toml:3:11");
    BOOST_TEST(config.action.empty());
}

BOOST_AUTO_TEST_CASE(hostile_depth_and_size_are_refused_not_followed) {
    struct Case {
        const char* description;
        std::string toml;
        const char* start;
    };
    const std::string deep = repeated("a.", 10000) + "a";
    const std::vector<Case> cases{
        {"lists", "[capture.x]\ny = " + repeated("[", 10000), "p.toml:2:"},
        {"inline tables", "a = " + repeated("{a = ", 10000), "p.toml:1:"},
        {"dotted key", deep + " = 1", "p.toml:1:32: a key of at most 16 parts"},
        {"dotted key, then a syntax error", deep + " = ", "p.toml:1:32: a key of at most 16 parts"},
        {"table header", "x = 1\n[" + deep + "]", "p.toml:2:33: a key of at most 16 parts"},
        {"quoted parts", repeated("\"x\" . 'y#' .", 5000) + "z = 1", "p.toml:1:"},
        {"behind a long text", "x = \"\"\"a\"\"\nb\\\"\"\"\"\"\n" + deep + " = 1",
         "p.toml:3:32: a key of at most"},
        {"inside an inline table", "x = { " + deep + " = 1 }", "p.toml:1:38: a key of at most 16 parts"},
    };
    for (const Case& c : cases) {
        const auto problems = problems_of({{"p.toml", c.toml}});
        BOOST_TEST_REQUIRE(!problems.empty(), c.description);
        BOOST_TEST(problems.front().starts_with(c.start),
                   c.description << ": " << problems.front().substr(0, 200));
        for (const std::string& problem : problems) BOOST_TEST(problem.size() < 600u, c.description);
    }
}

BOOST_AUTO_TEST_CASE(dots_in_texts_and_comments_are_not_parts_of_a_key) {
    const std::string dots = repeated(".", 100);
    const auto problems =
        problems_of({{"p.toml", "# " + dots + "\n[policies]\ndir = \"" + dots + "\" # '" + dots +
                                    "\n[capture.a]\nb = '" + dots + "\"'\nc = \"\"\"" + dots + "\n\"" + dots +
                                    "\"\"\"\nd = '''" + dots + "'" + dots + "'''"}});
    BOOST_TEST(problems.empty(), (problems.empty() ? "" : problems.front()));
}

BOOST_AUTO_TEST_CASE(the_dump_reads_back_and_names_origins) {
    const std::string toml = R"([engine]
rows_max = 2048
[policy."odd name"]
mode = "off"
text = "a\"b\n# c"
rate = 2.0
ports = [1, "2-3"]
[capture.pcap]
)";
    const auto first = parse_config({{"p.toml", toml}});
    const std::string dump = dump_config(first.config);
    BOOST_TEST(dump.find("rows_max = 2048                           # p.toml:2:12\n") != std::string::npos,
               dump);
    BOOST_TEST(dump.find("tick = \"100ms\"                            # default\n") != std::string::npos,
               dump);
    BOOST_TEST(dump.find("\n[policy.\"odd name\"]\nmode = \"off\"") != std::string::npos, dump);
    const auto second = parse_config({{"d.toml", dump}});
    BOOST_TEST(second.problems.empty());
    BOOST_TEST(second.config.engine.rows_max == 2048u);
    const PolicySection& odd = second.config.policy.at("odd name");
    for (const auto& [key, setting] : first.config.policy.at("odd name").params)
        BOOST_TEST((odd.params.at(key).value == setting.value), key);
    BOOST_TEST((odd.mode == PolicyMode::off));
    BOOST_TEST(second.config.capture.contains("pcap"));
}

BOOST_AUTO_TEST_SUITE_END()

// SPDX-License-Identifier: Apache-2.0
// Proves what loading refuses, with the exact words: files, heads, parameters, settings, counters; that all
// problems of all files come in one run; and that nothing changes on any.
#include <boost/test/unit_test.hpp>

#include "core/policy/policy_host.hpp"
#include "core/policy/test_support.hpp"

namespace picket {
namespace {

std::string policy_text(const std::string& params, const std::string& counters) {
    return "return detector {\n  name = 'x', summary = 's',\n  params = {\n" + params +
           "\n  },\n  counters = function(p)\n    return {\n" + counters +
           "\n    }\n  end,\n  detect = function(p, c) end,\n}\n";
}

const std::string some_counter = "a = counter { window = '1s', measure = { n = packets() } },";

std::string load_text(const std::string& text, const std::map<std::string, PolicySettings>& settings = {}) {
    const testing::PolicyFolder folder;
    PolicyHost host(PolicyBudget{});
    return testing::joined(host.load_file(folder.add("x.lua", text), settings));
}

std::string load_counter(const std::string& counter) { return load_text(policy_text("", counter)); }

struct Case {
    const char* description;
    std::string text, expected;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_load)

BOOST_AUTO_TEST_CASE(a_file_is_refused_with_the_reason) {
    const std::string at = "detectors/x.lua";
    const std::vector<Case> cases{
        {"a syntax error", "return detector {\n  name = \n}", at + ":3: unexpected symbol near '}'\n"},
        {"bytecode", "\x1bLJ\x02\x02", at + ": is bytecode; a policy is a text\n"},
        {"nothing returned", "local a = 1", at + ": the file returns detector { … }, is missing\n"},
        {"a plain table", "return {}", at + ": the file returns detector { … }, is a table\n"},
        {"not a table", "return detector(1)", at + ": detector takes a table in braces, is a number\n"},
        {"an error while loading", "\nlocal x = nil .. 'a'", at + ":2: attempt to concatenate a nil value\n"},
        {"an unknown field",
         "return detector { nam = 'x', name = 'x', summary = 's', counters = pairs, detect = pairs }",
         at + ": unknown field 'nam', did you mean 'name'?\n"},
        {"another name than the file's",
         "return detector { name = 'y', summary = 's', counters = pairs, detect = pairs }",
         at + ": name: 'x', as the file is called, is 'y'\n"},
        {"missing parts", "return detector { name = 'x', detect = 1 }",
         at + ": detect: a function, is 1\n" + at + ": summary is missing\n" + at +
             ": counters is missing\n"},
        {"a finding at load time", "finding { type = 'x' }",
         at + ":1: finding can be called in detect() only\n"},
        {"a loop at load time", "while true do end", at + ":1: longer than 20ms\n"},
    };
    for (const Case& one : cases) {
        const testing::PolicyFolder folder;
        PolicyBudget budget;
        budget.load_ns = 20'000'000;
        PolicyHost host(budget, testing::StepClock(1'000'000));
        const std::string got = testing::joined(host.load_file(folder.add("x.lua", one.text), {}));
        BOOST_TEST(got == one.expected, one.description << ": " << got);
    }
}

BOOST_AUTO_TEST_CASE(a_parameter_is_refused_with_the_reason) {
    const std::string at = "detectors/x.lua:4: parameter 'n': ";
    const std::vector<Case> cases{
        {"no param", "n = 5,", "detectors/x.lua: parameter 'n': one of param.*, is 5\n"},
        {"no doc", "n = param.count { 5 },", at + "doc is missing: say what it does\n"},
        {"no default", "n = param.count { doc = 'd' },", at + "one default value, first in the braces\n"},
        {"a default out of range", "n = param.count { 3, min = 5, max = 9, unit = 'ports', doc = 'd' },",
         at + "default: 5…9 ports, is 3\n"},
        {"a limit of 0 by accident", "n = param.count { 0, doc = 'd' },",
         at + "default: 1…1000000000000, is 0\n"},
        {"a fraction for a count", "n = param.count { 1.5, doc = 'd' },",
         at + "default: a whole number, is 1.5\n"},
        {"a number for a duration", "n = param.duration { 10, doc = 'd' },",
         at + "default: a duration such as \"10s\", is 10\n"},
        {"a text for a flag", "n = param.flag { 'yes', doc = 'd' },",
         at + "default: true or false, is \"yes\"\n"},
        {"an unknown choice", "n = param.choice { 'c', choices = { 'a', 'b' }, doc = 'd' },",
         at + "default: one of \"a\", \"b\", is \"c\"\n"},
        {"a wrong port", "n = param.ports { { 80, 70000 }, doc = 'd' },",
         at + "default: a list of ports such as [80, \"8000-8100\"], is \"70000\"\n"},
        {"a wrong prefix", "n = param.prefixes { { '10.0.0.0/99' }, doc = 'd' },",
         at + "default: prefix length '99' of '10.0.0.0/99' is not 0…32\n"},
        {"an unknown option", "n = param.count { 5, maximum = 9, doc = 'd' },",
         at + "unknown field 'maximum'; there is "
              "min, max, unit, doc, choices\n"},
        {"an unknown type", "n = param.cuont { 5 },", "detectors/x.lua:4: param.cuont does not exist\n"},
    };
    for (const Case& one : cases) {
        const std::string got = load_text(policy_text(one.text, some_counter));
        BOOST_TEST(got == one.expected, one.description << ": " << got);
    }
}

BOOST_AUTO_TEST_CASE(a_counter_is_refused_with_the_reason) {
    const std::string at = "detectors/x.lua:8: counter 'tries': ";
    const auto tries = [](const std::string& fields) { return "tries = counter { " + fields + " },"; };
    const auto measured = [&](const std::string& measure) {
        return tries("window = '1s', measure = { " + measure + " }");
    };
    const std::string ok = "window = '1s', measure = { n = packets() }, ";
    const std::vector<Case> cases{
        {"a misspelt condition", tries(ok + "dst_prot = 80"),
         at + "unknown field 'dst_prot', did you mean 'dst_port'?\n"},
        {"no window", tries("measure = { n = packets() }"), at + "window is missing\n"},
        {"a short window", tries("window = '500ms', measure = { n = packets() }"),
         at + "window: 1s…1d, is 500ms\n"},
        {"no measure", tries("window = '1s'"), at + "measure: names, as in { packets = packets() }\n"},
        {"not a counter", "tries = { window = '1s' },",
         "detectors/x.lua: counter 'tries': counter { … }, is a table\n"},
        {"a misspelt key", tries(ok + "by = { 'scr' }"),
         at + "by: unknown field 'scr', did you mean 'src'?\n"},
        {"a key twice", tries(ok + "by = { 'src', 'src/24' }"), at + "by: 'src' stands twice\n"},
        {"a length of a port", tries(ok + "by = { 'dst_port/8' }"),
         at + "by: 'dst_port' is no address: it has no prefix length\n"},
        {"a length too long", tries(ok + "by = { 'src/33' }"),
         at + "by: 'src/33': a length of 1…32 after the slash\n"},
        {"a wrong direction", tries(ok + "direction = 'in'"),
         at + "direction: \"inbound\", \"outbound\", \"internal\", \"transit\", is 'in'\n"},
        {"a wrong protocol", tries(ok + "proto = 'tpc'"),
         at + "proto: \"tcp\", \"udp\", \"icmp\", \"igmp\", \"gre\", \"esp\", \"ah\", \"sctp\" or 0…255, is "
              "'tpc'\n"},
        {"a wrong class", tries(ok + "tcp = { 'syn', 'fin' }"),
         at + "tcp: \"syn\", \"synack\", \"rst\", \"probe\", \"established\", is 'fin'\n"},
        {"a wrong port", tries(ok + "dst_port = { 80, 'http' }"),
         at + "dst_port: ports 0…65535, \"a-b\" or { a, b }, is 'http'\n"},
        {"a wrong prefix", tries(ok + "src = 'here'"), at + "src: 'here' is not a prefix\n"},
        {"a measure that is none", measured("n = 5"),
         at + "measure 'n': a measure such as packets(), is 5\n"},
        {"a misspelt field", measured("n = distinct 'dst_prot'"),
         at + "measure 'n': unknown field 'dst_prot', did you mean 'dst_port'?\n"},
        {"no field", measured("n = distinct {}"),
         at + "measure 'n': distinct takes one name, first in the braces\n"},
        {"a run of addresses", measured("n = longest_run 'src'"),
         at + "measure 'n': longest_run is of numbers; 'src' is an address\n"},
        {"a misspelt condition of a measure", measured("n = packets { tpc = 'syn' }"),
         at + "measure 'n': unknown field 'tpc', did you mean 'tcp'?\n"},
        {"an option of another measure", measured("n = packets { values_max = 100 }"),
         at + "measure 'n': unknown field 'values_max'; there is direction, proto, tcp, icmp_type, fragment, "
              "src_port, "
              "dst_port, src, dst, local, remote\n"},
        {"a baseline of nothing", measured("n = packets(), z = baseline 'm'"),
         at + "measure 'z': unknown measure 'm'; there is n\n"},
        {"a name that rows have", measured("limit = packets()"),
         at + "measure 'limit': a row has something else of that name\n"},
        {"a name that the key has", tries("by = 'src', window = '1s', measure = { src = packets() }"),
         at + "measure 'src': a row has something else of that name\n"},
    };
    for (const Case& one : cases) {
        const std::string got = load_counter(one.text);
        BOOST_TEST(got == one.expected, one.description << ": " << got);
    }
}

BOOST_AUTO_TEST_CASE(declarations_say_what_the_file_says) {
    const testing::PolicyFolder folder;
    PolicyHost host(PolicyBudget{});
    const std::string counters = R"lua(
      second = counter { by = { "src/24", { "dst", v4 = 16, v6 = 48 } }, direction = { "inbound", "transit" }, proto = "icmp",
                         dst_port = none_of { 80, { 100, 200 }, "300-301" }, window = p.window, rows_max = 100, history = 3,
                         local_ = nil, ["local"] = "10.0.0.0/8", remote = none_of(p.friends), icmp_type = "echo_request",
                         measure = { z = packets(), a = distinct { "dst_port", values_max = 500, tcp = "syn" },
                                     m = baseline { "z", alpha = 0.5, warmup = 7 }, f = new { "src", memory = "2h" } } },
      first = counter { window = "2s", tcp = { "syn", "probe" }, fragment = false, measure = { n = flows() } },)lua";
    const std::string params = R"lua(
      window = param.duration { "10s", doc = "d" },
      friends = param.prefixes { { "192.0.2.0/24" }, doc = "d" },)lua";
    const auto errors = host.load_file(folder.add("x.lua", policy_text(params, counters)), {});
    BOOST_REQUIRE_MESSAGE(errors.empty(), testing::joined(errors));
    const auto declared = host.declarations();
    BOOST_REQUIRE(declared.size() == 2);
    const CounterDecl& second = declared[0];  // the order of the file, not of the letters
    BOOST_TEST(second.name == "second");
    BOOST_TEST(second.policy == "x");
    BOOST_TEST((second.by == std::vector<KeyPart>{{Field::src, 24, 128}, {Field::dst, 16, 48}}));
    BOOST_TEST(second.filter.directions == 0b1001);
    BOOST_TEST((*second.filter.protos == std::vector<uint8_t>{1, 58}));
    BOOST_TEST((*second.filter.icmp_types == std::vector<uint8_t>{8, 128}));
    for (const auto& [port, in] : std::vector<std::pair<size_t, bool>>{{80, false},
                                                                       {81, true},
                                                                       {100, false},
                                                                       {200, false},
                                                                       {201, true},
                                                                       {301, false},
                                                                       {0, true},
                                                                       {65535, true}})
        BOOST_TEST(second.filter.dst_port->test(port) == in, port);
    BOOST_TEST(second.window_ns == 10'000'000'000u);
    BOOST_TEST(second.rows_max == 100u);
    BOOST_TEST(second.history == 3u);
    BOOST_TEST(second.filter.local->list[0].text() == "10.0.0.0/8");
    BOOST_TEST(second.filter.remote->none_of);
    BOOST_REQUIRE(second.measures.size() == 4);
    BOOST_TEST(second.measures[0].name == "z");
    BOOST_TEST(second.measures[1].values_max == 500u);
    BOOST_TEST(second.measures[1].filter->tcp_classes == 1u << PICKET_TCP_SYN);
    BOOST_TEST(second.measures[2].of == "z");
    BOOST_TEST(second.measures[2].alpha == 0.5);
    BOOST_TEST(second.measures[2].warmup == 7u);
    BOOST_TEST(second.measures[3].memory_ns == 7200'000'000'000u);
    BOOST_TEST(declared[1].filter.tcp_classes == (1u << PICKET_TCP_SYN | 1u << PICKET_TCP_PROBE));
    BOOST_TEST(*declared[1].filter.fragment == false);
}

BOOST_AUTO_TEST_CASE(settings_change_parameters_within_their_bounds) {
    const std::string text =
        policy_text("ports = param.count { 100, min = 5, max = 65535, unit = 'ports', doc = 'd' },\n"
                    "window = param.duration { '10s', min = '1s', max = '5m', doc = 'd' },",
                    some_counter);
    const testing::PolicyFolder folder;
    const auto file = folder.add("x.lua", text);
    {
        PolicyHost host(PolicyBudget{});
        std::map<std::string, PolicySettings> settings;
        settings["x"].params["ports"] = {int64_t{50}, "picket.toml:3:1"};
        settings["x"].params["window"] = {std::string("30s"), "picket.toml:4:1"};
        BOOST_TEST(testing::joined(host.load_file(file, settings)) == "");
        const auto status = host.status().at(0);
        BOOST_TEST(std::get<int64_t>(status.params.at(0).value) == 50);
        BOOST_TEST(status.params.at(0).origin == "picket.toml:3:1");
        BOOST_TEST(status.hash.size() == 16u);
    }
    std::map<std::string, PolicySettings> wrong;
    wrong["x"].params["ports"] = {int64_t{3}, "picket.toml:12:8"};
    wrong["x"].params["widow"] = {std::string("30s"), "picket.toml:13:8"};
    wrong["x"].params["window"] = {std::string("1h"), "picket.toml:14:8"};
    BOOST_TEST(load_text(text, wrong) ==
               "picket.toml:12:8: policy.x.ports: 5…65535 ports, is 3\n"
               "picket.toml:13:8: policy.x: unknown parameter 'widow', did you mean 'window'?\n"
               "picket.toml:14:8: policy.x.window: 1s…5m, is 1h\n");
}

BOOST_AUTO_TEST_CASE(all_problems_of_all_files_come_at_once_and_change_nothing) {
    const testing::PolicyFolder folder;
    const auto good = policy_text("", some_counter);
    folder.add("x.lua", good);
    folder.add("x.test.lua", "this is no policy");
    PolicyHost host(PolicyBudget{});
    BOOST_TEST(testing::joined(host.load(folder.root(), {})) == "");
    BOOST_TEST(host.status().size() == 1u);
    folder.add("a.lua", "return {");
    folder.add("b.lua", "return 1");
    std::map<std::string, PolicySettings> settings;
    settings["y"].origin = "picket.toml:9:1";
    BOOST_TEST(testing::joined(host.load(folder.root(), settings)) ==
               "picket.toml:9:1: policy.y: there is no such policy\n"
               "detectors/a.lua:1: unexpected symbol near '<eof>'\n"
               "detectors/b.lua: the file returns detector { … }, is 1\n");
    BOOST_TEST(host.status().at(0).name == "x");
    BOOST_TEST(testing::joined(host.load(folder.root() / "none", {})).find("none/detectors: No such file") !=
               std::string::npos);
    const auto twice = host.load_file(folder.root() / "detectors" / "x.lua", {});
    BOOST_TEST(testing::joined(twice).find("policy 'x' is loaded already") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_policy_that_is_off_counts_nothing) {
    const testing::PolicyFolder folder;
    std::map<std::string, PolicySettings> settings;
    settings["x"].mode = PolicyMode::off;
    PolicyHost host(PolicyBudget{});
    BOOST_TEST(
        testing::joined(host.load_file(folder.add("x.lua", policy_text("", some_counter)), settings)) == "");
    BOOST_TEST((host.status().at(0).state == PolicyState::off));
    BOOST_TEST(host.declarations().empty());
}

BOOST_AUTO_TEST_CASE(a_value_of_its_own_for_some_addresses_is_refused_where_it_shapes_the_counting) {
    const testing::PolicyFolder folder;
    const auto file = folder.add(
        "x.lua",
        policy_text("window = param.duration { '10s', doc = 'd' }, limit = param.count { 3, doc = 'd' }",
                    "a = counter { window = p.window, measure = { n = packets() } }"));
    std::map<std::string, PolicySettings> settings;
    settings["x"].groups = {
        {"customers", {Prefix::parse("10.0.0.0/8").value()}, {{"limit", {int64_t{5}, "p:1"}}}}};
    {
        PolicyHost host(PolicyBudget{});
        BOOST_TEST(testing::joined(host.load_file(file, settings)) == "");
        BOOST_TEST((host.status().at(0).groups.at(0).params.at(1).value == OptionValue(int64_t{5})));
    }
    settings["x"].groups[0].params["window"] = {std::string("5s"), "p:2"};
    settings["x"].groups[0].params["limt"] = {int64_t{5}, "p:3"};
    PolicyHost host(PolicyBudget{});
    const auto wrong = testing::joined(host.load_file(file, settings));
    BOOST_TEST(wrong == "p:3: policy.x: customers: unknown parameter 'limt', did you mean 'limit'?\n", wrong);
    settings["x"].groups[0].params.erase("limt");
    const auto shaping = testing::joined(host.load_file(file, settings));
    BOOST_TEST(shaping.starts_with("p:2: policy.x: 'window' says what is counted, for all alike"), shaping);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// Proves the calls of a detector: what it reads from counters, what its findings hold, that rows end with
// their tick, and that a policy that fails or overruns stops alone.
#include <boost/test/unit_test.hpp>

#include "core/policy/policy_host.hpp"
#include "core/policy/test_support.hpp"

namespace picket {
namespace {

constexpr uint64_t tick_ns = 100'000'000;
constexpr uint64_t start_ns = 1'000'000'000'000;

FlowRecord syn(const char* src, const char* dst, uint16_t port) {
    FlowRecord out{};
    const auto from = Address::parse(src)->bytes();
    const auto to = Address::parse(dst)->bytes();
    std::copy(from.begin(), from.end(), out.src);
    std::copy(to.begin(), to.end(), out.dst);
    out.src_port = 40000;
    out.dst_port = port;
    out.proto = 6;
    out.tcp_class = PICKET_TCP_SYN;
    out.flags = PICKET_FLOW_PORTS | PICKET_FLOW_NEW;
    out.sampling = 1;
    out.packets = 2;
    out.bytes = 80;
    return out;
}

/// Policies over counters, driven tick by tick.
class Bench {
  public:
    explicit Bench(
        const PolicyBudget& budget = {}, BudgetClock clock = [] { return uint64_t{0}; })
        : host(budget, std::move(clock)) {}

    void add(const std::string& name, const std::string& detect, const std::string& head = "",
             const PolicySettings& settings = {}) {
        const std::string text = "return detector { name = '" + name + "', summary = 's', " +
                                 R"lua(
  params = { limit = param.count { 3, doc = 'd' }, window = param.duration { '10s', doc = 'd' } },
  counters = function(p)
    return { tries = counter { by = { "src", "dst" }, proto = "tcp", window = p.window,
                               measure = { ports = distinct "dst_port", packets = packets() } },
             sum = counter { window = "1s", history = 2, measure = { bytes = bytes() } },
             nets = counter { by = { "src/24", "dst_port" }, window = "1s", measure = { packets = packets() } } }
  end,
  detect = function(p, c)
)lua" + detect + "\n  end }\n";
        const auto errors = host.load_file(folder.add(name + ".lua", head + text), {{name, settings}});
        BOOST_REQUIRE_MESSAGE(errors.empty(), testing::joined(errors));
    }

    std::vector<Finding> tick(const std::vector<FlowRecord>& records) {
        if (!bound_) {
            auto ids = counters.configure(host.declarations());
            BOOST_REQUIRE(ids);
            host.bind(counters, *ids);
            bound_ = true;
        }
        end_ns += tick_ns;
        counters.begin_tick(end_ns);
        std::vector<ClassifiedRecord> classified;
        for (const FlowRecord& record : records) classified.push_back({&record, Direction::outbound});
        counters.add(classified);
        std::vector<Finding> out;
        host.run(end_ns, out);
        return out;
    }

    std::vector<Finding> scan() {
        std::vector<FlowRecord> records;
        for (uint16_t port = 1; port <= 5; ++port) records.push_back(syn("10.0.0.5", "203.0.113.9", port));
        records.push_back(syn("10.0.0.6", "203.0.113.9", 80));
        return tick(records);
    }

    /// Why the policy at `index` stopped.
    std::string stopped(size_t index = 0) const {
        const PolicyStatus status = host.status().at(index);
        return status.state == PolicyState::stopped ? status.last_error : "runs";
    }

    testing::PolicyFolder folder;
    PolicyHost host;
    Counters counters{CountersConfig{}};
    uint64_t end_ns = start_ns;

  private:
    bool bound_ = false;
};

/// The reason of a finding that says what `expression` is.
std::string evaluate(const std::string& statements, const std::string& expression) {
    Bench bench;
    bench.add("x",
              statements + " finding { type = 't', subject = 's', reason = tostring(" + expression + ") }");
    const auto findings = bench.scan();
    return findings.empty() ? bench.stopped() : findings[0].reason;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_detect)

BOOST_AUTO_TEST_CASE(a_finding_holds_the_row_and_the_limits_it_reached) {
    Bench bench;
    bench.add("x", R"lua(
    for row in c.tries:over { packets = 2, ports = p.limit } do
      finding { type = "scan_tcp", subject = row.src, target = row.dst, row = row, severity = "high", confidence = 0.9,
                reason = ("%d ports of %s in %s"):format(row.ports, row.dst, p.window), measures = { share = 0.5 } }
    end)lua");
    const auto findings = bench.scan();
    BOOST_REQUIRE_MESSAGE(findings.size() == 1, bench.stopped());
    const Finding& found = findings[0];
    BOOST_TEST(found.time_ns == bench.end_ns);
    BOOST_TEST(found.type == "scan_tcp");
    BOOST_TEST(found.subject == "10.0.0.5");
    BOOST_TEST(found.target == "203.0.113.9");
    BOOST_TEST(found.policy == "x");
    BOOST_TEST((found.severity == Severity::high));
    BOOST_TEST(found.confidence == 0.9);
    BOOST_TEST(found.reason == "5 ports of 203.0.113.9 in 10s");
    using Values = std::vector<std::pair<std::string, double>>;
    BOOST_TEST((found.measures == Values{{"ports", 5}, {"packets", 10}, {"share", 0.5}}));
    BOOST_TEST((found.limits == Values{{"ports", 3}, {"packets", 2}}));
    BOOST_TEST(bench.host.status().at(0).findings == 1u);
}

BOOST_AUTO_TEST_CASE(what_a_detector_can_ask) {
    const std::string first = "local row; for r in c.tries:top('packets', 1) do row = r end ";
    const std::vector<std::array<std::string, 3>> cases{
        {"", "c.tries:get { src = '10.0.0.5', dst = '203.0.113.9' }.ports", "5"},
        {"", "c.tries:get { src = '10.0.0.7', dst = '203.0.113.9' }", "nil"},
        {"", "c.sum:get().bytes", "480"},
        {"", "c.nets:get { src = '10.0.0.99', dst_port = 80 }.packets", "2"},
        {"", "c.nets:get { src = '10.0.0.0/24', dst_port = 80 }.src", "10.0.0.0/24"},
        {"", "c.nets:get { src = '10.0.0.0/24', dst_port = 80 }.dst_port + 1", "81"},
        {first, "row.src", "10.0.0.5"},
        {first, "row.samples", "10"},
        {first, "row.error", "0"},
        {first, "row.limit.ports", "nil"},
        {"local n = 0 for row in c.tries:over { ports = 1 } do n = n + row.packets end", "n", "12"},
        {"local l for row in c.tries:over { ports = p.limit } do l = row.limit.ports end", "l", "3"},
        {"", "c.sum:get():past('bytes', 1)", "0"},
        {"", "p.window * 2 + 1", "21"},
        {"", "1000 / p.window", "100"},
        {"", "p.window .. ' long'", "10s long"},
        {"", "p.window.seconds", "10"},
    };
    for (const auto& [before, expression, expected] : cases) {
        const std::string got = evaluate(before, expression);
        BOOST_TEST(got == expected, expression << " is " << got);
    }
}

BOOST_AUTO_TEST_CASE(a_wrong_question_stops_the_policy_with_the_answer) {
    const std::string first = "for row in c.tries:over { ports = 1 } do ";
    const std::vector<std::pair<std::string, std::string>> cases{
        {"local a = c.tris", "unknown counter 'tris', did you mean 'tries'?"},
        {"local a = p.limits", "parameter 'limits' is not declared"},
        {"p.limit = 5", "parameter 'limit' may not be assigned"},
        {"local a = c.tries:over { port = 1 }",
         "counter 'tries': unknown measure 'port', did you mean 'ports'?"},
        {"local a = c.tries:over { src = 1 }", "counter 'tries': unknown measure 'src'"},
        {"local a = c.tries:over {}", "counter 'tries': over takes limits: over { packets = 100 }"},
        {"local a = c.tries:over { ports = '1' }",
         "counter 'tries': the limit of 'ports' is a string, not a number"},
        {"local a = c.tries.over { ports = 1 }",
         "bad argument #1 to 'over' (a counter: write c.name:over { … } with a colon)"},
        {"local a = c.tries:top('ports', 0)", "top: 1…100000 rows, is 0"},
        {"local a = c.tries:get '10.0.0.5'", "counter 'tries': get takes 2 names in braces"},
        {"local a = c.tries:get { src = '10.0.0.5' }", "get: 'dst' is an address such as \"10.0.0.5\""},
        {"local a = c.nets:get { src = 'here', dst_port = 1 }",
         "get: 'src' is an address such as \"10.0.0.5\""},
        {first + "local a = row.portz end",
         "counter 'tries': unknown field of a row 'portz', did you mean 'ports'?"},
        {first + "row.ports = 1 end", "attempt to index local 'row' (a userdata value)"},
        {first + "local a = row:past('ports', 1) end", "counter 'tries': past windows 1…0, is 1"},
        {first + "local a = row.past(c.tries) end",
         "bad argument #1 to 'past' (a row: write row:past(\"packets\", 1))"},
        {"while true do local a = c.tries:over { ports = 1 } end",
         "at most 64 calls of over() and top() in one detect()"},
        {"finding { type = 'T', subject = 's', reason = 'r' }",
         "finding: type: a name of a-z, 0-9 and _, is 'T'"},
        {"finding { type = 't', subject = 's' }", "finding: reason is missing"},
        {"finding { type = 't', subject = 's', reason = 'r', severty = 'low' }",
         "finding: unknown field 'severty', did you mean 'severity'?"},
        {"finding { type = 't', subject = 's', reason = 'r', severity = 'grave' }",
         "finding: severity: info, low, medium, high or critical, is 'grave'"},
        {"finding { type = 't', subject = 's', reason = 'r', confidence = 2 }",
         "finding: confidence: 0…1, is 2"},
        {"finding { type = 't', subject = ('s'):rep(200), reason = 'r' }",
         "finding: subject: a text of 1…128 bytes, has 200"},
        {"finding { type = 't', subject = 's', reason = 'r', row = c.tries }",
         "finding: row: a row, as over(), top() and get() give it"},
        {"error('on purpose')", "on purpose"},
        {"local x = {} .. 'a'", "attempt to concatenate a table value"},
    };
    for (const auto& [statement, expected] : cases) {
        Bench bench;
        bench.add("x", statement);
        BOOST_TEST(bench.scan().empty());
        // Line 10 is the first of detect().
        const std::string full = "detectors/x.lua:10: " + expected;
        BOOST_TEST(bench.stopped() == full, statement << ": " << bench.stopped());
        BOOST_TEST(bench.host.status().at(0).errors == 1u);
    }
}

BOOST_AUTO_TEST_CASE(a_row_ends_with_its_tick) {
    for (const auto& [use, expected] : std::vector<std::pair<std::string, std::string>>{
             {"local a = kept.row.ports", "this row is of an earlier tick: rows must not be kept"},
             {"finding { type = 't', subject = 's', reason = 'r', row = kept.row }",
              "finding: row: this row is of an earlier tick: rows must not be kept"},
             {"kept.rows()", "these rows are of an earlier tick"}}) {
        Bench bench;
        bench.add("x", "if kept.row then " + use + R"lua( end
          for row in c.tries:over { ports = 1 } do kept.row = row end
          kept.rows = c.tries:over { ports = 1 })lua",
                  "local kept = {} ");
        bench.scan();
        BOOST_TEST(bench.stopped() == "runs");
        bench.scan();
        BOOST_TEST(bench.stopped() == "detectors/x.lua:10: " + expected);
    }
}

BOOST_AUTO_TEST_CASE(a_policy_stops_alone) {
    PolicyBudget budget;
    budget.load_ns = UINT64_MAX;
    Bench bench(budget, testing::StepClock(1'000'000));
    bench.add("a", "while true do pcall(function() while true do end end) end");
    bench.add("b", "finding { type = 't', subject = 's', reason = 'r' }");
    BOOST_TEST(bench.scan().size() == 1u);
    BOOST_TEST(bench.stopped(0) == "detectors/a.lua:10: longer than 50ms");
    BOOST_TEST(bench.stopped(1) == "runs");
    BOOST_TEST(bench.scan().size() == 1u);
    BOOST_TEST(bench.host.status().at(0).calls == 1u);
    BOOST_TEST(bench.host.status().at(1).calls == 2u);
}

BOOST_AUTO_TEST_CASE(memory_and_findings_are_bounded) {
    PolicyBudget budget;
    budget.memory_bytes = 4u << 20;
    budget.findings_per_tick = 10;
    Bench bench(budget);
    bench.add("a", "local t = {} for i = 1, 1e7 do t[i] = { i } end");
    bench.add("b", "for i = 1, 25 do finding { type = 't', subject = 's', reason = ('x'):rep(1000) } end");
    const auto findings = bench.scan();
    BOOST_TEST(findings.size() == 10u);
    BOOST_TEST(findings[0].reason.size() == 400u);
    BOOST_TEST(bench.host.status().at(1).findings_dropped == 15u);
    BOOST_TEST(bench.stopped(0) == "detectors/a.lua:10: more than 4 MiB of memory, or 4 MiB in one piece");
    BOOST_TEST(bench.host.status().at(0).memory_bytes <= budget.memory_bytes + (4u << 20));
}

BOOST_AUTO_TEST_CASE(a_tick_without_traffic_of_its_counters_calls_nobody) {
    Bench bench;
    bench.add("x", "finding { type = 't', subject = 's', reason = 'r' }");
    BOOST_TEST(bench.tick({}).empty());
    BOOST_TEST(bench.host.status().at(0).calls == 0u);
    BOOST_TEST(bench.scan().size() == 1u);
}

BOOST_AUTO_TEST_CASE(each_row_is_judged_by_the_values_of_its_longest_prefix) {
    const auto prefixes = [](const char* text) { return std::vector<Prefix>{Prefix::parse(text).value()}; };
    const auto limit = [](int64_t value) {
        return std::map<std::string, PolicySetting>{{"limit", {value, "p:1"}}};
    };
    PolicySettings settings;
    settings.groups = {{"all", prefixes("10.0.0.0/8"), limit(9)},
                       {"customers", prefixes("10.0.0.4/31"), limit(4)},
                       {"10.0.0.6", prefixes("10.0.0.6"), limit(1)}};
    Bench bench;
    bench.add("x", R"lua(
    for row in c.tries:over { ports = p.limit } do
      finding { type = "t", subject = row.src, row = row, reason = ("%d of %d"):format(row.limit.ports, p.limit) }
    end
    for row in c.tries:top("ports", 1) do
      finding { type = "top", subject = row.src, reason = tostring(p.limit) }
    end)lua",
              "", settings);
    std::vector<FlowRecord> records;
    for (const char* src : {"10.0.0.5", "10.0.0.6", "10.0.0.7", "192.0.2.1"})
        for (uint16_t port = 1; port <= 5; ++port) records.push_back(syn(src, "203.0.113.9", port));
    std::string found;
    for (const Finding& each : bench.tick(records))
        found += each.type + " " + each.subject + " " + each.reason + "\n";
    BOOST_TEST(found == "t 192.0.2.1 3 of 3\n"
                        "top 192.0.2.1 3\n"
                        "top 10.0.0.7 9\n"  // 5 ports are under its 9
                        "t 10.0.0.5 4 of 4\n"
                        "top 10.0.0.5 4\n"
                        "t 10.0.0.6 1 of 1\n"
                        "top 10.0.0.6 1\n",
               bench.stopped() << ": " << found);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace picket

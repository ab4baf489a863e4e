// SPDX-License-Identifier: Apache-2.0
// Proves the runner of policy tests: made traffic reaches the policy with the right times, directions and
// families; a failed expectation says where, what was expected, and what was found.
#include <boost/test/unit_test.hpp>

#include "core/engine/policy_tests.hpp"
#include "core/engine/test_bench.hpp"
#include "core/policy/test_support.hpp"

namespace picket {
namespace {

const std::string policy = R"lua(
return detector {
  name = "x", summary = "s",
  params = { packets = param.count { 10, doc = "d" } },
  counters = function(p)
    return { sent = counter { by = { "src", "dst" }, direction = "outbound", window = "1s",
                              measure = { packets = packets(), ports = distinct "dst_port" } } }
  end,
  detect = function(p, c)
    for row in c.sent:over { packets = p.packets } do
      finding { type = "many", subject = row.src, target = row.dst, reason = ("%d packets, %d ports"):format(row.packets, row.ports) }
    end
  end,
}
)lua";

struct Run {
    PolicyTestSummary summary;
    std::vector<PolicyTestResult> results;
};

Run run(const std::string& tests) {
    const testing::PolicyFolder folder;
    folder.add("x.lua", policy);
    folder.add("x.test.lua", tests);
    Run out;
    out.summary =
        run_policy_tests({folder.root()}, [&](const PolicyTestResult& one) { out.results.push_back(one); });
    return out;
}

/// The message of the one test with this body, in its IPv4 run.
std::string message_of(const std::string& body) {
    const Run ran = run("test('t', function(t)\n" + body + "\nend)");
    return ran.results.empty() ? testing::joined(ran.summary.errors) : ran.results[0].message;
}

const std::string traffic = "t:traffic { src = '10.0.0.5', dst = '203.0.113.9', proto = 'udp', ";

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_tests)

BOOST_AUTO_TEST_CASE(each_test_runs_for_both_families) {
    const Run ran =
        run("test('a', function(t) " + traffic +
            "dst_port = 53, packets = 20 } t:expect { subject = '10.0.0.5', target = '203.0.113.9' } end)\n"
            "test('b', function(t) " +
            traffic + "dst_port = 53 } t:expect_nothing() end, { family = 'v4' })");
    BOOST_TEST(testing::joined(ran.summary.errors) == "");
    BOOST_TEST(ran.summary.passed == 3u);
    BOOST_REQUIRE(ran.results.size() == 3u);
    BOOST_TEST((ran.results[1].family == "v6" && ran.results[1].name == "a" && ran.results[1].policy == "x"));
    BOOST_TEST(ran.results[1].message == "");
}

BOOST_AUTO_TEST_CASE(a_failure_says_where_and_what_was_found_instead) {
    const std::string many = traffic + "dst_port = { 1, 4 }, packets = 5 }\n";
    BOOST_TEST(message_of(many + "t:expect { type = 'few' }") ==
               "detectors/x.test.lua:3: expected type = few; found many of 10.0.0.5 > 203.0.113.9 (medium, "
               "after 100ms: "
               "20 packets, 4 ports)");
    BOOST_TEST(message_of(many + "t:expect_nothing()")
                   .starts_with("detectors/x.test.lua:3: expected nothing; found many of 10.0.0.5"));
    BOOST_TEST(message_of(traffic + "dst_port = 1 }\nt:expect 'many'") ==
               "detectors/x.test.lua:3: expected type = many; found nothing");
    BOOST_TEST(message_of("t:expct()")
                   .starts_with("detectors/x.test.lua:2: t:expct does not exist; there is traffic"));
    BOOST_TEST(
        message_of("t:params { packts = 5 } t:expect_nothing()") ==
        "detectors/x.test.lua:2: params: policy.x: unknown parameter 'packts', did you mean 'packets'?");
}

BOOST_AUTO_TEST_CASE(time_and_findings_follow_the_test) {
    // 20 packets over 4 s never reach 10 in a second; over 1 s they do, after half of it.
    BOOST_TEST(message_of(traffic + "dst_port = 1, packets = 20, over = '4s' } t:expect_nothing()") == "");
    BOOST_TEST(message_of(traffic +
                          "dst_port = 1, packets = 20, over = '1s' } t:expect { within = '500ms' }") == "");
    BOOST_TEST(message_of(traffic +
                          "dst_port = 1, packets = 20, over = '1s' } t:expect { within = '400ms' }") != "");
    BOOST_TEST(message_of(traffic +
                          "dst_port = 1, packets = 20, at = '1h' } t:advance '30m' t:expect_nothing 'none' "
                          "t:expect 'many' t:forget() t:expect_nothing()") == "");
    BOOST_TEST(message_of(traffic + "dst_port = 1, packets = 9 } t:params { packets = 9 } t:expect 'many'") ==
               "");
    BOOST_TEST(message_of("t:local_prefixes { '203.0.113.0/24' } " + traffic +
                          "dst_port = 1, packets = 20 } t:expect_nothing()") == "");
    BOOST_TEST(
        message_of(
            "t:traffic { src = '203.0.113.9', dst = '10.0.0.5', proto = 'udp', dst_port = 53, packets = 20, "
            "answered = 0.5 } t:expect { subject = '10.0.0.5' }") == "");
}

BOOST_AUTO_TEST_CASE(a_policy_without_a_test_is_said) {
    const testing::PolicyFolder folder;
    const auto file = folder.add("x.lua", policy);
    const auto none = [](const PolicyTestResult&) {};
    BOOST_TEST(testing::joined(run_policy_tests({file}, none).errors).find("x.test.lua: is missing beside") !=
               std::string::npos);
    BOOST_TEST(testing::joined(run_policy_tests({"/nonexistent"}, none).errors) ==
               "/nonexistent: does not exist\n");
    BOOST_TEST(testing::joined(run("local a = 1").summary.errors) ==
               "detectors/x.test.lua: holds no test(\"name\", function(t) … end)\n");
}

BOOST_AUTO_TEST_CASE(traffic_is_made_in_the_order_that_is_promised) {
    TestTraffic two;
    two.src = {Address::from_v4(1), Address::from_v4(2)};
    two.dst = {Address::from_v4(3)};
    two.dst_port = {10, 11};
    two.src_port = {5};
    two.proto = 17;
    two.packets = 2;
    two.over_ns = 8000;
    TrafficMaker maker(two, 0);
    std::vector<Packet> made;
    maker.make_until(1 + 3000, made);
    BOOST_TEST(made.size() == 4u);
    maker.make_until(UINT64_MAX, made);
    BOOST_REQUIRE(made.size() == 8u);
    for (size_t i = 0; i < made.size(); ++i) {
        BOOST_TEST(made[i].time_ns == 1 + i * 1000);
        BOOST_TEST(made[i].dst_port == 10 + i % 2);
        BOOST_TEST(made[i].src[15] == 1 + i / 2 % 2);
    }
    two.count = 3;
    made.clear();
    TrafficMaker(two, 0).make_until(UINT64_MAX, made);
    BOOST_REQUIRE(made.size() == 3u);
    BOOST_TEST(
        (made[1].dst_port == 11 && made[1].src[15] == 2 && made[2].dst_port == 10 && made[2].src[15] == 1));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// Proves the fixed mapping of addresses to IPv6, and how t:traffic reads lists, ranges and prefixes.
#include <boost/test/unit_test.hpp>

#include "core/policy/prelude.hpp"
#include "core/policy/test_addresses.hpp"
#include "core/policy/test_traffic.hpp"

namespace picket {
namespace {

/// The value of a Lua expression.
LuaValue value_of(const std::string& expression) {
    auto state = LuaState::create(16u << 20, [] { return uint64_t{0}; });
    BOOST_REQUIRE(state && open_prelude(**state));
    BOOST_REQUIRE((*state)->compile("return " + expression, "x.lua"));
    BOOST_REQUIRE((*state)->call(0, 1, UINT64_MAX));
    auto value = copy_value((*state)->get(), -1);
    BOOST_REQUIRE(value);
    return *value;
}

Result<TestTraffic> traffic_of(const std::string& fields, bool v6 = false) {
    return read_traffic(
        value_of("{ src = '10.0.0.5', dst = '203.0.113.9', proto = 'udp', dst_port = 53, " + fields + "}"),
        v6);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy_test_words)

BOOST_AUTO_TEST_CASE(addresses_have_a_fixed_place_in_ipv6) {
    for (const auto& [v4, v6] :
         std::vector<std::pair<std::string, std::string>>{{"10.1.2.3", "fd00:0:a01:200::3"},
                                                          {"203.0.113.9", "2001:db8:cb00:7100::9"},
                                                          {"0.0.0.0", "::"},
                                                          {"255.255.255.255", "ff02:0:ffff:ff00::ff"},
                                                          {"2001:db8::1", "2001:db8::1"},
                                                          {"10.0.0.0/8", "fd00:0:a00::/40"},
                                                          {"203.0.113.0/24", "2001:db8:cb00:7100::/64"},
                                                          {"10.0.0.128/25", "fd00:0:a00::80/121"},
                                                          {"0.0.0.0/0", "::/0"},
                                                          {"port 25565", "port 25565"}})
        BOOST_TEST(text_to_v6(v4) == v6);
    // What lies in a prefix still does.
    const Prefix net = *Prefix::parse("203.0.113.0/24");
    for (const char* inside : {"203.0.113.0", "203.0.113.255"})
        BOOST_TEST(to_v6(net).contains(to_v6(*Address::parse(inside))));
    for (const char* outside : {"203.0.112.255", "203.0.114.0"})
        BOOST_TEST(!to_v6(net).contains(to_v6(*Address::parse(outside))));
}

BOOST_AUTO_TEST_CASE(lists_ranges_and_prefixes) {
    using Ports = std::vector<uint16_t>;
    BOOST_TEST(traffic_of("")->dst_port == Ports{53}, boost::test_tools::per_element());
    const auto ranges = traffic_of("src_port = { 10, 13 },");
    BOOST_TEST(ranges->src_port == (Ports{10, 11, 12, 13}), boost::test_tools::per_element());
    const auto lists = traffic_of("src_port = { 13, 10, 12 },");
    BOOST_TEST(lists->src_port == (Ports{13, 10, 12}), boost::test_tools::per_element());
    const auto some = read_traffic(
        value_of("{ src = { '10.0.0.0/24', 4 }, dst = { '203.0.113.1', '203.0.113.2' }, proto = 'gre' }"),
        false);
    BOOST_REQUIRE(some);
    BOOST_TEST(some->src.size() == 4u);
    BOOST_TEST(some->src[0].text() == "10.0.0.63");
    BOOST_TEST(some->src[3].text() == "10.0.0.252");
    BOOST_TEST(some->dst.size() == 2u);
}

BOOST_AUTO_TEST_CASE(icmp_becomes_icmpv6) {
    const std::string text =
        "{ src = '10.0.0.5', dst = '203.0.113.9', proto = 'icmp', icmp_type = 'unreachable' }";
    const auto v4 = read_traffic(value_of(text), false);
    const auto v6 = read_traffic(value_of(text), true);
    BOOST_TEST((v4->proto == 1 && v4->icmp_type == 3));
    BOOST_TEST((v6->proto == 58 && v6->icmp_type == 1));
}

BOOST_AUTO_TEST_CASE(wrong_traffic_is_refused_with_the_reason) {
    for (const auto& [fields, expected] : std::vector<std::pair<std::string, std::string>>{
             {"dst_prot = 1,", "traffic: unknown field 'dst_prot', did you mean 'dst_port'?"},
             {"tcp = 'syn',", "traffic: tcp = \"syn\" or the like goes with proto = \"tcp\""},
             {"over = 5,", "traffic: over: a duration such as \"10s\", is 5"},
             {"packets = 0,", "traffic: packets: 1…10000000, is 0"},
             {"answered = 2,", "traffic: answered: true, false or 0…1, is 2"},
             {"src_port = 70000,", "traffic: src_port: 0…65535, is 70000"},
             {"sources = { '10.0.0.0/30', 4 },", "traffic: sources: 1…3 addresses of 10.0.0.0/30"}}) {
        const auto got = traffic_of(fields);
        BOOST_TEST(!got);
        if (!got) BOOST_TEST(got.error().text() == expected);
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// Proves which interfaces "auto" takes from the kernel's routing tables.
#include "capture/pcap/routes.hpp"

#include <boost/test/unit_test.hpp>

using picket::capture::default_route_interfaces;

BOOST_AUTO_TEST_SUITE(routes)

namespace {

constexpr const char* v4_head =
    "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n";
constexpr const char* zeros = "00000000000000000000000000000000";

std::string v4(const std::string& interface, const std::string& destination, const std::string& flags,
               const std::string& mask) {
    return interface + "\t" + destination + "\t0102A8C0\t" + flags + "\t0\t0\t0\t" + mask + "\t0\t0\t0\n";
}

std::string v6(const std::string& destination, const std::string& length, const std::string& flags,
               const std::string& interface) {
    return destination + " " + length + " " + zeros + " 00 " + zeros + " 00000400 00000001 00000000 " +
           flags + " " + interface + "\n";
}

}  // namespace

BOOST_AUTO_TEST_CASE(only_default_routes_that_are_up_and_no_loopback) {
    struct Row {
        const char* what;
        std::string ipv4, ipv6;
        std::vector<std::string> expected;
    };
    const std::vector<Row> rows{
        {"nothing", "", "", {}},
        {"a default route", v4_head + v4("eth0", "00000000", "0003", "00000000"), "", {"eth0"}},
        {"a network is none", v4_head + v4("eth0", "0002A8C0", "0001", "00FFFFFF"), "", {}},
        {"half of the world is none", v4_head + v4("tun0", "00000000", "0003", "00000080"), "", {}},
        {"a route that is down", v4_head + v4("eth0", "00000000", "0002", "00000000"), "", {}},
        {"a rejecting route", "", v6(zeros, "00", "00200200", "eth0"), {}},
        {"the unreachable route of lo", "", v6(zeros, "00", "00200001", "lo"), {}},
        {"IPv6 alone", "", v6(zeros, "00", "00000003", "eth1"), {"eth1"}},
        {"both on one",
         v4("eth0", "00000000", "0003", "00000000"),
         v6(zeros, "00", "00000003", "eth0"),
         {"eth0"}},
        {"two uplinks",
         v4("eth0", "00000000", "0003", "00000000") + v4("eth1", "00000000", "0003", "00000000"),
         v6(zeros, "00", "00000003", "sit1"),
         {"eth0", "eth1", "sit1"}},
        {"a line that is cut", "eth0\t00000000\n", "0000 00 eth0\n", {}},
    };
    for (const Row& row : rows)
        BOOST_TEST(default_route_interfaces(row.ipv4, row.ipv6) == row.expected, row.what);
}

BOOST_AUTO_TEST_SUITE_END()

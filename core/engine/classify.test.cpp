// SPDX-License-Identifier: Apache-2.0
// Directions of records, among them those of broadcast and multicast.
#include "core/engine/classify.hpp"

#include <boost/test/unit_test.hpp>
#include <cstring>

using namespace picket;

BOOST_AUTO_TEST_SUITE(classify)

BOOST_AUTO_TEST_CASE(direction_follows_the_local_prefixes) {
    const Classifier classifier(parse_prefixes({"10.0.0.0/8", "fd00::/8", "255.255.255.255"}).value());
    struct Case {
        const char *src, *dst;
        Direction expected;
    };
    for (const Case& one : {
             Case{"10.0.0.1", "192.0.2.1", Direction::outbound},
             Case{"192.0.2.1", "10.0.0.1", Direction::inbound},
             Case{"10.0.0.1", "10.0.0.2", Direction::internal},
             Case{"192.0.2.1", "198.51.100.1", Direction::transit},
             Case{"fd00::1", "2001:db8::1", Direction::outbound},
             Case{"2001:db8::1", "fd00::1", Direction::inbound},
             Case{"10.0.0.1", "239.255.255.250", Direction::internal},
             Case{"192.0.2.1", "224.0.0.251", Direction::inbound},
             Case{"0.0.0.0", "255.255.255.255", Direction::internal},
             Case{"::", "ff02::1", Direction::internal},
             Case{"::", "fd00::1", Direction::internal},
         }) {
        FlowRecord record{};
        std::memcpy(record.src, Address::parse(one.src).value().bytes().data(), 16);
        std::memcpy(record.dst, Address::parse(one.dst).value().bytes().data(), 16);
        BOOST_TEST((classifier.classify(record) == one.expected), one.src << " > " << one.dst);
    }
}

BOOST_AUTO_TEST_CASE(a_wrong_prefix_is_named) {
    const auto parsed = parse_prefixes({"10.0.0.0/8", "10.0.0.0/99"});
    BOOST_REQUIRE(!parsed.has_value());
    BOOST_TEST(parsed.error().text().find("99") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

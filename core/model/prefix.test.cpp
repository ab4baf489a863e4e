// SPDX-License-Identifier: Apache-2.0
// Prefixes and the longest-match map, the map against a linear search on random prefixes.
#include "core/model/prefix.hpp"

#include <boost/test/unit_test.hpp>
#include <random>

using namespace picket;

BOOST_AUTO_TEST_SUITE(prefix)

BOOST_AUTO_TEST_CASE(parses_and_prints_both_families) {
    for (const char* text :
         {"10.0.0.0/8", "192.0.2.1/32", "0.0.0.0/0", "2001:db8::/32", "::/0", "fe80::1/128"})
        BOOST_TEST(Prefix::parse(text).value().text() == text);
    BOOST_TEST(Prefix::parse("10.1.2.3/8").value().text() == "10.0.0.0/8");
    BOOST_TEST(Prefix::parse("10.1.2.3").value().text() == "10.1.2.3/32");
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_prefix) {
    for (const char* text :
         {"", "10.0.0.0/33", "10.0.0/8", "::/129", "10.0.0.0/", "10.0.0.0/8x", "host/8", "10.0.0.0/-1"})
        BOOST_TEST(!Prefix::parse(text).has_value());
}

BOOST_AUTO_TEST_CASE(the_longest_match_wins_in_any_order_of_entry) {
    std::vector<std::pair<Prefix, int>> entries;
    for (const auto& [text, value] :
         std::initializer_list<std::pair<const char*, int>>{{"10.1.2.0/24", 3},
                                                            {"10.0.0.0/8", 1},
                                                            {"10.1.0.0/16", 2},
                                                            {"255.255.255.255/32", 4},
                                                            {"2001:db8::/32", 5}})
        entries.emplace_back(Prefix::parse(text).value(), value);
    const PrefixMap<int> map(entries);
    const auto at = [&](const char* text) {
        const int* found = map.find(Address::parse(text).value());
        return found == nullptr ? 0 : *found;
    };
    BOOST_TEST(at("10.1.2.3") == 3);
    BOOST_TEST(at("10.1.3.3") == 2);
    BOOST_TEST(at("10.2.0.0") == 1);
    BOOST_TEST(at("11.0.0.0") == 0);
    BOOST_TEST(at("255.255.255.255") == 4);
    BOOST_TEST(at("2001:db8:ffff::1") == 5);
    BOOST_TEST(at("2001:db9::") == 0);
    BOOST_TEST(at("::") == 0);
}

BOOST_AUTO_TEST_CASE(agrees_with_a_linear_search_on_random_prefixes) {
    std::mt19937 random(7);
    for (int round = 0; round < 50; ++round) {
        std::vector<std::pair<Prefix, int>> entries;
        for (int i = 0; i < 40; ++i) {
            const auto bits = 96 + std::uniform_int_distribution<unsigned>(0, 32)(random);
            entries.emplace_back(Prefix(Address::from_v4(random() & 0x0f0f00ff), bits), i);
        }
        const PrefixMap<int> map(entries);
        for (int i = 0; i < 500; ++i) {
            const Address address = Address::from_v4(random() & 0x0f0f00ff);
            const std::pair<Prefix, int>* best = nullptr;
            for (const auto& entry : entries)
                if (entry.first.contains(address) &&
                    (best == nullptr || entry.first.bits() >= best->first.bits()))
                    best = &entry;
            const int* found = map.find(address);
            BOOST_REQUIRE((found == nullptr) == (best == nullptr));
            if (found != nullptr) BOOST_REQUIRE_EQUAL(*found, best->second);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

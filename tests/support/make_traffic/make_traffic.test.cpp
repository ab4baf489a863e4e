// SPDX-License-Identifier: Apache-2.0
// Proves that made traffic is the same for the same seed, in the order of time, of the family and the size
// that was asked for, with right lengths and checksums; and that a wrong word is refused with its reason.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <set>
#include <string>

#include "tests/support/make_traffic/scenario.hpp"

using namespace picket::traffic;

namespace {

std::vector<std::string> words() {
    std::vector<std::string> out;
    for (const Scenario& scenario : scenarios()) {
        for (const char* family : {"v4", "v6", "both"}) {
            out.push_back(std::string(scenario.name) + ":packets=2000,family=" + family);
        }
    }
    return out;
}

std::vector<Packet> packets_of(const std::string& word, uint64_t seed) {
    auto streams = make_streams(word, 1'000, seed);
    BOOST_REQUIRE_MESSAGE(streams, word);
    Merged merged(std::move(*streams));
    std::vector<Packet> out;
    Packet packet;
    while (merged.next(packet)) out.push_back(packet);
    return out;
}

std::string bytes_of(const std::vector<Packet>& packets) {
    std::string out;
    Frame frame;
    for (const Packet& packet : packets) {
        build(packet, frame);
        out += std::to_string(packet.time_ns) + ' ';
        out.append(frame.bytes.begin(), frame.bytes.begin() + static_cast<std::ptrdiff_t>(frame.size));
    }
    return out;
}

unsigned number16(const Frame& frame, size_t at) {
    return static_cast<unsigned>(frame.bytes.at(at)) << 8U | frame.bytes.at(at + 1);
}

/// The one's complement sum over a stretch; 0xffff where it holds its own right checksum.
unsigned sum(const Frame& frame, size_t from, size_t to, unsigned start) {
    unsigned total = start;
    for (size_t at = from; at < to; ++at) {
        total += at % 2 == from % 2 ? frame.bytes.at(at) * 256U : frame.bytes.at(at);
    }
    while (total > 0xffff) total = (total & 0xffffU) + (total >> 16U);
    return total;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(make_traffic)

BOOST_DATA_TEST_CASE(the_seed_alone_decides_the_bytes, words(), word) {
    const auto first = bytes_of(packets_of(word, 7));
    BOOST_TEST((first == bytes_of(packets_of(word, 7))));
    BOOST_TEST((first != bytes_of(packets_of(word, 8))));
}

BOOST_DATA_TEST_CASE(time_never_goes_back_and_families_are_as_asked, words(), word) {
    const auto packets = packets_of(word, 1);
    BOOST_TEST(packets.size() >= 2000U);
    std::set<Family> families;
    uint64_t last_ns = 1'000;
    size_t backwards = 0;
    for (const Packet& packet : packets) {
        backwards += packet.time_ns < last_ns ? 1U : 0U;
        last_ns = packet.time_ns;
        families.insert(packet.src.family);
        BOOST_REQUIRE((packet.src.family == packet.dst.family));
    }
    BOOST_TEST(backwards == 0U);
    BOOST_TEST(families.size() == (word.ends_with("both") ? 2U : 1U));
}

BOOST_DATA_TEST_CASE(lengths_and_checksums_are_right, words(), word) {
    Frame frame;
    for (const Packet& packet : packets_of(word, 3)) {
        build(packet, frame);
        const bool v4 = packet.src.family == Family::v4;
        const size_t transport = v4 ? 34 : 54;
        const size_t size = v4 ? number16(frame, 16) - 20 : number16(frame, 18);
        const size_t end = transport + size;
        BOOST_REQUIRE(end <= frame.size);
        BOOST_REQUIRE((end == frame.size || frame.size == frame_min));
        if (v4) BOOST_REQUIRE(sum(frame, 14, 34, 0) == 0xffffU);
        unsigned pseudo = 0;
        if (!v4 || packet.proto != Proto::icmp) {
            pseudo = sum(frame, v4 ? 26 : 22, transport,
                         static_cast<unsigned>(size) + frame.bytes.at(v4 ? 23 : 20));
        }
        BOOST_REQUIRE(sum(frame, transport, end, pseudo) == 0xffffU);
    }
}

BOOST_AUTO_TEST_CASE(a_size_makes_every_frame_that_size) {
    Frame frame;
    for (const Packet& packet : packets_of("mix:packets=5000,size=64", 1)) {
        build(packet, frame);
        BOOST_REQUIRE(frame.size == 64U);
    }
}

BOOST_AUTO_TEST_CASE(spoofed_sources_are_distinct_and_never_of_special_networks) {
    for (const Family family : {Family::v4, Family::v6}) {
        std::set<std::array<uint8_t, 16>> seen;
        for (uint32_t i = 0; i < 200'000; ++i) {
            const Ip ip = spoofed_source(family, i, 12345);
            BOOST_REQUIRE(seen.insert(ip.bytes).second);
            const bool special =
                ip.bytes[0] == 0 || ip.bytes[0] == 10 || ip.bytes[0] == 127 || ip.bytes[0] >= 224;
            BOOST_REQUIRE((family == Family::v6 || !special));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_port_scan_tries_each_port_once_and_a_sequential_one_in_order) {
    std::set<uint16_t> ports;
    for (const Packet& packet : packets_of("port_scan:answered=0", 1)) ports.insert(packet.dst_port);
    BOOST_TEST(ports.size() == 1000U);
    uint16_t expected = 1;
    for (const Packet& packet : packets_of("sequential_scan:answered=0", 1)) {
        BOOST_REQUIRE(packet.dst_port == expected++);
    }
}

BOOST_AUTO_TEST_CASE(a_wrong_word_is_refused_with_its_reason) {
    struct Case {
        const char* word;
        const char* reason;
    };
    const Case cases[] = {
        {"flood", "there is no scenario 'flood' (make_traffic --list shows them)"},
        {"mix:speed=3", "mix: has no key 'speed' (make_traffic --list shows them)"},
        {"mix:pps=0", "mix:pps: 1 to 100000000, is 0"},
        {"mix:pps=fast", "mix:pps: 'fast' is not a number such as 20, 50k or 10M"},
        {"mix:pps=", "mix:pps: '' is not a number such as 20, 50k or 10M"},
        {"mix:pps=99999999999999999999",
         "mix:pps: '99999999999999999999' is not a number such as 20, 50k or 10M"},
        {"mix:family=v5", "mix:family: is one of v4|v6|both, not 'v5'"},
    };
    for (const Case& c : cases) {
        const auto streams = make_streams(c.word, 0, 1);
        BOOST_REQUIRE_MESSAGE(!streams, c.word);
        BOOST_TEST(streams.error().text() == c.reason);
    }
}

BOOST_AUTO_TEST_SUITE_END()

// SPDX-License-Identifier: Apache-2.0
// The flow table folds packets by key, keeps the order of first packets, loses nothing when it is full, and
// gives the same output for the same input; on random input it agrees with a std::map.
#include "core/flow/flow_table.hpp"

#include <boost/test/unit_test.hpp>
#include <cstring>
#include <functional>
#include <map>
#include <random>
#include <tuple>

#include "core/flow/packets.test.hpp"

using namespace picket;
using namespace picket::packets;

namespace {

struct Totals {
    uint64_t packets = 0, bytes = 0;
};
Totals totals(const std::vector<picket_flow>& records) {
    Totals out;
    for (const picket_flow& record : records) {
        out.packets += record.packets;
        out.bytes += record.bytes;
    }
    return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(flow_table)

BOOST_AUTO_TEST_CASE(packets_of_one_key_become_one_record) {
    const auto one = made([](Packet& p) {
        p.bytes = 100;
        p.time_ns = 50;
    });
    const auto late = made([](Packet& p) {
        p.bytes = 60;
        p.time_ns = 90;
    });
    const auto early = made([](Packet& p) {
        p.bytes = 40;
        p.time_ns = 20;
    });
    const auto records = Tick().add({one, late, early}).flush();
    BOOST_TEST_REQUIRE(records.size() == 1U);
    BOOST_TEST(records[0].packets == 3U);
    BOOST_TEST(records[0].bytes == 200U);
    BOOST_TEST(records[0].first_ns == 20U);
    BOOST_TEST(records[0].last_ns == 90U);
    BOOST_TEST(records[0].sampling == 1U);
    BOOST_TEST(std::memcmp(records[0].src, one.src.data(), 16) == 0);
    BOOST_TEST(std::memcmp(records[0].dst, one.dst.data(), 16) == 0);
    BOOST_TEST(records[0].src_port == one.src_port);
    BOOST_TEST(records[0].dst_port == one.dst_port);
    BOOST_TEST(records[0].proto == 6);
    BOOST_TEST(records[0].interface == 0U);
}

BOOST_AUTO_TEST_CASE(each_part_of_the_key_tells_records_apart) {
    const std::vector<std::pair<const char*, Packet>> others{
        {"first byte of the source", made([](Packet& p) { p.src[0] ^= 1; })},
        {"last byte of the source", made([](Packet& p) { p.src[15] ^= 1; })},
        {"first byte of the destination", made([](Packet& p) { p.dst[0] ^= 1; })},
        {"last byte of the destination", made([](Packet& p) { p.dst[15] ^= 1; })},
        {"source port", made([](Packet& p) { p.src_port ^= 1; })},
        {"destination port", made([](Packet& p) { p.dst_port ^= 1; })},
        {"protocol", made([](Packet& p) { p.proto ^= 1; })},
        {"TCP class", made([](Packet& p) { p.tcp_class = PICKET_TCP_RST; })},
        {"fragment", made([](Packet& p) { p.flags |= PICKET_FLOW_FRAGMENT; })},
        {"ports known", made([](Packet& p) { p.flags = 0; })},
        {"interface", made([](Packet& p) { p.interface = 1; })},
    };
    for (const auto& [description, other] : others)
        BOOST_TEST(Tick().add({made(), other, made()}).flush().size() == 2U, description);
}

BOOST_AUTO_TEST_CASE(a_record_is_of_bare_acks_only_while_all_its_packets_are) {
    const auto bare = made([](Packet& p) { p.flags |= PICKET_FLOW_BARE_ACK; });
    const auto data = made();
    const auto flag = [](const std::vector<picket_flow>& records) {
        BOOST_TEST(records.size() == 1U);
        return (records.at(0).flags & PICKET_FLOW_BARE_ACK) != 0;
    };
    BOOST_TEST(flag(Tick().add({bare, bare}).flush()));
    BOOST_TEST(!flag(Tick().add({bare, data}).flush()));
    BOOST_TEST(!flag(Tick().add({data, bare}).flush()));
}

BOOST_AUTO_TEST_CASE(records_stand_in_the_order_of_their_first_packets) {
    std::vector<Packet> packets;
    for (const uint16_t port : std::initializer_list<uint16_t>{9, 2, 7, 2, 9, 1, 7})
        packets.push_back(made([&](Packet& p) { p.dst_port = port; }));
    std::vector<uint16_t> order;
    for (const picket_flow& record : Tick().add(packets).flush()) order.push_back(record.dst_port);
    BOOST_TEST(order == (std::vector<uint16_t>{9, 2, 7, 1}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(keys_that_share_a_slot_and_a_tag_stay_apart) {
    // 7 bits of tag are left at this size, so that hundreds of these pairs meet, and only the key tells.
    constexpr uint32_t keys = 60000;
    const auto set = [](void* to, uint32_t value) { std::memcpy(to, &value, 4); };
    const std::vector<std::pair<const char*, std::function<void(Packet&, uint32_t)>>> parts{
        {"source, first half", [&](Packet& p, uint32_t i) { set(p.src.data() + 2, i); }},
        {"source, second half", [&](Packet& p, uint32_t i) { set(p.src.data() + 12, i); }},
        {"destination, first half", [&](Packet& p, uint32_t i) { set(p.dst.data(), i); }},
        {"destination, second half", [&](Packet& p, uint32_t i) { set(p.dst.data() + 8, i); }},
        {"port", [&](Packet& p, uint32_t i) { p.dst_port = static_cast<uint16_t>(i); }},
        {"interface", [&](Packet& p, uint32_t i) { p.interface = i; }},
    };
    for (const auto& part : parts) {
        std::vector<Packet> packets;
        for (uint32_t i = 0; i < keys; ++i) packets.push_back(made([&](Packet& p) { part.second(p, i); }));
        BOOST_TEST(Tick({.records_max = 1 << 17}).add(packets).flush().size() == keys, part.first);
    }
}

BOOST_AUTO_TEST_CASE(a_tick_ends_with_its_flush) {
    Tick tick;
    BOOST_TEST(tick.add({made()}).flush().size() == 1U);
    BOOST_TEST(tick.flush().empty());
}

BOOST_AUTO_TEST_CASE(no_record_of_an_old_tick_comes_back_when_generations_repeat) {
    const Packet always = made();
    const Packet rarely = made([](Packet& p) { p.dst_port = 1; });
    for (unsigned between = 200; between < 300; ++between) {
        Tick tick({.records_max = 16});
        tick.add({always, rarely}).flush();
        tick.add({always, rarely})
            .flush();  // as records of known flows, without a flag that tells them from packets
        for (unsigned i = 0; i < between; ++i) tick.add({always}).flush();
        const auto records = tick.add({always, rarely}).flush();
        BOOST_TEST_REQUIRE(records.size() == 2U);
        BOOST_TEST_REQUIRE(records[1].packets == 1U);
    }
}

BOOST_AUTO_TEST_CASE(a_full_table_hands_on_early_and_loses_nothing) {
    Tick tick({.records_max = 64});
    std::mt19937_64 random(1);
    uint64_t bytes = 0;
    std::vector<Packet> packets(10000);
    for (Packet& packet : packets) {
        packet = made([&](Packet& p) { p.src_port = static_cast<uint16_t>(random() % 3000); });
        packet.bytes = static_cast<uint32_t>(random() % 1500);
        bytes += packet.bytes;
    }
    const auto records = tick.add(packets).flush();
    BOOST_TEST(totals(records).packets == packets.size());
    BOOST_TEST(totals(records).bytes == bytes);
    const FlowTableStats& stats = tick.stats();
    BOOST_TEST(stats.early_flushes == (records.size() - 1) / 64);
    BOOST_TEST(stats.early_flushes > 100U);
    BOOST_TEST(stats.records == records.size());
    BOOST_TEST(stats.packets == packets.size());
    BOOST_TEST(stats.bytes == bytes);
}

BOOST_AUTO_TEST_CASE(the_packet_that_found_the_table_full_starts_the_next_one) {
    Tick tick({.records_max = 16});
    std::vector<Packet> packets;
    for (uint16_t i = 0; i < 17; ++i) packets.push_back(made([&](Packet& p) { p.src_port = i; }));
    packets.push_back(packets.back());
    BOOST_TEST(tick.add(packets).taken().size() == 16U);
    const auto rest = tick.flush();
    BOOST_TEST_REQUIRE(rest.size() == 1U);
    BOOST_TEST(rest[0].packets == 2U);
}

BOOST_AUTO_TEST_CASE(a_table_that_is_just_full_waits_for_the_tick) {
    Tick tick({.records_max = 64});
    std::vector<Packet> packets;
    for (uint16_t i = 0; i < 128; ++i)
        packets.push_back(made([&](Packet& p) { p.src_port = static_cast<uint16_t>(i % 64); }));
    BOOST_TEST(tick.add(packets).flush().size() == 64U);
    BOOST_TEST(tick.stats().early_flushes == 0U);
}

BOOST_AUTO_TEST_CASE(agrees_with_a_map_on_random_packets) {
    using Key = std::tuple<std::array<uint8_t, 16>, std::array<uint8_t, 16>, uint16_t, uint16_t, uint8_t,
                           uint8_t, uint16_t, uint32_t>;
    std::mt19937_64 random(42);
    Tick tick({.records_max = 8192, .hash_seed = 99});
    for (unsigned round = 0; round < 20; ++round) {
        std::map<Key, Totals> model;
        std::vector<Packet> packets(1 + random() % 6000);
        for (Packet& p : packets) {
            p = random_packet(random);
            auto& entry =
                model[{p.src, p.dst, p.src_port, p.dst_port, p.proto, p.tcp_class, p.flags, p.interface}];
            ++entry.packets;
            entry.bytes += p.bytes;
        }
        const auto records = tick.add(packets).flush();
        BOOST_TEST_REQUIRE(records.size() == model.size());
        for (const picket_flow& r : records) {
            Key key{{},
                    {},
                    r.src_port,
                    r.dst_port,
                    r.proto,
                    r.tcp_class,
                    static_cast<uint16_t>(r.flags & key_flags),
                    r.interface};
            std::memcpy(std::get<0>(key).data(), r.src, 16);
            std::memcpy(std::get<1>(key).data(), r.dst, 16);
            BOOST_TEST_REQUIRE(model.contains(key));
            BOOST_TEST_REQUIRE(model[key].packets == r.packets);
            BOOST_TEST_REQUIRE(model[key].bytes == r.bytes);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_same_input_gives_the_same_bytes_whatever_the_batches_and_the_seed) {
    std::mt19937_64 random(3);
    std::vector<Packet> packets(20000);
    for (Packet& packet : packets) packet = random_packet(random);
    const auto run = [&](size_t batch, uint64_t seed) {
        Tick tick({.records_max = 4096, .hash_seed = seed});
        for (size_t at = 0; at < packets.size(); at += batch)
            tick.add(std::span(packets).subspan(at, std::min(batch, packets.size() - at)));
        return tick.flush();
    };
    const auto expected = run(256, 0);
    for (const auto& [batch, seed] : {std::pair<size_t, uint64_t>{256, 0}, {1, 0}, {4096, 0}, {77, 1}}) {
        const auto records = run(batch, seed);
        BOOST_TEST_REQUIRE(records.size() == expected.size());
        BOOST_TEST(std::memcmp(records.data(), expected.data(), records.size() * sizeof(picket_flow)) == 0);
    }
}

BOOST_AUTO_TEST_CASE(a_moved_table_keeps_its_records) {
    Tick tick;
    FlowTable first({});
    const std::vector<Packet> packets{made()};
    first.add(packets, tick);
    FlowTable second(std::move(first));
    second.flush(tick);
    BOOST_TEST(tick.taken().size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

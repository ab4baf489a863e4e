// SPDX-License-Identifier: Apache-2.0
// A flow is new once, whichever side speaks and in whatever TCP class; the other side's records are replies;
// a bare ACK to nobody is a probe; what is silent is new again; a full memory forgets floods before real
// flows.
#include "core/flow/known_flows.hpp"

#include <boost/test/unit_test.hpp>
#include <cstring>

#include "core/flow/packets.test.hpp"

using namespace picket;
using namespace picket::packets;

namespace {

bool is_new(const picket_flow& record) { return (record.flags & PICKET_FLOW_NEW) != 0; }
bool is_reply(const picket_flow& record) { return (record.flags & PICKET_FLOW_REPLY) != 0; }

/// Both families, since nothing may hold for one only.
std::vector<Packet> both_families(const Packet& v4) {
    Packet v6 = v4;
    v6.src = host6;
    v6.dst = peer6;
    return {v4, v6};
}

Packet with_class(Packet packet, uint8_t tcp_class) {
    packet.tcp_class = tcp_class;
    return packet;
}
Packet bare(Packet packet) {
    packet.tcp_class = PICKET_TCP_ESTABLISHED;
    packet.flags |= PICKET_FLOW_BARE_ACK;
    return packet;
}
Packet after(Packet packet, uint64_t seconds) {
    packet.time_ns += seconds * second;
    return packet;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(known_flows)

BOOST_AUTO_TEST_CASE(a_handshake_is_one_flow) {
    for (const Packet& packet : both_families(made())) {
        Tick tick;
        const Packet back = answer(packet);
        const auto records = tick.add({with_class(packet, PICKET_TCP_SYN),
                                       with_class(back, PICKET_TCP_SYNACK), bare(packet), back})
                                 .flush();
        BOOST_TEST_REQUIRE(records.size() == 4U);
        BOOST_TEST((is_new(records[0]) && !is_reply(records[0])));
        for (size_t i = 1; i < 4; ++i)
            BOOST_TEST((!is_new(records[i]) && is_reply(records[i])), "record " << i);
        BOOST_TEST(records[2].tcp_class == PICKET_TCP_ESTABLISHED);
        BOOST_TEST(tick.stats().flows == 1U);
    }
}

BOOST_AUTO_TEST_CASE(a_retransmitted_syn_is_neither_new_nor_a_reply) {
    Tick tick;
    const Packet syn = with_class(made(), PICKET_TCP_SYN);
    BOOST_TEST(is_new(tick.one(syn)));
    const picket_flow again = tick.one(after(syn, 1));
    BOOST_TEST((!is_new(again) && !is_reply(again)));
}

BOOST_AUTO_TEST_CASE(another_interface_is_the_same_flow) {
    Tick tick;
    tick.one(made());
    BOOST_TEST(!is_new(tick.one(made([](Packet& p) { p.interface = 1; }))));
}

BOOST_AUTO_TEST_CASE(other_ports_or_addresses_are_other_flows) {
    Tick tick;
    tick.one(made());
    BOOST_TEST(is_new(tick.one(made([](Packet& p) { p.src_port ^= 1; }))));
    BOOST_TEST(is_new(tick.one(made([](Packet& p) { p.dst_port ^= 1; }))));
    BOOST_TEST(is_new(tick.one(made([](Packet& p) { p.src[15] ^= 1; }))));
    BOOST_TEST(is_new(tick.one(made([](Packet& p) {
        p.proto = 17;
        p.tcp_class = PICKET_TCP_NONE;
    }))));
    // Ports swapped without the addresses: not the other direction.
    BOOST_TEST(is_new(tick.one(made([](Packet& p) { std::swap(p.src_port, p.dst_port); }))));
}

BOOST_AUTO_TEST_CASE(a_bare_ack_to_nothing_is_a_probe) {
    for (const Packet& packet : both_families(made())) {
        Tick tick;
        const picket_flow probe = tick.one(bare(packet));
        BOOST_TEST(probe.tcp_class == PICKET_TCP_PROBE);
        BOOST_TEST(is_new(probe));
        BOOST_TEST(Tick().one(packet).tcp_class == PICKET_TCP_ESTABLISHED, "data is not");
        Tick answered;
        answered.one(answer(packet));
        BOOST_TEST(answered.one(bare(packet)).tcp_class == PICKET_TCP_ESTABLISHED, "an answer is not");
    }
}

BOOST_AUTO_TEST_CASE(a_keep_alive_after_long_silence_is_new_but_no_probe) {
    Tick tick({.idle_seconds = 60});
    tick.add({made(), answer(made())}).flush();
    const picket_flow record = tick.one(bare(after(made(), 7200)));
    BOOST_TEST(is_new(record));
    BOOST_TEST(record.tcp_class == PICKET_TCP_ESTABLISHED);
}

BOOST_AUTO_TEST_CASE(a_silent_flow_is_new_again_after_the_idle_time) {
    Tick tick({.idle_seconds = 60});
    tick.one(made());
    BOOST_TEST(!is_new(tick.one(after(made(), 60))));
    BOOST_TEST(!is_new(tick.one(after(made(), 120))), "idle since its last packet, not its first");
    BOOST_TEST(is_new(tick.one(after(made(), 181))));
    const picket_flow back = tick.one(after(answer(made()), 300));
    BOOST_TEST((is_new(back) && !is_reply(back)), "what was before the silence is forgotten");
    BOOST_TEST(tick.stats().forgotten == 0U);
}

BOOST_AUTO_TEST_CASE(packets_out_of_order_do_not_make_a_flow_idle) {
    Tick tick({.idle_seconds = 60});
    tick.one(after(made(), 50));
    BOOST_TEST(!is_new(tick.one(made())));
    BOOST_TEST(!is_new(tick.one(after(made(), 110))), "and do not set its time back");
}

BOOST_AUTO_TEST_CASE(protocols_without_ports_are_flows_by_addresses) {
    for (const Packet& echo : both_families(made([](Packet& p) {
             p.proto = 1;
             p.tcp_class = PICKET_TCP_NONE;
             p.src_port = 0;
             p.dst_port = 8 * 256;
             p.flags = PICKET_FLOW_ICMP;
         }))) {
        Tick tick;
        BOOST_TEST(is_new(tick.one(echo)));
        Packet reply = answer(echo);
        reply.src_port = reply.dst_port = 0;  // echo reply is type 0
        const picket_flow record = tick.one(reply);
        BOOST_TEST((!is_new(record) && is_reply(record)));
        Packet esp = echo;
        esp.proto = 50;
        esp.flags = 0;
        BOOST_TEST(is_new(tick.one(esp)));
    }
}

BOOST_AUTO_TEST_CASE(what_does_not_name_its_ports_is_no_flow) {
    Tick tick;
    const Packet later = made([](Packet& p) {
        p.proto = 17;
        p.tcp_class = PICKET_TCP_NONE;
        p.src_port = p.dst_port = 0;
        p.flags = PICKET_FLOW_FRAGMENT;
    });
    BOOST_TEST(!is_new(tick.one(later)));
    BOOST_TEST(!is_reply(tick.one(answer(later))));
    BOOST_TEST(tick.stats().flows == 0U);
}

BOOST_AUTO_TEST_CASE(a_full_memory_counts_what_it_forgets) {
    Tick tick({.known_flows_max = 64});
    std::vector<Packet> flood;
    for (uint16_t i = 0; i < 1000; ++i) flood.push_back(made([&](Packet& p) { p.src_port = i; }));
    tick.add(flood).flush();
    BOOST_TEST(tick.stats().flows == 1000U);
    // All 64 places are taken but those in sets that a hash left alone; each further flow pushed one out.
    BOOST_TEST(tick.stats().forgotten >= 1000U - 64U);
    BOOST_TEST(tick.stats().forgotten < 1000U);
}

BOOST_AUTO_TEST_CASE(idle_flows_make_room_first_and_are_not_counted_as_forgotten) {
    const auto flow = [](uint16_t port, uint64_t seconds) {
        return after(made([&](Packet& p) { p.src_port = port; }), seconds);
    };
    Tick tick({.known_flows_max = 8, .idle_seconds = 60});  // one set
    for (uint16_t port = 0; port < 8; ++port) tick.one(flow(port, 0));
    for (uint16_t port = 0; port < 4; ++port) BOOST_TEST(!is_new(tick.one(flow(port, 50))));
    for (uint16_t port = 10; port < 14; ++port) tick.one(flow(port, 100));
    BOOST_TEST(tick.stats().forgotten == 0U);
    for (uint16_t port = 0; port < 4; ++port) BOOST_TEST(!is_new(tick.one(flow(port, 100))));
    tick.one(flow(14, 100));
    BOOST_TEST(tick.stats().forgotten == 1U);
    BOOST_TEST(!is_new(tick.one(flow(13, 100))));
    BOOST_TEST(is_new(tick.one(flow(10, 100))), "the longest unused one went");
}

BOOST_AUTO_TEST_CASE(a_flood_of_new_sources_does_not_push_out_settled_flows) {
    const auto flood = [](unsigned from) {
        std::vector<Packet> packets;
        for (unsigned i = from; i < from + 20000; ++i)
            packets.push_back(made([&](Packet& p) {
                std::memcpy(p.src.data() + 8, &i, 4);
                p.tcp_class = PICKET_TCP_SYN;
            }));
        return packets;
    };
    Tick tick({.records_max = 1024, .known_flows_max = 1024});
    tick.add(flood(0)).flush();  // settled flows have to win their places, not just to find them free
    std::vector<Packet> real;
    for (uint16_t i = 0; i < 100; ++i) {
        real.push_back(made([&](Packet& p) { p.src_port = i; }));
        tick.one(real.back());
        tick.one(answer(real.back()));
    }
    tick.add(flood(20000)).flush();

    unsigned forgotten = 0;
    for (const picket_flow& record : tick.add(real).flush()) forgotten += is_new(record) ? 1U : 0U;
    BOOST_TEST(forgotten <=
               5U);  // a set has four settled places; hardly any of the 128 holds five of the 100
}

BOOST_AUTO_TEST_CASE(flows_of_a_large_sample_are_told_apart) {
    Tick tick({.known_flows_max = 1 << 18});
    std::vector<Packet> packets;
    for (unsigned i = 0; i < 40000; ++i)
        packets.push_back(made([&](Packet& p) {
            p.src_port = static_cast<uint16_t>(i);
            p.src[15] = static_cast<uint8_t>(i >> 8);
        }));
    tick.add(packets).flush();
    BOOST_TEST(tick.stats().flows == packets.size());
    for (Packet& packet : packets) packet = answer(packet);
    tick.add(packets);
    unsigned replies = 0;
    for (const picket_flow& record : tick.flush()) replies += is_reply(record) ? 1U : 0U;
    BOOST_TEST(replies >= packets.size() - packets.size() / 100);
}

BOOST_AUTO_TEST_SUITE_END()

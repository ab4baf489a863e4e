// SPDX-License-Identifier: Apache-2.0
// Windows, sums and sets against a brute-force model that keeps every record, on random traffic with pauses.
#include <boost/test/unit_test.hpp>
#include <set>

#include "core/counters/counters_test_support.hpp"

using namespace picket;
using namespace picket::counters_test;

namespace {

struct Kept {
    uint64_t end_ns;  ///< of its tick
    uint32_t src;
    uint16_t port;
    uint64_t packets;
};

/// The window of `window_ns` that ends at `now`: ten whole slots and the one that is being filled; of slots
/// of one tick, the newest ten, which are whole.
bool in_window(const Kept& kept, uint64_t now, uint64_t window_ns) {
    const uint64_t slot = std::max(tick, window_ns / 10);
    return (kept.end_ns - 1) / slot + (slot == tick ? 9 : 10) >= (now - 1) / slot;
}

uint32_t longest_run(const std::set<uint16_t>& ports) {
    uint32_t longest = 0, run = 0, previous = 70000;
    for (const uint16_t port : ports) {
        run = port == previous + 1 ? run + 1 : 1;
        longest = std::max(longest, run);
        previous = port;
    }
    return longest;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(windows)

BOOST_AUTO_TEST_CASE(every_window_agrees_with_a_model_that_keeps_all_records) {
    const std::vector<uint64_t> lengths{second, 2 * second, 10 * second, 60 * second};
    std::vector<CounterDecl> declarations;
    for (const uint64_t length : lengths)
        declarations.push_back(
            counter({{Field::src}}, length,
                    {measure("packets", MeasureKind::packets), measure("bytes", MeasureKind::bytes),
                     measure("ports", MeasureKind::distinct), measure("run", MeasureKind::longest_run),
                     measure("flows", MeasureKind::flows)}));
    Bench bench(declarations);
    Random random(11);
    std::vector<Kept> kept;
    for (int step = 0; step < 3000; ++step) {
        // Mostly the next tick; sometimes a pause of up to 20 windows of the shortest kind.
        const uint64_t pause = random() % 20 == 0 ? random() % 200 : 1;
        bench.tick_to(bench.now + pause * tick);
        for (unsigned i = random() % 6; i > 0; --i) {
            const Kept one{bench.now, static_cast<uint32_t>(random() % 3),
                           static_cast<uint16_t>(random() % 40), 1 + random() % 5};
            kept.push_back(one);
            bench.add(record(v4(one.src), v4(9), one.port, one.packets));
        }
        const auto who = static_cast<uint32_t>(random() % 3);
        for (size_t w = 0; w < lengths.size(); ++w) {
            uint64_t packets = 0, flows = 0;
            std::set<uint16_t> ports;
            for (const Kept& one : kept) {
                if (one.src != who || !in_window(one, bench.now, lengths[w])) continue;
                packets += one.packets;
                ports.insert(one.port);
                ++flows;
            }
            RowRef row;
            const KeyValue key = Bench::by_src(v4(who));
            if (!bench.counters.find(bench.ids[w], {&key, 1}, row)) {
                BOOST_REQUIRE_EQUAL(packets, 0U);
                continue;
            }
            BOOST_REQUIRE_EQUAL(bench.counters.value(row, 0), static_cast<double>(packets));
            BOOST_REQUIRE_EQUAL(bench.counters.value(row, 1), static_cast<double>(packets * 60));
            BOOST_REQUIRE_EQUAL(bench.counters.value(row, 2), static_cast<double>(ports.size()));
            BOOST_REQUIRE_EQUAL(bench.counters.value(row, 3), static_cast<double>(longest_run(ports)));
            BOOST_REQUIRE_EQUAL(bench.counters.value(row, 4), static_cast<double>(flows));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_window_is_never_shorter_than_configured_and_longer_by_less_than_a_slot) {
    for (const uint64_t length : {second, 10 * second, 60 * second, 3600 * second}) {
        Bench bench({counter({{Field::src}}, length, {measure("packets", MeasureKind::packets)})});
        const uint64_t start = bench.now + 3 * tick;
        bench.tick_to(start);
        bench.add(record(v4(1), v4(2), 80));
        const std::vector<KeyValue> key{Bench::by_src(v4(1))};
        bench.tick_to(start + length - tick);
        BOOST_TEST(bench.value(key) == 1.0);
        bench.tick_to(start + length + length / 10);
        BOOST_TEST(bench.value(key) == 0.0);
    }
}

BOOST_AUTO_TEST_CASE(values_seen_long_ago_never_come_back_when_slot_numbers_come_round) {
    // One value every slot for 1000 slots, so that the row is never idle: each must leave in time.
    Bench bench({counter({{Field::src}}, 10 * second, {measure("ports", MeasureKind::distinct)})});
    const std::vector<KeyValue> key{Bench::by_src(v4(1))};
    for (uint16_t i = 0; i < 1000; ++i) {
        bench.tick_to(bench.now + second);
        bench.add(record(v4(1), v4(2), i));
        BOOST_REQUIRE_EQUAL(bench.value(key), std::min(i + 1.0, 11.0));
    }
}

BOOST_AUTO_TEST_CASE(internal_slots_of_a_fresh_row_hold_nothing_of_the_row_before_it) {
    CountersConfig config;
    config.rows_max = 64;
    Bench bench(
        {counter({{Field::src}}, 10 * second,
                 {measure("packets", MeasureKind::packets), measure("ports", MeasureKind::distinct)})},
        config);
    uint32_t replaced = 0;
    for (uint32_t i = 0; i < 5000; ++i) {
        if (i % 7 == 0) bench.tick_to(bench.now + second / 2);
        bench.add(record(v4(i), v4(2), static_cast<uint16_t>(i), 3));
        RowRef row;
        const KeyValue key = Bench::by_src(v4(i));
        if (!bench.counters.find(0, {&key, 1}, row)) continue;
        ++replaced;
        BOOST_REQUIRE_EQUAL(bench.counters.value(row, 0), 3.0);
        BOOST_REQUIRE_EQUAL(bench.counters.value(row, 1), 1.0);
    }
    BOOST_TEST(replaced > 64U);
}

BOOST_AUTO_TEST_SUITE_END()

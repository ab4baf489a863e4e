// SPDX-License-Identifier: Apache-2.0
// Tables: keys of both families, filters, sharing, the order of rows, and what a flood of sources can and
// cannot push out.
#include <boost/test/unit_test.hpp>
#include <map>

#include "core/counters/counters_test_support.hpp"

using namespace picket;
using namespace picket::counters_test;

namespace {

std::shared_ptr<const PortSet> ports(std::initializer_list<uint16_t> list, bool none_of = false) {
    auto out = std::make_shared<PortSet>();
    for (const uint16_t port : list) out->set(port);
    if (none_of) out->flip();
    return out;
}

std::vector<uint32_t> rows_over(Bench& bench, double packets) {
    std::vector<uint32_t> rows;
    const Limit limit{0, packets};
    bench.counters.over(bench.ids[0], {&limit, 1}, rows);
    return rows;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tables)

BOOST_AUTO_TEST_CASE(a_heavy_source_survives_a_flood_of_a_million_others) {
    CountersConfig config;
    config.rows_max = 4096;
    Bench bench({counter({{Field::src}}, 10 * second, {measure("packets", MeasureKind::packets)})}, config);
    Random random(3);
    for (uint32_t i = 0; i < 1'000'000; ++i) {
        if (i % 10'000 == 0) bench.tick_to(bench.now + tick);
        bench.add(record(v4(random()), v4(2), 80));
        // The heavy one is one packet in a thousand of the flood: 10 a tick.
        if (i % 1000 == 0) bench.add(record(v4(7), v4(2), 80));
    }
    const std::vector<KeyValue> key{Bench::by_src(v4(7))};
    BOOST_TEST(bench.value(key) >= 990.0);
    const TableStats stats = bench.counters.stats()[0];
    BOOST_TEST(stats.rows <= 4096U);
    BOOST_TEST(stats.evicted + stats.refused > 900'000U);
    BOOST_TEST(stats.evicted < 100'000U);  // sources of one packet push nobody out
    BOOST_TEST(stats.heaviest_evicted < 20U);
    BOOST_TEST(stats.memory_bytes < 2U << 20);
}

BOOST_AUTO_TEST_CASE(a_slow_scanner_in_a_flood_is_still_seen_with_all_its_ports) {
    CountersConfig config;
    config.rows_max = 16384;
    Bench bench(
        {counter({{Field::src}, {Field::dst}}, 10 * second, {measure("ports", MeasureKind::distinct)})},
        config);
    Random random(4);
    uint16_t port = 0;
    for (uint32_t i = 0; i < 500'000; ++i) {
        if (i % 10'000 == 0) bench.tick_to(bench.now + tick);
        bench.add(record(v4(random()), v4(2), 80));
        if (i % 2500 == 0) bench.add(record(v4(7), v4(2), ++port));
    }
    const std::vector<KeyValue> key{Bench::by_src(v4(7)), {Field::dst, v4(2), 0}};
    BOOST_TEST(bench.value(key) >= 0.95 * port);
}

BOOST_AUTO_TEST_CASE(
    under_pressure_a_new_key_gets_its_row_with_its_second_record_and_the_first_is_counted_as_refused) {
    CountersConfig config;
    config.rows_max = 8;
    Bench bench({counter({{Field::src}}, 10 * second, {measure("packets", MeasureKind::packets)})}, config);
    for (uint32_t i = 0; i < 8; ++i) bench.add(record(v4(i), v4(2), 80));
    const std::vector<KeyValue> key{Bench::by_src(v4(99))};
    bench.add(record(v4(99), v4(2), 80));
    BOOST_TEST(bench.value(key) == -1.0);
    BOOST_TEST(bench.counters.stats()[0].refused == 1U);
    bench.add(record(v4(99), v4(2), 80));
    bench.add(record(v4(99), v4(2), 80));
    BOOST_TEST(bench.value(key) == 2.0);
    BOOST_TEST(bench.counters.stats()[0].evicted == 1U);
}

BOOST_AUTO_TEST_CASE(heavy_rows_refuse_a_newcomer_and_the_loss_is_counted) {
    CountersConfig config;
    config.rows_max = 64;
    Bench bench({counter({{Field::src}}, 10 * second, {measure("packets", MeasureKind::packets)})}, config);
    for (uint32_t i = 0; i < 64 * 20; ++i) bench.add(record(v4(i), v4(2), 80, 1000));
    const uint64_t before = bench.counters.stats()[0].refused;
    for (uint32_t i = 0; i < 64; ++i) bench.add(record(v4(i + 100'000), v4(2), 80, 1));
    BOOST_TEST(bench.counters.stats()[0].refused - before == 64U);
    BOOST_TEST(rows_over(bench, 1000).size() == 64U);
}

BOOST_AUTO_TEST_CASE(rows_that_left_the_window_make_room_without_being_called_evicted) {
    CountersConfig config;
    config.rows_max = 64;
    Bench bench({counter({{Field::src}}, second, {measure("packets", MeasureKind::packets)})}, config);
    for (int round = 0; round < 50; ++round) {
        bench.tick_to(bench.now + 3 * second);
        bench.add(record(v4(static_cast<uint32_t>(round)), v4(2), 80, 5000));
    }
    for (uint32_t i = 0; i < 8; ++i) bench.add(record(v4(1000 + i), v4(2), 80));
    BOOST_TEST(bench.counters.stats()[0].refused == 0U);
    BOOST_TEST(bench.counters.stats()[0].evicted == 0U);
}

BOOST_AUTO_TEST_CASE(over_gives_touched_rows_in_order_and_each_once) {
    CountersConfig config;
    config.rows_max = 64;
    Bench bench({counter({{Field::src}}, 10 * second, {measure("packets", MeasureKind::packets)})}, config);
    for (uint32_t round = 0; round < 3; ++round)
        for (const uint32_t src : {5U, 3U, 9U}) bench.add(record(v4(src), v4(2), 80, src == 3 ? 1 : 10));
    std::vector<std::string> found;
    for (const uint32_t row : rows_over(bench, 10))
        found.push_back(bench.counters.key_part({0, row}, 0).address.text());
    BOOST_TEST((found == std::vector<std::string>{"0.0.0.5", "0.0.0.9"}));
    // A flood in one tick reuses places of rows that were touched in it: still each row once.
    for (uint32_t i = 0; i < 5000; ++i) bench.add(record(v4(1000 + i), v4(2), 80));
    auto rows = rows_over(bench, 0);
    std::ranges::sort(rows);
    BOOST_TEST((std::ranges::adjacent_find(rows) == rows.end()));
    BOOST_TEST(rows.size() == 64U);
    bench.tick_to(bench.now + tick);
    BOOST_TEST(rows_over(bench, 0).empty());
}

BOOST_AUTO_TEST_CASE(filters_let_through_exactly_what_they_say) {
    struct Case {
        const char* what;
        Filter filter;
        int passes;  // bit per record below
    };
    const Address v6 = Address::parse("2001:db8::1").value();
    FlowRecord records[6] = {record(v4(1), v4(2), 80), record(v4(1), v4(2), 443), record(v6, v6, 53),
                             record(v4(1), v4(2), 0),  record(v4(1), v4(2), 0),   record(v4(1), v4(2), 0)};
    records[1].tcp_class = PICKET_TCP_ESTABLISHED;
    records[2].proto = IPPROTO_UDP;
    records[2].tcp_class = PICKET_TCP_NONE;
    records[3].flags = PICKET_FLOW_FRAGMENT;  // a later fragment
    records[3].tcp_class = PICKET_TCP_NONE;
    records[4].proto = IPPROTO_ICMP;
    records[4].flags = PICKET_FLOW_ICMP;
    records[4].dst_port = 8 << 8;
    records[4].tcp_class = PICKET_TCP_NONE;
    records[5].proto = 47;
    records[5].flags = 0;
    records[5].tcp_class = PICKET_TCP_NONE;
    const Prefix host = Prefix::parse("0.0.0.1").value();
    const std::vector<Case> cases{
        {"all", {}, 0b111111},
        {"tcp", {.protos = {{IPPROTO_TCP}}}, 0b001011},
        {"gre", {.protos = {{47}}}, 0b100000},
        {"udp and gre", {.protos = {{IPPROTO_UDP, 47}}}, 0b100100},
        {"syn", {.tcp_classes = 1 << PICKET_TCP_SYN}, 0b000001},
        {"port 80", {.dst_port = ports({80})}, 0b000001},
        {"no port 80: unknown ports do not count", {.dst_port = ports({80}, true)}, 0b000110},
        {"fragments", {.fragment = true}, 0b001000},
        {"no fragments", {.fragment = false}, 0b110111},
        {"echo requests", {.icmp_types = {{8}}}, 0b010000},
        {"inbound", {.directions = 1}, 0b111111},
        {"outbound", {.directions = 2}, 0},
        {"remote prefix", {.remote = {{{host}, false}}}, 0b111011},
        {"not that remote", {.remote = {{{host}, true}}}, 0b000100},
        {"local prefix", {.local = {{{host}, false}}}, 0},
    };
    for (const Case& one : cases) {
        CounterDecl decl = counter({}, second, {measure("packets", MeasureKind::packets)});
        decl.filter = one.filter;
        MeasureDecl own = measure("own", MeasureKind::packets);
        own.filter = one.filter;
        CounterDecl unfiltered = counter({}, second, {measure("packets", MeasureKind::packets), own});
        for (int i = 0; i < 6; ++i) {
            Bench bench({decl, unfiltered});
            bench.add(records[i]);
            const bool passes = bench.value({}, 0, 0) == 1.0;
            BOOST_TEST(passes == ((one.passes >> i & 1) != 0), one.what << ", record " << i);
            BOOST_TEST((bench.value({}, 1, 1) == 1.0) == passes,
                       one.what << " as a measure's own, record " << i);
        }
    }
}

BOOST_AUTO_TEST_CASE(keys_by_prefix_gather_both_families) {
    KeyPart part{Field::dst, 24, 64};
    Bench bench({counter({part}, second, {measure("packets", MeasureKind::packets)})});
    const auto at = [](const char* text) { return Address::parse(text).value(); };
    for (const char* dst :
         {"203.0.113.1", "203.0.113.200", "2001:db8:0:1::5", "2001:db8:0:1:ffff::", "203.0.114.1"})
        bench.add(record(v4(1), at(dst), 80));
    BOOST_TEST(bench.value({{Field::dst, at("203.0.113.77"), 0}}) == 2.0);
    BOOST_TEST(bench.value({{Field::dst, at("2001:db8:0:1::"), 0}}) == 2.0);
    std::vector<std::string> keys;
    for (const uint32_t row : rows_over(bench, 2))
        keys.push_back(key_text(bench.counters.key_part({0, row}, 0), part));
    BOOST_TEST((keys == std::vector<std::string>{"203.0.113.0/24", "2001:db8:0:1::/64"}));
}

BOOST_AUTO_TEST_CASE(local_and_remote_follow_the_direction_and_transit_has_none) {
    Bench bench({counter({{Field::local}}, second, {measure("packets", MeasureKind::packets)})});
    bench.add(record(v4(1), v4(2), 80), Direction::inbound);
    bench.add(record(v4(2), v4(1), 80), Direction::outbound);
    bench.add(record(v4(2), v4(1), 80), Direction::transit);
    BOOST_TEST(bench.value({{Field::local, v4(2), 0}}) == 2.0);
    BOOST_TEST(bench.counters.stats()[0].rows == 1U);
}

BOOST_AUTO_TEST_CASE(counters_with_one_key_share_a_table_and_keep_apart) {
    auto a = counter({{Field::src}}, second, {measure("packets", MeasureKind::packets)});
    auto b = counter({{Field::src}}, 60 * second, {measure("ports", MeasureKind::distinct)});
    b.filter.dst_port = ports({22});
    Bench bench({a, b});
    BOOST_TEST(bench.counters.stats().size() == 1U);
    bench.add(record(v4(1), v4(2), 80));
    BOOST_TEST(bench.value({Bench::by_src(v4(1))}, 0, 1) == -1.0);
    bench.add(record(v4(1), v4(2), 22));
    BOOST_TEST(bench.value({Bench::by_src(v4(1))}, 0, 0) == 2.0);
    BOOST_TEST(bench.value({Bench::by_src(v4(1))}, 0, 1) == 1.0);
}

BOOST_AUTO_TEST_CASE(wrong_declarations_are_refused_and_change_nothing) {
    Counters counters({});
    const auto refused = [&](const CounterDecl& decl, const char* text) {
        auto done = counters.configure({decl});
        BOOST_REQUIRE(!done.has_value());
        BOOST_TEST(done.error().text().find(text) != std::string::npos, done.error().text());
    };
    refused(counter({}, second / 2, {measure("p", MeasureKind::packets)}), "window: 1s…1d");
    refused(counter({}, second, {}), "has no measure");
    refused(counter({}, second, {measure("r", MeasureKind::longest_run, Field::src)}), "longest_run takes");
    auto base = measure("z", MeasureKind::baseline);
    base.of = "nothing";
    refused(counter({}, second, {base}), "no measure beside it");
    BOOST_TEST(counters.stats().empty());
}

BOOST_AUTO_TEST_CASE(a_change_of_plan_leaves_every_number_of_what_is_declared_as_before) {
    const auto every_measure = [](uint64_t window_ns, const char* name) {
        MeasureDecl z = measure("z", MeasureKind::baseline);
        z.of = "packets";
        CounterDecl out =
            counter({{Field::src}}, window_ns,
                    {measure("packets", MeasureKind::packets), measure("ports", MeasureKind::distinct),
                     measure("run", MeasureKind::longest_run), measure("bits", MeasureKind::entropy),
                     measure("fresh", MeasureKind::fresh, Field::dst), z});
        out.name = name;
        out.history = 3;
        return out;
    };
    const CounterDecl kept = every_measure(3 * second, "kept");
    const CounterDecl gone = every_measure(7 * second, "gone");
    const CounterDecl other = every_measure(30 * second, "other");
    const std::vector<std::vector<CounterDecl>> plans{
        {gone, kept}, {kept}, {other, kept}, {kept, other}, {kept, gone, other}, {kept, gone, other}};
    CountersConfig config;
    config.set_memory_bytes = 1ull << 30;  // all counters of a table share it: here there is enough for all
    Bench bench({gone, kept}, config);
    Bench model({kept}, config);
    Random random(7);
    size_t at = 1, plan = 0;
    for (int step = 1; step <= 600; ++step) {
        for (uint32_t i = random() % 40; i > 0; --i) {
            const auto made = record(v4(random() % 30), v4(random() % 50),
                                     static_cast<uint16_t>(random() % 200), 1 + random() % 9);
            bench.add(made);
            model.add(made);
        }
        for (uint32_t host = 0; host < 30; ++host) {
            const std::vector<KeyValue> key{{Field::src, v4(host), 0}};
            for (uint32_t m = 0; m < kept.measures.size(); ++m)
                BOOST_TEST(bench.value(key, m, at) == model.value(key, m, 0),
                           "step " << step << " host " << host << " measure " << m);
        }
        bench.tick_to(bench.now + tick * (1 + random() % 3));
        model.tick_to(bench.now);
        if (random() % 20 != 0) continue;
        plan = random() % plans.size();
        bench.ids = bench.counters.configure(plans[plan]).value();
        bench.counters.begin_tick(bench.now);
        at = static_cast<size_t>(std::ranges::find(plans[plan], kept) - plans[plan].begin());
    }
}

BOOST_AUTO_TEST_CASE(a_scan_in_steps_shows_each_row_with_traffic_in_its_window_once) {
    Bench bench({counter({{Field::src}}, 10 * second, {measure("packets", MeasureKind::packets)})});
    for (uint32_t i = 1; i <= 500; ++i) bench.add(record(v4(i), v4(2), 80, i));
    bench.tick_to(bench.now + 8 * second);
    for (uint32_t i = 501; i <= 700; ++i) bench.add(record(v4(i), v4(2), 80, i));
    const auto shown = [&](uint32_t step) {
        std::map<std::string, double> out;
        uint32_t next = 0, steps = 0;
        do {
            next = bench.counters.scan(bench.ids[0], next, step, [&](RowRef row) {
                const std::string name = bench.counters.key_part(row, 0).address.text();
                BOOST_TEST(out.emplace(name, bench.counters.value(row, 0)).second);
            });
            ++steps;
        } while (next != 0);
        BOOST_TEST(steps == (16384 + step - 1) / step);
        return out;
    };
    const auto all = shown(1000);
    BOOST_TEST(all.size() == 700U);
    BOOST_TEST(all.at(v4(321).text()) == 321.0);
    // Where the first 500 have left their window, they are no longer shown.
    bench.tick_to(bench.now + 6 * second);
    BOOST_TEST(shown(16384).size() == 200U);
}

BOOST_AUTO_TEST_SUITE_END()

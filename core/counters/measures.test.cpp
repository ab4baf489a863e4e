// SPDX-License-Identifier: Apache-2.0
// Each measure against its formula: distinct within its bounds, entropy, new, baseline, history, sampling.
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "core/counters/baseline.hpp"
#include "core/counters/counters_test_support.hpp"

using namespace picket;
using namespace picket::counters_test;

namespace {

const std::vector<KeyValue> global;

Bench global_bench(std::vector<MeasureDecl> measures, uint64_t window_ns = 10 * second,
                   uint32_t history = 0) {
    CounterDecl decl = counter({}, window_ns, std::move(measures));
    decl.history = history;
    return Bench({decl});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(measures)

BOOST_AUTO_TEST_CASE(distinct_is_exact_to_its_bound_and_within_3_percent_at_a_million) {
    for (const uint64_t seed : {1ULL, 2ULL}) {
        CountersConfig config;
        config.hash_seed = seed;
        Bench bench({counter({}, 10 * second, {measure("sources", MeasureKind::distinct, Field::src)})},
                    config);
        uint32_t added = 0;
        for (const uint32_t n : {1U, 2U, 3U, 1000U, 24000U, 100'000U, 1'000'000U}) {
            for (; added < n; ++added) bench.add(record(v4(added * 2654435761U), v4(2), 80));
            const double found = bench.value(global);
            if (n <= 24000) {
                BOOST_TEST(found == n);
            } else {
                BOOST_TEST(std::abs(found - n) / n < 0.03,
                           "n " << n << " seed " << seed << " found " << found);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(distinct_is_exact_again_after_a_flood_has_left_the_window) {
    auto bench = global_bench({measure("sources", MeasureKind::distinct, Field::src)});
    for (uint32_t i = 0; i < 300'000; ++i) bench.add(record(v4(i), v4(2), 80));
    for (int slot = 0; slot < 200; ++slot) {
        bench.tick_to(bench.now + second);
        for (uint32_t i = 0; i < 50; ++i) bench.add(record(v4(i + 1'000'000), v4(2), 80));
    }
    BOOST_TEST(bench.value(global) == 50.0);
}

BOOST_AUTO_TEST_CASE(distinct_with_no_memory_left_samples_and_stays_near) {
    CountersConfig config;
    config.set_memory_bytes = 64 << 10;
    Bench bench(
        {counter({{Field::dst}}, 10 * second, {measure("sources", MeasureKind::distinct, Field::src)})},
        config);
    for (uint32_t i = 0; i < 20'000; ++i) bench.add(record(v4(i * 7919), v4(2), 80));
    const std::vector<KeyValue> key{{Field::dst, v4(2), 0}};
    BOOST_TEST(std::abs(bench.value(key) - 20'000) / 20'000 < 0.15);
    BOOST_TEST(bench.counters.stats()[0].memory_bytes < 2U << 20);
}

BOOST_AUTO_TEST_CASE(all_65536_ports_are_counted_exactly_with_their_run) {
    auto bench =
        global_bench({measure("ports", MeasureKind::distinct), measure("run", MeasureKind::longest_run)});
    for (uint32_t port = 0; port < 65536; ++port)
        if (port != 30000) bench.add(record(v4(1), v4(2), static_cast<uint16_t>(port)));
    BOOST_TEST(bench.value(global, 0) == 65535.0);
    BOOST_TEST(bench.value(global, 1) == 35535.0);
}

BOOST_AUTO_TEST_CASE(entropy_agrees_with_shannons_formula_while_windows_slide) {
    auto bench = global_bench({measure("h", MeasureKind::entropy)});
    Random random(5);
    std::vector<std::pair<uint64_t, uint16_t>> kept;
    for (int step = 0; step < 400; ++step) {
        bench.tick_to(bench.now + (1 + random() % 9) * tick);
        for (unsigned i = 0; i < 20; ++i) {
            const auto port = static_cast<uint16_t>(random() % (1 + random() % 200));
            const uint64_t packets = 1 + random() % 4;
            bench.add(record(v4(1), v4(2), port, packets));
            for (uint64_t p = 0; p < packets; ++p) kept.emplace_back(bench.now, port);
        }
        std::map<uint16_t, double> counts;
        double n = 0, h = 0;
        for (const auto& [end_ns, port] : kept) {
            if ((end_ns - 1) / second + 10 < (bench.now - 1) / second) continue;
            ++counts[port];
            ++n;
        }
        for (const auto& [port, count] : counts) h -= count / n * std::log2(count / n);
        BOOST_REQUIRE_SMALL(bench.value(global) - h, 1e-9);
    }
}

BOOST_AUTO_TEST_CASE(entropy_forgets_in_windows_of_a_second_too) {
    // Slots of one tick have numbers beyond 32 bits.
    auto bench = global_bench({measure("h", MeasureKind::entropy)}, second);
    for (int step = 0; step < 50; ++step) {
        bench.tick_to(bench.now + tick);
        for (uint16_t port = 80; port < 84; ++port) bench.add(record(v4(1), v4(2), port, 100));
        BOOST_REQUIRE_SMALL(bench.value(global) - 2, 1e-9);
    }
}

BOOST_AUTO_TEST_CASE(entropy_of_more_values_than_its_bound_stays_high) {
    auto bounded = measure("h", MeasureKind::entropy);
    bounded.values_max = 1024;
    auto bench = global_bench({bounded});
    for (uint32_t port = 0; port < 32768; ++port)
        bench.add(record(v4(1), v4(2), static_cast<uint16_t>(port)));
    BOOST_TEST(bench.value(global) > 9.5);
    BOOST_TEST(bench.value(global) <= 10.0);
}

BOOST_AUTO_TEST_CASE(new_counts_each_value_once_within_its_memory) {
    auto fresh = measure("new", MeasureKind::fresh, Field::src);
    fresh.memory_ns = 100 * second;
    auto bench = global_bench({fresh}, second);
    for (uint32_t i = 0; i < 1000; ++i) bench.add(record(v4(i), v4(2), 80));
    BOOST_TEST(bench.value(global) >= 997.0);
    bench.tick_to(bench.now + 2 * second);
    for (uint32_t i = 0; i < 1000; ++i) bench.add(record(v4(i), v4(2), 80));
    BOOST_TEST(bench.value(global) == 0.0);
    bench.tick_to(bench.now + 1000 * second);
    for (uint32_t i = 0; i < 1000; ++i) bench.add(record(v4(i), v4(2), 80));
    BOOST_TEST(bench.value(global) >= 997.0);
}

BOOST_AUTO_TEST_CASE(baseline_agrees_with_its_formula_and_closed_form_of_idle_windows) {
    Baseline stepwise{}, closed{};
    for (const double x : {100.0, 120.0, 90.0}) {
        stepwise.learn(x, 0.1);
        closed.learn(x, 0.1);
    }
    for (int i = 0; i < 57; ++i) stepwise.learn(0, 0.1);
    closed.learn_zeros(57, 0.1);
    BOOST_TEST(stepwise.mean == closed.mean, boost::test_tools::tolerance(1e-9));
    BOOST_TEST(stepwise.variance == closed.variance, boost::test_tools::tolerance(1e-9));
    BOOST_TEST(stepwise.samples == closed.samples);
}

BOOST_AUTO_TEST_CASE(z_is_measured_against_the_windows_before_and_after_the_warm_up_only) {
    auto base = measure("z", MeasureKind::baseline);
    base.of = "packets";
    base.alpha = 0.2;
    base.warmup = 5;
    auto bench = global_bench({measure("packets", MeasureKind::packets), base}, second);
    Baseline expected{};
    for (int i = 0; i < 20; ++i) {
        bench.tick_to(bench.now + second);
        const auto packets = static_cast<uint64_t>(100 + i % 3 * 10);
        bench.add(record(v4(1), v4(2), 80, packets));
        const double z = bench.value(global, 1);
        BOOST_TEST(z == (i < 5 ? 0.0 : expected.z(static_cast<double>(packets), 5)),
                   boost::test_tools::tolerance(1e-9));
        expected.learn(static_cast<double>(packets), 0.2);
    }
    bench.tick_to(bench.now + second);
    bench.add(record(v4(1), v4(2), 80, 10'000));
    BOOST_TEST(bench.value(global, 1) > 6.0);
}

BOOST_AUTO_TEST_CASE(a_frozen_baseline_does_not_learn_an_attack) {
    auto base = measure("z", MeasureKind::baseline);
    base.of = "packets";
    base.warmup = 3;
    auto bench = global_bench({measure("packets", MeasureKind::packets), base}, second);
    for (int i = 0; i < 10; ++i) {
        bench.tick_to(bench.now + second);
        bench.add(record(v4(1), v4(2), 80, static_cast<uint64_t>(100 + i % 2)));
    }
    double z = 0;
    for (int i = 0; i < 30; ++i) {
        bench.tick_to(bench.now + second);
        bench.add(record(v4(1), v4(2), 80, 5000));
        RowRef row;
        BOOST_REQUIRE(bench.counters.find(0, global, row));
        bench.counters.freeze_baselines(row, bench.now + 10 * second);
        z = bench.value(global, 1);
    }
    BOOST_TEST(z == 1000.0);
}

BOOST_AUTO_TEST_CASE(history_gives_the_windows_before_and_zero_for_idle_ones) {
    auto bench = global_bench({measure("packets", MeasureKind::packets)}, second, 5);
    const auto past = [&](uint32_t back) {
        RowRef row;
        BOOST_REQUIRE(bench.counters.find(0, global, row));
        return bench.counters.past(row, 0, back);
    };
    for (uint64_t packets : {10u, 20u, 30u}) {
        bench.tick_to(bench.now + second);
        bench.add(record(v4(1), v4(2), 80, packets));
    }
    BOOST_TEST(past(1) == 20.0);
    BOOST_TEST(past(2) == 10.0);
    BOOST_TEST(past(3) == 0.0);
    bench.tick_to(bench.now + 3 * second);
    bench.add(record(v4(1), v4(2), 80, 40));
    BOOST_TEST(past(1) == 0.0);
    BOOST_TEST(past(3) == 30.0);
}

BOOST_AUTO_TEST_CASE(sampled_counts_are_scaled_and_compared_on_their_lower_bound) {
    Bench bench({counter({{Field::src}}, second, {measure("packets", MeasureKind::packets)})});
    FlowRecord sampled = record(v4(1), v4(2), 80, 100);
    sampled.sampling = 1000;
    bench.add(sampled);
    const std::vector<KeyValue> key{Bench::by_src(v4(1))};
    BOOST_TEST(bench.value(key) == 100'000.0);
    RowRef row;
    BOOST_REQUIRE(bench.counters.find(0, key, row));
    BOOST_TEST(bench.counters.samples(row) == 100U);
    BOOST_TEST(bench.counters.error(row) == 0.196, boost::test_tools::tolerance(1e-9));
    std::vector<uint32_t> rows;
    const Limit below{0, 80'000}, above{0, 81'000};
    bench.counters.over(0, {&below, 1}, rows);
    BOOST_TEST(rows.size() == 1U);
    bench.counters.over(0, {&above, 1}, rows);
    BOOST_TEST(rows.empty());
}

BOOST_AUTO_TEST_SUITE_END()

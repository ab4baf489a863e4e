// SPDX-License-Identifier: Apache-2.0
// What a detector costs: rows over a limit, each with two fields read in Lua. The bar is 100,000 rows in 50
// ms.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "core/policy/policy_host.hpp"

namespace picket {
namespace {

constexpr const char* policy_text = R"lua(
return detector {
  name = "rows", summary = "reads two fields of each row",
  counters = function()
    return { a = counter { by = "src", window = "1s", rows_max = 262144, measure = { packets = packets(), bytes = bytes() } } }
  end,
  detect = function(p, c)
    local packets, bytes = 0, 0
    for row in c.a:over { packets = 1 } do
      packets = packets + row.packets
      bytes = bytes + row.bytes
    end
    if packets == 0 then finding { type = "none", subject = "none", reason = "no rows" } end
  end,
}
)lua";

void evaluate_rows(benchmark::State& state) {
    const auto folder = std::filesystem::temp_directory_path() / "picket-bench-policy" / "detectors";
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "rows.lua") << policy_text;
    PolicyBudget budget;
    budget.call_ns = 10'000'000'000;
    PolicyHost host(budget);
    if (!host.load(folder.parent_path(), {}).empty()) std::abort();
    Counters counters{CountersConfig{}};
    host.bind(counters, counters.configure(host.declarations()).value());

    const auto rows = static_cast<uint32_t>(state.range(0));
    std::vector<FlowRecord> records(rows);
    for (uint32_t i = 0; i < rows; ++i) {
        FlowRecord& record = records[i];
        const auto src = Address::from_v4(0x0a000000 + i).bytes();
        std::copy(src.begin(), src.end(), record.src);
        record.proto = 17;
        record.sampling = 1;
        record.packets = 3;
        record.bytes = 300;
    }
    std::vector<ClassifiedRecord> classified;
    classified.reserve(rows);
    for (const FlowRecord& record : records) classified.push_back({&record, Direction::outbound});
    std::vector<Finding> findings;
    uint64_t end_ns = 1'000'000'000'000;
    for (auto _ : state) {
        state.PauseTiming();
        end_ns += 100'000'000;
        counters.begin_tick(end_ns);
        counters.add(classified);
        state.ResumeTiming();
        host.run(end_ns, findings);
    }
    state.counters["findings"] = static_cast<double>(findings.size());
    state.counters["memory_MiB"] = static_cast<double>(host.status().at(0).memory_bytes) / (1 << 20);
    state.SetItemsProcessed(state.iterations() * rows);
    std::filesystem::remove_all(folder.parent_path());
}

}  // namespace
}  // namespace picket

BENCHMARK(picket::evaluate_rows)->Arg(1000)->Arg(100'000)->Unit(benchmark::kMillisecond);
BENCHMARK_MAIN();

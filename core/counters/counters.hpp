// SPDX-License-Identifier: Apache-2.0
// The counter engine: takes flow records, keeps windowed rows, answers which rows are over a limit. It knows
// nothing of Lua or of sources. All calls on the engine thread; see README.md for the invariants.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/counters/declaration.hpp"
#include "core/model/flow_record.hpp"
#include "core/model/result.hpp"

namespace picket {

/// A record with what the engine found out about it.
struct ClassifiedRecord {
    const FlowRecord* record = nullptr;
    Direction direction = Direction::transit;
};

/// A counter of the running plan. Stays valid until the next configure().
using CounterId = uint32_t;
/// A row of a counter; valid during the tick in which it was obtained.
struct RowRef {
    CounterId counter = 0;
    uint32_t row = 0;
};

/// "measure >= limit" on one measure of a counter.
struct Limit {
    uint32_t measure = 0;  ///< index into CounterDecl::measures
    double at_least = 0;
};

/// A key's part of a row, for showing.
struct KeyValue {
    Field field = Field::src;
    Address address;      ///< for addresses
    uint64_t number = 0;  ///< for all others
};

struct TableStats {
    std::string key;  ///< "src,dst inbound"
    uint32_t rows = 0, rows_max = 0;
    uint64_t evicted = 0;  ///< rows that made room for others while their window was still open
    uint64_t refused = 0;  ///< packets not counted because all rows in reach were heavier
    uint64_t heaviest_evicted =
        0;  ///< error bound: no row missing from the table has more packets in its window
    uint64_t memory_bytes = 0;
    uint64_t sampled_sets = 0;  ///< distinct sets that are estimates by now
};

struct CountersConfig {
    uint64_t tick_ns = 100'000'000;
    uint32_t rows_max = 16384;                ///< default per table, rounded up to a power of two
    uint64_t set_memory_bytes = 16ull << 20;  ///< per table, for distinct values
    uint64_t hash_seed = 0;                   ///< random when live, fixed in replay and tests
};

class Counters {
  public:
    explicit Counters(const CountersConfig& config);
    ~Counters();
    Counters(Counters&&) noexcept;
    Counters& operator=(Counters&&) noexcept;

    /// Compiles a plan. Returns the ids in the order of `declarations`. Counters that are declared as before
    /// keep their rows. On an error nothing changes.
    Result<std::vector<CounterId>> configure(std::vector<CounterDecl> declarations);

    /// Begins the tick (end_ns - tick_ns, end_ns]; end_ns never goes back and is a multiple of tick_ns.
    void begin_tick(uint64_t end_ns);
    /// Counts records that belong to the current tick.
    void add(std::span<const ClassifiedRecord> records);

    /// Did the counter get a record in this tick?
    [[nodiscard]] bool touched(CounterId counter) const;
    /// Rows touched in this tick that reach all limits, in the order in which they were first touched.
    /// Sampled estimates are compared by their lower 95 % confidence bound.
    void over(CounterId counter, std::span<const Limit> limits, std::vector<uint32_t>& rows_out);
    /// The n touched rows with the highest values, highest first.
    void top(CounterId counter, uint32_t measure, size_t n, std::vector<uint32_t>& rows_out);
    /// The row with this key; key parts in the order of CounterDecl::by.
    [[nodiscard]] bool find(CounterId counter, std::span<const KeyValue> key, RowRef& out) const;

    /// Looks at the next `count` places of the counter's table, from place `first` on, and shows the rows
    /// that have traffic in their window. Returns the place to go on from; 0: that was the last. For people
    /// who look, in steps that fit beside a tick: what is over a limit is found by over().
    uint32_t scan(CounterId counter, uint32_t first, uint32_t count, const std::function<void(RowRef)>& see);

    [[nodiscard]] const CounterDecl& declaration(CounterId counter) const;
    /// The table that the counter stands in, as TableStats::key names it.
    [[nodiscard]] std::string table_of(CounterId counter) const;
    /// Value of a measure over the window that ends with this tick.
    [[nodiscard]] double value(RowRef row, uint32_t measure);
    /// Value of a measure `windows_back` completed windows ago (1 = the last completed one); needs history.
    [[nodiscard]] double past(RowRef row, uint32_t measure, uint32_t windows_back);
    [[nodiscard]] KeyValue key_part(RowRef row, uint32_t part) const;
    /// Packets really seen (unscaled) behind the row's estimates, and their relative 95 % error (0
    /// unsampled).
    [[nodiscard]] uint64_t samples(RowRef row) const;
    [[nodiscard]] double error(RowRef row) const;
    /// While frozen, baselines of the row do not learn (an incident is open); lasts until the given time.
    void freeze_baselines(RowRef row, uint64_t until_ns);

    [[nodiscard]] std::vector<TableStats> stats() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// The key of a row as text: "10.0.0.5" or "10.0.0.5 > 203.0.113.9".
std::string key_text(const KeyValue& value, const KeyPart& part);

}  // namespace picket

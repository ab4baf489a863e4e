// SPDX-License-Identifier: Apache-2.0
// The counter engine: configuration, and the answers about rows. Counting itself is in batch.cpp. Engine
// thread.
#include "core/counters/counters.hpp"

#include <algorithm>
#include <memory>
#include <optional>

#include "core/counters/adopt.hpp"
#include "core/counters/batch.hpp"
#include "core/counters/table.hpp"

namespace picket {

struct Counters::Impl {
    explicit Impl(const CountersConfig& in)
        : config(in) {}

    CountersConfig config;
    Plan plan;
    std::vector<std::unique_ptr<Table>> tables;
    std::optional<Batch> batch;
    // Kept to keep their memory.
    std::vector<Table::Touched> candidates;
    std::vector<std::pair<uint32_t, uint32_t>> found;  ///< order and row

    Table& table_of(CounterId id) { return *tables[plan.where[id].first]; }
    [[nodiscard]] const Table& table_of(CounterId id) const { return *tables[plan.where[id].first]; }
    [[nodiscard]] uint32_t cell_of(CounterId id) const { return plan.where[id].second; }
    CellRef cell(RowRef ref) { return table_of(ref.counter).cell(ref.row, cell_of(ref.counter)); }
    double value(CounterId id, uint32_t row, uint32_t measure) {
        const CellRef ref = table_of(id).cell(row, cell_of(id));
        return ref.value(table_of(id).plan().cells[cell_of(id)].measures[measure]);
    }
    bool reaches(CounterId id, uint32_t row, std::span<const Limit> limits);
};

bool Counters::Impl::reaches(CounterId id, uint32_t row, std::span<const Limit> limits) {
    const Table& table = table_of(id);
    const CellPlan& plan_of_cell = table.plan().cells[cell_of(id)];
    const CellRef ref = table_of(id).cell(row, cell_of(id));
    const double certain = 1 - ref.error();
    return std::ranges::all_of(limits, [&](const Limit& limit) {
        const MeasurePlan& measure = plan_of_cell.measures[limit.measure];
        const bool is_scaled = measure.kind == MeasureKind::packets || measure.kind == MeasureKind::bytes ||
                               measure.kind == MeasureKind::flows;
        return ref.value(measure) * (is_scaled ? certain : 1.0) >= limit.at_least;
    });
}

Counters::Counters(const CountersConfig& config)
    : impl_(std::make_unique<Impl>(config)) {}
Counters::~Counters() = default;
Counters::Counters(Counters&&) noexcept = default;
Counters& Counters::operator=(Counters&&) noexcept = default;

Result<std::vector<CounterId>> Counters::configure(std::vector<CounterDecl> declarations) {
    auto plan = compile_plan(std::move(declarations), impl_->config);
    if (!plan) return tl::unexpected<Error>(plan.error());
    impl_->tables = carry_over(impl_->plan, std::move(impl_->tables), *plan, impl_->config);
    impl_->plan = std::move(*plan);
    impl_->batch.emplace(impl_->plan, impl_->tables);
    std::vector<CounterId> ids(impl_->plan.declarations.size());
    for (uint32_t i = 0; i < ids.size(); ++i) ids[i] = i;
    return ids;
}

void Counters::begin_tick(uint64_t end_ns) {
    for (auto& table : impl_->tables) table->begin_tick(end_ns);
    if (impl_->batch) impl_->batch->begin_tick();
}

void Counters::add(std::span<const ClassifiedRecord> records) {
    for (size_t at = 0; at < records.size(); at += Batch::records_max)
        impl_->batch->count(records.subspan(at, std::min(Batch::records_max, records.size() - at)));
}

bool Counters::touched(CounterId counter) const {
    return impl_->table_of(counter).is_any_touched(impl_->cell_of(counter));
}

void Counters::over(CounterId counter, std::span<const Limit> limits, std::vector<uint32_t>& rows_out) {
    rows_out.clear();
    const Table& table = impl_->table_of(counter);
    const uint32_t cell = impl_->cell_of(counter);
    table.may_reach(cell, limits, impl_->candidates);
    auto& found = impl_->found;
    found.clear();
    for (const auto& [row, order] : impl_->candidates)
        if (impl_->reaches(counter, row, limits)) found.emplace_back(order, row);
    std::ranges::sort(found);
    for (const auto& [order, row] : found) rows_out.push_back(row);
}

void Counters::top(CounterId counter, uint32_t measure, size_t n, std::vector<uint32_t>& rows_out) {
    over(counter, {}, rows_out);
    std::vector<std::pair<double, uint32_t>>
        ranked;  // value, place in rows_out: ties keep the order of touch
    ranked.reserve(rows_out.size());
    for (uint32_t i = 0; i < rows_out.size(); ++i)
        ranked.emplace_back(-impl_->value(counter, rows_out[i], measure), i);
    const auto end = ranked.begin() + static_cast<ptrdiff_t>(std::min(n, ranked.size()));
    std::partial_sort(ranked.begin(), end, ranked.end());
    std::vector<uint32_t> best;
    for (auto at = ranked.begin(); at != end; ++at) best.push_back(rows_out[at->second]);
    rows_out = std::move(best);
}

bool Counters::find(CounterId counter, std::span<const KeyValue> key, RowRef& out) const {
    Table& table = impl_->table_of(counter);
    Key words{};
    if (!table.keys().make(key, words)) return false;
    const uint32_t row = table.find(words, table.hash(words));
    if (row == Table::none || !table.is_live(row, impl_->cell_of(counter))) return false;
    table.advance(row, impl_->cell_of(counter));
    out = {counter, row};
    return true;
}

uint32_t Counters::scan(CounterId counter, uint32_t first, uint32_t count,
                        const std::function<void(RowRef)>& see) {
    Table& table = impl_->table_of(counter);
    const uint32_t cell = impl_->cell_of(counter);
    const uint32_t end = first + std::min(count, table.plan().rows_max - first);
    for (uint32_t row = first; row < end; ++row) {
        if (!table.is_used(row) || !table.is_live(row, cell)) continue;
        table.advance(row, cell);
        if (table.cell(row, cell).has_traffic()) see({counter, row});
    }
    return end < table.plan().rows_max ? end : 0;
}

std::string Counters::table_of(CounterId counter) const { return impl_->table_of(counter).stats().key; }

const CounterDecl& Counters::declaration(CounterId counter) const {
    return impl_->plan.declarations[counter];
}
double Counters::value(RowRef row, uint32_t measure) { return impl_->value(row.counter, row.row, measure); }
double Counters::past(RowRef row, uint32_t measure, uint32_t windows_back) {
    return impl_->cell(row).past(measure, windows_back);
}
KeyValue Counters::key_part(RowRef row, uint32_t part) const {
    return impl_->table_of(row.counter).key_part(row.row, part);
}
uint64_t Counters::samples(RowRef row) const { return impl_->cell(row).samples(); }
double Counters::error(RowRef row) const { return impl_->cell(row).error(); }
void Counters::freeze_baselines(RowRef row, uint64_t until_ns) { impl_->cell(row).freeze(until_ns); }

std::vector<TableStats> Counters::stats() const {
    std::vector<TableStats> out;
    for (const auto& table : impl_->tables) out.push_back(table->stats());
    return out;
}

std::string key_text(const KeyValue& value, const KeyPart& part) {
    if (!info_of(value.field).is_address) return std::to_string(value.number);
    const bool v4 = value.address.is_v4();
    if (v4 ? part.v4_bits == 32 : part.v6_bits == 128) return value.address.text();
    return Prefix(value.address, v4 ? 96U + part.v4_bits : part.v6_bits).text();
}

}  // namespace picket

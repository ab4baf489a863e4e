// SPDX-License-Identifier: Apache-2.0
// The counter engine. Records come in chunks and pass three loops: which tables want them (and where the row
// would be), fetching the rows, counting; so that the memory of one record is on its way while others are
// worked on. Engine thread.
#include "core/counters/counters.hpp"

#include <algorithm>
#include <bit>
#include <memory>

#include "core/counters/table.hpp"

namespace picket {

struct Counters::Impl {
    explicit Impl(const CountersConfig& in)
        : config(in) {}

    static constexpr size_t chunk_records = 64;

    /// One record that one table wants.
    struct Op {
        uint32_t record = 0;
        uint32_t cells = 0;  ///< bit per CellUse that counts it
        const ClassPlan::TableUse* use = nullptr;
        uint64_t hash = 0;
        uint32_t guess = 0;
        Table::Key key;
    };

    CountersConfig config;
    Plan plan;
    std::vector<std::unique_ptr<Table>> tables;
    std::vector<Op> ops;
    std::array<FilterBits, chunk_records> passed;

    void collect(std::span<const ClassifiedRecord> chunk);
    void count(std::span<const ClassifiedRecord> chunk);
    static uint32_t wanted(const ClassPlan::TableUse& use, const FilterBits& bits);

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

/// Bit per CellUse that counts this record.
uint32_t Counters::Impl::wanted(const ClassPlan::TableUse& use, const FilterBits& bits) {
    const auto holds = [&](uint32_t filter) { return filter == no_filter || bits[filter]; };
    uint32_t out = use.settled;
    for (const uint32_t i : use.open_questions) {
        const ClassPlan::CellUse& cell = use.cells[i];
        const auto measured = [&](const auto& measure) { return holds(measure.filter); };
        if (holds(cell.filter) && std::ranges::any_of(cell.measures, measured)) out |= uint32_t{1} << i;
    }
    return out;
}

void Counters::Impl::collect(std::span<const ClassifiedRecord> chunk) {
    ops.clear();
    for (uint32_t i = 0; i < chunk.size(); ++i) {
        const ClassPlan& plans = plan.classes[RecordClass::of(chunk[i]).index()];
        FilterBits& bits = passed[i];
        bits.reset();
        for (const uint32_t filter : plans.ask)
            if (matches_rest(plan.filters[filter], chunk[i])) bits.set(filter);
        for (const auto& use : plans.tables) {
            const uint32_t cells = wanted(use, bits);
            if (cells == 0) continue;
            Op& op = ops.emplace_back();
            op.record = i;
            op.cells = cells;
            op.use = &use;
            Table& table = *tables[use.table];
            if (!table.make_key(chunk[i], op.key)) {
                ops.pop_back();
                continue;
            }
            op.hash = table.hash(op.key);
            table.prefetch_bucket(op.hash);
        }
    }
}

void Counters::Impl::count(std::span<const ClassifiedRecord> chunk) {
    for (Op& op : ops) op.guess = tables[op.use->table]->guess_row(op.hash);
    for (const Op& op : ops) {
        Table& table = *tables[op.use->table];
        const ClassifiedRecord& record = chunk[op.record];
        const bool opens = (op.cells & op.use->opening) != 0;
        const uint32_t row = table.touch(op.key, op.hash, op.guess, record.record->packets, opens);
        if (row == Table::none) continue;
        for (uint32_t left = op.cells; left != 0; left &= left - 1)
            table.add(row, op.use->cells[static_cast<uint32_t>(std::countr_zero(left))], record,
                      passed[op.record]);
    }
}

bool Counters::Impl::reaches(CounterId id, uint32_t row, std::span<const Limit> limits) {
    const Table& table = table_of(id);
    const CellPlan& plan_of_cell = table.plan().cells[cell_of(id)];
    const CellRef ref = table_of(id).cell(row, cell_of(id));
    // Cheap ones first: a run of n numbers needs n distinct ones.
    for (const Limit& limit : limits) {
        const MeasurePlan& measure = plan_of_cell.measures[limit.measure];
        if (measure.kind == MeasureKind::longest_run &&
            static_cast<double>(ref.total(measure.column)) < limit.at_least)
            return false;
    }
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
    impl_->plan = std::move(*plan);
    impl_->tables.clear();
    for (const TablePlan& table : impl_->plan.tables)
        impl_->tables.push_back(std::make_unique<Table>(table, impl_->config));
    std::vector<CounterId> ids(impl_->plan.declarations.size());
    for (uint32_t i = 0; i < ids.size(); ++i) ids[i] = i;
    return ids;
}

void Counters::begin_tick(uint64_t end_ns) {
    for (auto& table : impl_->tables) table->begin_tick(end_ns);
}

void Counters::add(std::span<const ClassifiedRecord> records) {
    for (size_t at = 0; at < records.size(); at += Impl::chunk_records) {
        const auto chunk = records.subspan(at, std::min(Impl::chunk_records, records.size() - at));
        impl_->collect(chunk);
        impl_->count(chunk);
    }
}

bool Counters::touched(CounterId counter) const {
    return !impl_->table_of(counter).touched(impl_->cell_of(counter)).empty();
}

void Counters::over(CounterId counter, std::span<const Limit> limits, std::vector<uint32_t>& rows_out) {
    rows_out.clear();
    const Table& table = impl_->table_of(counter);
    const uint32_t cell = impl_->cell_of(counter);
    for (const uint32_t row : table.touched(cell))
        if (table.is_touched(row, cell) && impl_->reaches(counter, row, limits)) rows_out.push_back(row);
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
    Table::Key words{};
    if (!table.make_key(key, words)) return false;
    const uint32_t row = table.find(words, table.hash(words));
    if (row == Table::none || !table.is_live(row, impl_->cell_of(counter))) return false;
    table.cell(row, impl_->cell_of(counter)).advance();
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
        const CellRef ref = table.cell(row, cell);
        ref.advance();
        if (ref.has_traffic()) see({counter, row});
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

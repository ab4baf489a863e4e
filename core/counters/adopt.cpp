// SPDX-License-Identifier: Apache-2.0
// Rows move by memory: a cell is three stretches of bytes (head to value sets, ring, history), each of which
// means the same wherever it lies in a row. Blocks and objects that cells own stay where they are, and change
// hands with the arena. Engine thread.
#include "core/counters/adopt.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

namespace picket {
namespace {

/// Cells of counters that are declared as before.
std::vector<Table::KeptCell> kept_cells(const Plan& before, const TablePlan& old, const Plan& after,
                                        const TablePlan& fresh) {
    std::vector<Table::KeptCell> out;
    for (uint32_t to = 0; to < fresh.cells.size(); ++to)
        for (uint32_t from = 0; from < old.cells.size(); ++from)
            if (before.declarations[old.cells[from].counter] == after.declarations[fresh.cells[to].counter])
                out.push_back({from, to});
    return out;
}

bool is_unchanged(const TablePlan& old, const TablePlan& fresh, std::span<const Table::KeptCell> kept) {
    return old.cells.size() == fresh.cells.size() && kept.size() == fresh.cells.size() &&
           std::ranges::all_of(kept, [](const Table::KeptCell& cell) { return cell.before == cell.after; });
}

}  // namespace

std::vector<std::unique_ptr<Table>> carry_over(const Plan& before, std::vector<std::unique_ptr<Table>> tables,
                                               const Plan& after, const CountersConfig& config) {
    std::vector<std::unique_ptr<Table>> out;
    for (const TablePlan& plan : after.tables) {
        const auto old = std::ranges::find_if(
            tables, [&](const auto& table) { return table && table->has_rows_for(plan); });
        const auto kept = old == tables.end() ? std::vector<Table::KeptCell>{}
                                              : kept_cells(before, (*old)->plan(), after, plan);
        if (kept.empty()) {
            out.push_back(std::make_unique<Table>(plan, config));
            continue;
        }
        if (is_unchanged((*old)->plan(), plan, kept)) {
            (*old)->rename(plan);
            out.push_back(std::move(*old));
            continue;
        }
        out.push_back(std::make_unique<Table>(plan, config));
        out.back()->take_rows(**old, kept);
        old->reset();
    }
    return out;
}

void Table::take_rows(Table& before, std::span<const KeptCell> kept) {
    const uint32_t rows = plan_.rows_max;
    uint32_t kept_before = 0;
    for (const KeptCell& each : kept) kept_before |= uint32_t{1} << each.before;
    // Ages are in parts of the longest window, which may be another now: old ones would mean another time.
    const bool same_ages = plan_.longest_window_ns == before.plan_.longest_window_ns;
    const uint64_t end_ns = std::max<uint64_t>(before.context_.end_ns, 1);
    age_now_ = same_ages ? before.age_now_ : age_at(end_ns);
    tick_ = before.tick_;
    for (uint32_t row = 0; row < rows; ++row) {
        if (!before.is_used(row)) continue;
        const auto& header = *reinterpret_cast<const RowHeader*>(before.row_at(row));
        for (uint32_t owning = header.owning & ~kept_before; owning != 0; owning &= owning - 1)
            before.cell(row, static_cast<uint32_t>(std::countr_zero(owning))).release();
        take_row(before, row, kept);
        if (!same_ages) before.buckets_[row / ways].ages[row % ways] = age_now_;
    }
    buckets_ = std::move(before.buckets_);
    arena_.swap(before.arena_);
    std::swap(objects_, before.objects_);
    stats_ = before.stats_;
}

void Table::take_row(Table& before, uint32_t row, std::span<const KeptCell> kept) {
    const auto& old_header = *reinterpret_cast<const RowHeader*>(before.row_at(row));
    RowHeader header{};
    for (const KeptCell& each : kept) {
        if ((old_header.live_cells >> each.before & 1) == 0) continue;
        header.live_cells |= uint32_t{1} << each.after;
        if ((old_header.owning >> each.before & 1) != 0) header.owning |= uint32_t{1} << each.after;
        const CellPlan& from = before.plan_.cells[each.before];
        const CellPlan& to = plan_.cells[each.after];
        const uint8_t* source = before.row_at(row);
        uint8_t* target = row_at(row);
        std::memcpy(target + to.offset, source + from.offset, to.aux_end - to.offset);
        for (uint32_t slot = 0; slot < ring_places(to); ++slot)
            std::memcpy(target + to.ring_offset + size_t{slot} * to.ring_stride * 8,
                        source + from.ring_offset + size_t{slot} * from.ring_stride * 8, to.columns * 8);
        if (to.history > 0)
            std::memcpy(target + to.history_offset, source + from.history_offset, history_bytes(to));
    }
    *reinterpret_cast<RowHeader*>(row_at(row)) = header;
    std::copy_n(before.key_of(row), key_maker_.words(), key_of(row));
}

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// Counting: a few records of a batch in three passes (which rows, what else of them, and the counting
// itself), so that the memory of one record is on its way while others are worked on. Engine thread.
#include <bit>

#include "core/counters/table.hpp"
#include "core/counters/value_set.hpp"

namespace picket {
namespace {

void prefetch_range(const uint8_t* from, size_t bytes) {
    const auto last = reinterpret_cast<uintptr_t>(from) + bytes - 1;
    for (auto line = reinterpret_cast<uintptr_t>(from) & ~uintptr_t{63}; line <= last; line += 64)
        __builtin_prefetch(reinterpret_cast<const void*>(line), 1);
}

template <typename Visit>
void for_each_cell(const ClassPlan::TableUse& use, uint32_t cells, Visit visit) {
    for (; cells != 0; cells &= cells - 1) visit(use.cells[static_cast<uint32_t>(std::countr_zero(cells))]);
}

}  // namespace

void Table::count(std::span<const Op> ops, const BatchView& batch) {
    for (size_t at = 0; at < ops.size(); at += chunk_ops)
        count_chunk(ops.subspan(at, std::min(chunk_ops, ops.size() - at)), batch);
}

void Table::count_chunk(std::span<const Op> ops, const BatchView& batch) {
    std::array<Doing, chunk_ops> doing;
    for (size_t i = 0; i < ops.size(); ++i) {
        doing[i].in = batch.records[ops[i].record];
        __builtin_prefetch(doing[i].in.record);
        __builtin_prefetch(reinterpret_cast<const uint8_t*>(doing[i].in.record) + 64);
        doing[i].use = batch.uses[batch.classes[ops[i].record]];
        fetch_row(ops[i], doing[i]);
    }
    for (size_t i = 0; i < ops.size(); ++i) {
        if (doing[i].guess == none) continue;
        const Answers answers = batch.answers_of(ops[i].record);
        for_each_cell(*doing[i].use, ops[i].cells,
                      [&](const ClassPlan::CellUse& use) { fetch_cell(doing[i], use, answers); });
    }
    for (size_t i = 0; i < ops.size(); ++i) {
        const uint32_t row = touch(doing[i].in, ops[i].hash, (ops[i].cells & doing[i].use->opening) != 0);
        if (row == none) continue;
        const Amounts amounts(*doing[i].in.record);
        const Answers answers = batch.answers_of(ops[i].record);
        for_each_cell(*doing[i].use, ops[i].cells, [&](const ClassPlan::CellUse& use) {
            add(row, batch.order + ops[i].record, use, doing[i], amounts, answers);
        });
    }
}

/// Fetches what touch() and add() will need of the row that the key probably has or gets.
void Table::fetch_row(const Op& op, Doing& doing) const {
    doing.guess = none;
    const uint64_t b = op.hash & bucket_mask_;
    const uint32_t hits = matching_tags(buckets_[b], op.hash);
    uint32_t way = none;
    if (hits != 0) {
        way = static_cast<uint32_t>(std::countr_zero(hits));
    } else if ((op.cells & doing.use->opening) != 0) {
        way = guess_place(buckets_[b], op.hash);
    }
    if (way == none) return;
    const auto row = static_cast<uint32_t>(b * ways) + way;
    const uint8_t* memory = row_at(row);
    __builtin_prefetch(memory, 1);
    for_each_cell(*doing.use, op.cells, [&](const ClassPlan::CellUse& use) {
        prefetch_range(memory + hot_[use.cell].head, hot_[use.cell].bytes);
    });
    if (hits != 0) doing.guess = row;
}

/// Fetches, of a row that is there, what add() will need of the cell's ring and value sets.
void Table::fetch_cell(Doing& doing, const ClassPlan::CellUse& use, const Answers& answers) const {
    if (!is_live(doing.guess, use.cell)) return;
    const uint8_t* memory = row_at(doing.guess);
    const HotCell& hot = hot_[use.cell];
    if (reinterpret_cast<const Cell*>(memory + hot.head)->slot != hot.slot) {
        const CellPlan& cell = plan_.cells[use.cell];
        // The slot that ends and the one that begins lie side by side, but for once a turn.
        prefetch_range(memory + hot.ring, (cell.ring_stride + cell.columns) * 8);
        prefetch_range(memory + cell.ring_offset + size_t{cell.slots} * cell.ring_stride * 8,
                       cell.columns * 8);
    }
    for (uint32_t i = use.sums; i < use.measures.size(); ++i) {
        const ClassPlan::MeasureUse& measure = use.measures[i];
        if (!is_set(measure.kind) || !answers.hold(measure.question)) continue;
        const auto& set = *reinterpret_cast<const ValueSet*>(memory + measure.aux_offset);
        if (set.log2 != 0) prefetch_value(set, arena_, doing.ids.of(doing.in, measure, seed_).hash);
    }
}

/// Counts a record in one cell of a row.
void Table::add(uint32_t row, uint32_t order, const ClassPlan::CellUse& use, Doing& doing,
                const Amounts& amounts, const Answers& answers) {
    const HotCell& hot = hot_[use.cell];
    uint8_t* memory = row_at(row);
    Cell& head = *reinterpret_cast<Cell*>(memory + hot.head);
    // The list of touched rows needs both: a row that was made anew in this tick keeps the tick.
    if (head.tick != tick_ || !is_live(row, use.cell)) make_ready(row, order, use.cell);
    if (doing.in.record->sampling > head.max_sampling) head.max_sampling = doing.in.record->sampling;
    auto* totals = reinterpret_cast<uint64_t*>(memory + hot.totals);
    const ClassPlan::MeasureUse* measure = use.measures.data();
    const ClassPlan::MeasureUse* const sums_end = measure + use.sums;
    const ClassPlan::MeasureUse* const end = measure + use.measures.size();
    for (; measure != sums_end; ++measure)
        totals[measure->column] +=
            answers.hold(measure->question) ? amounts.by_kind[static_cast<size_t>(measure->kind)] : 0;
    for (; measure != end; ++measure) {
        if (!answers.hold(measure->question)) continue;
        const ValueId value = doing.ids.of(doing.in, *measure, seed_);
        if (value.id == 0) continue;
        if (is_set(measure->kind) && note_value(*reinterpret_cast<ValueSet*>(memory + measure->aux_offset),
                                                arena_, hot.slot, value.id, value.hash))
            continue;
        reinterpret_cast<RowHeader*>(memory)->owning |= uint32_t{1} << use.cell;
        cell(row, use.cell).add_value(*measure, doing.in, value);
    }
}

/// The cell is current and on the list of those that were touched.
void Table::make_ready(uint32_t row, uint32_t order, uint32_t cell_index) {
    const uint32_t bit = uint32_t{1} << cell_index;
    RowHeader& header = *reinterpret_cast<RowHeader*>(row_at(row));
    Cell& head = *reinterpret_cast<Cell*>(row_at(row) + hot_[cell_index].head);
    if ((header.live_cells & bit) == 0) {
        header.live_cells |= bit;
        cell(row, cell_index).start(now_[cell_index]);
    } else if (head.slot != hot_[cell_index].slot) {
        cell(row, cell_index).advance(now_[cell_index]);
    }
    if (head.tick != tick_) {
        head.tick = tick_;
        touched_[cell_index].push_back({row, order});
    }
}

}  // namespace picket

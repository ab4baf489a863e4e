// SPDX-License-Identifier: Apache-2.0
// Taking apart, putting in order, and counting in small chunks of three passes: which rows, what of their
// value sets, and the counting itself, so that the memory of one record is on its way while others are worked
// on. Engine thread.
#include "core/counters/batch.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

namespace picket {
namespace {

constexpr size_t chunk_ops = 32;
constexpr uint32_t groups_max = 4096;  // their counters fit the first-level cache

/// Bit per CellUse that counts this record.
uint32_t wanted(const ClassPlan::TableUse& use, const Answers& answers) {
    uint32_t out = use.settled;
    for (const uint32_t i : use.open_questions) {
        const ClassPlan::CellUse& cell = use.cells[i];
        if (!answers.hold(cell.question)) continue;
        const auto measured = [&](const auto& measure) { return answers.hold(measure.question); };
        if (cell.whole || std::ranges::any_of(cell.measures, measured)) out |= uint32_t{1} << i;
    }
    return out;
}

template <typename Visit>
void for_each_cell(const ClassPlan::TableUse& use, uint32_t cells, Visit visit) {
    for (; cells != 0; cells &= cells - 1) visit(use.cells[static_cast<uint32_t>(std::countr_zero(cells))]);
}

}  // namespace

Batch::Batch(const Plan& plan, const std::vector<std::unique_ptr<Table>>& tables)
    : plan_(plan)
    , tables_(tables)
    , answer_words_(plan.questions.size() / 64 + 1)
    , answers_(answer_words_ * records_max)
    , classes_(records_max)
    , seed_(tables.empty() ? 0 : tables.front()->seed())
    , shares_(tables.size())
    , sorted_(records_max) {
    for (uint32_t t = 0; t < tables.size(); ++t) {
        shares_[t].uses.resize(RecordClass::count);
        shares_[t].ops.resize(records_max);
        shares_[t].groups = std::min(tables[t]->bucket_count(), groups_max);
        shares_[t].group_shift =
            static_cast<unsigned>(std::countr_zero(tables[t]->bucket_count() / shares_[t].groups));
    }
    static_assert(RecordClass::count <= 256);
    for (size_t c = 0; c < plan.classes.size(); ++c)
        for (const ClassPlan::TableUse& use : plan.classes[c].tables) shares_[use.table].uses[c] = &use;
}

void Batch::count(std::span<const ClassifiedRecord> records) {
    records_ = records;
    take_apart(records);
    for (uint32_t t = 0; t < shares_.size(); ++t) {
        Share& share = shares_[t];
        if (share.op_count == 0) continue;
        put_in_order(share);
        const std::span<const Op> ops = std::span(share.ops).first(share.op_count);
        for (size_t at = 0; at < ops.size(); at += chunk_ops)
            count_chunk(*tables_[t], share, ops.subspan(at, std::min(chunk_ops, ops.size() - at)));
    }
    order_ += static_cast<uint32_t>(records.size());
}

void Batch::ask(const ClassPlan& plan, const ClassifiedRecord& record, uint64_t* answers) const {
    answers[0] = uint64_t{1} << Answers::settled;
    for (size_t word = 1; word < answer_words_; ++word) answers[word] = 0;
    for (const uint32_t question : plan.ask)
        if (matches_rest(plan_.filters[plan_.questions[question]], record))
            answers[question / 64] |= uint64_t{1} << (question % 64);
}

void Batch::take_apart(std::span<const ClassifiedRecord> records) {
    for (Share& share : shares_) share.op_count = 0;
    for (size_t at = 0; at < records.size(); at += block_records) {
        const auto from = static_cast<uint32_t>(at);
        const auto to = static_cast<uint32_t>(std::min(records.size(), at + block_records));
        for (uint32_t i = from; i < to; ++i) {
            const unsigned record_class = RecordClass::of(records[i]).index();
            classes_[i] = static_cast<uint8_t>(record_class);
            ask(plan_.classes[record_class], records[i], &answers_[i * answer_words_]);
            ends_[i - from] = {KeyMaker::end_state(records[i].record->src, seed_),
                               KeyMaker::end_state(records[i].record->dst, seed_)};
        }
        for (uint32_t t = 0; t < shares_.size(); ++t) take_share(*tables_[t], shares_[t], from, to);
    }
}

/// What one table wants of a block of records.
void Batch::take_share(const Table& table, Share& share, uint32_t from, uint32_t to) {
    Op* out = share.ops.data() + share.op_count;
    for (uint32_t i = from; i < to; ++i) {
        const ClassPlan::TableUse* use = share.uses[classes_[i]];
        if (use == nullptr) continue;
        const uint32_t cells = wanted(*use, answers_of(i));
        uint64_t hash = 0;
        if (cells == 0 || !table.keys().hash_of(records_[i], ends_[i - from], seed_, hash)) continue;
        *out++ = {hash, i, cells};
    }
    share.op_count = static_cast<uint32_t>(out - share.ops.data());
}

/// A stable counting sort by groups of neighbouring buckets.
void Batch::put_in_order(Share& share) {
    const uint64_t mask = uint64_t{share.groups} - 1;
    const std::span<const Op> ops = std::span(share.ops).first(share.op_count);
    group_ends_.assign(share.groups + 1, 0);
    for (const Op& op : ops) ++group_ends_[(op.hash >> share.group_shift & mask) + 1];
    for (uint32_t g = 1; g < share.groups; ++g) group_ends_[g] += group_ends_[g - 1];
    for (const Op& op : ops) sorted_[group_ends_[op.hash >> share.group_shift & mask]++] = op;
    std::swap(sorted_, share.ops);
}

void Batch::count_chunk(Table& table, const Share& share, std::span<const Op> ops) {
    struct Found {
        const ClassPlan::TableUse* use;
        uint32_t guess;
        ValueIds ids;
    };
    std::array<Found, chunk_ops> found;
    for (const Op& op : ops) {
        __builtin_prefetch(records_[op.record].record);
        __builtin_prefetch(reinterpret_cast<const uint8_t*>(records_[op.record].record) + 64);
        table.prefetch_bucket(op.hash);
    }
    for (size_t i = 0; i < ops.size(); ++i) {
        found[i].use = share.uses[classes_[ops[i].record]];
        found[i].guess = table.guess_row(ops[i].hash, *found[i].use, ops[i].cells);
    }
    for (size_t i = 0; i < ops.size(); ++i) {
        if (found[i].guess == Table::none) continue;
        for_each_cell(*found[i].use, ops[i].cells, [&](const ClassPlan::CellUse& use) {
            if (use.has_sets)
                table.prefetch_values(found[i].guess, use, records_[ops[i].record], found[i].ids,
                                      answers_of(ops[i].record));
        });
    }
    for (size_t i = 0; i < ops.size(); ++i) {
        const Op& op = ops[i];
        const ClassifiedRecord& record = records_[op.record];
        const bool opens = (op.cells & found[i].use->opening) != 0;
        const uint32_t row = table.touch(record, op.hash, opens);
        if (row == Table::none) continue;
        const Amounts amounts(*record.record);
        for_each_cell(*found[i].use, op.cells, [&](const ClassPlan::CellUse& use) {
            table.add(row, order_ + op.record, use, record, amounts, found[i].ids, answers_of(op.record));
        });
    }
}

}  // namespace picket

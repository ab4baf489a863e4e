// SPDX-License-Identifier: Apache-2.0
// Taking apart and putting in order. Engine thread.
#include "core/counters/batch.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace picket {
namespace {

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

}  // namespace

Batch::Batch(const Plan& plan, const std::vector<std::unique_ptr<Table>>& tables)
    : plan_(plan)
    , tables_(tables)
    , answer_words_(plan.questions.size() / 64 + 1)
    , answers_(answer_words_ * records_max)
    , classes_(records_max)
    , seed_(tables.empty() ? 0 : tables.front()->seed())
    , shares_(tables.size())
    , sorted_(records_max + 1) {
    for (uint32_t t = 0; t < tables.size(); ++t) {
        shares_[t].uses.resize(RecordClass::count);
        shares_[t].ops.resize(records_max + 1);  // one more than counts: what has no key is written, too
        shares_[t].keys = &tables[t]->keys();
        shares_[t].groups = std::min(tables[t]->bucket_count(), groups_max);
        shares_[t].group_shift =
            static_cast<unsigned>(std::countr_zero(tables[t]->bucket_count() / shares_[t].groups));
    }
    static_assert(RecordClass::count <= 256);
    for (size_t c = 0; c < plan.classes.size(); ++c)
        for (const ClassPlan::TableUse& use : plan.classes[c].tables) shares_[use.table].uses[c] = &use;
}

void Batch::count(std::span<const ClassifiedRecord> records) {
    take_apart(records);
    for (uint32_t t = 0; t < shares_.size(); ++t) {
        Share& share = shares_[t];
        if (share.op_count == 0) continue;
        put_in_order(share);
        tables_[t]->count(
            std::span(share.ops).first(share.op_count),
            {records, classes_.data(), answers_.data(), answer_words_, share.uses.data(), order_});
    }
    order_ += static_cast<uint32_t>(records.size());
}

void Batch::ask(const ClassPlan& plan, const ClassifiedRecord& in, uint64_t* answers) const {
    for (size_t word = 0; word < answer_words_; ++word)
        answers[word] =
            plan.about_ports[word] & plan_.port_answers.word(in.record->src_port, in.record->dst_port, word);
    for (const uint32_t question : plan.ask)
        if (matches_rest(plan_.filters[plan_.questions[question]], in))
            answers[question / 64] |= uint64_t{1} << (question % 64);
}

void Batch::take_apart(std::span<const ClassifiedRecord> records) {
    for (Share& share : shares_) share.op_count = 0;
    for (uint32_t i = 0; i < records.size(); ++i) {
        const ClassifiedRecord& in = records[i];
        const unsigned record_class = RecordClass::of(in).index();
        classes_[i] = static_cast<uint8_t>(record_class);
        const ClassPlan& plan = plan_.classes[record_class];
        if (plan.tables.empty()) continue;
        uint64_t* words = &answers_[i * answer_words_];
        ask(plan, in, words);
        const Answers answers(words);
        const std::array<uint64_t, 2> ends{KeyMaker::end_state(in.record->src, seed_),
                                           KeyMaker::end_state(in.record->dst, seed_)};
        for (const ClassPlan::TableUse& use : plan.tables) {
            const uint32_t cells = wanted(use, answers);
            if (cells == 0) continue;
            Share& share = shares_[use.table];
            Op& op = share.ops[share.op_count];
            const bool has_key = use.key.is_simple ? share.keys->hash_by(use.key, in, ends, seed_, op.hash)
                                                   : share.keys->hash_of(in, ends, seed_, op.hash);
            op.record = i;
            op.cells = cells;
            share.op_count += has_key ? 1 : 0;
        }
    }
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

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// How records come into the tables. A batch is taken apart by table, and each table's share is put in the
// order of its buckets before it is counted: the records of one key then come together, and rows are walked
// in the order in which they lie in memory, instead of fetching the same scattered lines again and again.
// Within a bucket the order of the records stays, and buckets know nothing of each other: so which rows there
// are is the same as one record at a time would have it, however the records of a tick are cut into batches.
// Engine thread.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/counters/table.hpp"

namespace picket {

class Batch {
  public:
    static constexpr size_t records_max = 16384;

    /// Both must outlive it.
    Batch(const Plan& plan, const std::vector<std::unique_ptr<Table>>& tables);

    void begin_tick() { order_ = 0; }
    /// Counts at most `records_max` records.
    void count(std::span<const ClassifiedRecord> records);

  private:
    using Op = Table::Op;
    struct Share {
        std::vector<const ClassPlan::TableUse*> uses;  ///< by class of record; nullptr: not wanted
        std::vector<Op> ops;                           ///< room for records_max
        uint32_t op_count = 0;
        const KeyMaker* keys = nullptr;
        unsigned group_shift = 0;  ///< buckets are put in order by the bits above
        uint32_t groups = 0;
    };

    void take_apart(std::span<const ClassifiedRecord> records);
    void ask(const ClassPlan& plan, const ClassifiedRecord& record, uint64_t* answers) const;
    void put_in_order(Share& share);

    const Plan& plan_;
    const std::vector<std::unique_ptr<Table>>& tables_;
    size_t answer_words_;
    std::vector<uint64_t> answers_;  ///< answer_words_ for each record
    std::vector<uint8_t> classes_;   ///< by record
    uint64_t seed_;                  ///< of all tables
    std::vector<Share> shares_;      ///< by table
    std::vector<Op> sorted_;
    std::vector<uint32_t> group_ends_;
    uint32_t order_ = 0;  ///< records of this tick before this batch
};

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// A bounded table of rows. Set-associative: a key can lie in the 8 places of one bucket, whose tags, weights
// and ages share one cache line. When a bucket is full of rows with recent traffic, a key that is new must
// show itself twice: its first record only leaves a tag among the bucket's candidates and is not counted
// (`refused` says so). Then the lightest row makes room, if it has no more traffic than the newcomer; if it
// has, it pays for the refusal with weight (J. Misra, D. Gries, "Finding repeated elements", 1982). So a
// flood of sources that send one packet each costs two cache lines a packet and pushes nobody out; light rows
// go first and heavy ones stay. Engine thread.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/counters/cell.hpp"
#include "core/counters/key.hpp"
#include "core/counters/plan.hpp"

namespace picket {

class Table {
  public:
    static constexpr uint32_t none = UINT32_MAX;
    static constexpr uint32_t ways = 8;
    static constexpr uint32_t candidate_count = 24;
    static constexpr size_t chunk_ops = 32;

    /// One record that this table wants.
    struct Op {
        uint64_t hash;
        uint32_t record;
        uint32_t cells;  ///< bit per CellUse that counts it
    };
    /// What all records of a batch share.
    struct BatchView {
        std::span<const ClassifiedRecord> records;
        const uint8_t* classes;                  ///< by record
        const uint64_t* answers;                 ///< by record
        size_t answer_words;                     ///< for each record
        const ClassPlan::TableUse* const* uses;  ///< by class, of this table
        uint32_t order;                          ///< records of this tick before this batch
        [[nodiscard]] Answers answers_of(uint32_t record) const {
            return Answers(answers + record * answer_words);
        }
    };
    /// A row and the order of the record that touched it first in this tick.
    struct Touched {
        uint32_t row, order;
    };

    Table(const TablePlan& plan, const CountersConfig& config);
    ~Table();
    Table(const Table&) = delete;
    Table& operator=(const Table&) = delete;

    void begin_tick(uint64_t end_ns);

    [[nodiscard]] const KeyMaker& keys() const { return key_maker_; }
    [[nodiscard]] uint64_t hash(const Key& key) const { return key_maker_.hash(key, seed_); }
    [[nodiscard]] uint32_t bucket_of(uint64_t hash) const {
        return static_cast<uint32_t>(hash & bucket_mask_);
    }
    [[nodiscard]] uint32_t bucket_count() const { return static_cast<uint32_t>(bucket_mask_) + 1; }

    [[nodiscard]] uint64_t seed() const { return seed_; }
    /// Counts records of a batch, in this order.
    void count(std::span<const Op> ops, const BatchView& batch);
    [[nodiscard]] uint32_t find(const Key& key, uint64_t hash) const;

    /// The rows touched in this tick, without those that certainly do not reach all limits.
    void may_reach(uint32_t cell, std::span<const Limit> limits, std::vector<Touched>& out) const;
    void advance(uint32_t row, uint32_t cell_index) { cell(row, cell_index).advance(now_[cell_index]); }
    /// A cell brought up to the present; nullptr-like (false) if this row's cell was never touched.
    [[nodiscard]] bool is_live(uint32_t row, uint32_t cell) const;
    /// Does the place hold a row at all?
    [[nodiscard]] bool is_used(uint32_t row) const { return buckets_[row / ways].tags[row % ways] != 0; }
    [[nodiscard]] CellRef cell(uint32_t row, uint32_t cell);
    [[nodiscard]] bool is_any_touched(uint32_t cell) const { return !touched_[cell].empty(); }

    [[nodiscard]] KeyValue key_part(uint32_t row, uint32_t part) const {
        return key_maker_.part(key_of(row), part);
    }
    [[nodiscard]] TableStats stats() const;

    // At a change of plan; see adopt.cpp.

    /// Can the rows of this table go on in one with that plan?
    [[nodiscard]] bool has_rows_for(const TablePlan& plan) const {
        return plan_.by == plan.by && plan_.directions == plan.directions && plan_.rows_max == plan.rows_max;
    }
    /// A cell of a table before, and the one that goes on with its numbers.
    struct KeptCell {
        uint32_t before, after;
    };
    /// Takes all rows of a table before, with the numbers of the cells that are kept; the other table is of
    /// no use afterwards. This one must be new.
    void take_rows(Table& before, std::span<const KeptCell> kept);
    /// The same layout, with what the plan calls things now.
    void rename(const TablePlan& plan) { plan_ = plan; }
    [[nodiscard]] const TablePlan& plan() const { return plan_; }

  private:
    struct alignas(64) Bucket {
        uint32_t tags[ways];     ///< 0: free
        uint16_t weights[ways];  ///< packets at the time of `ages`, saturating
        uint16_t ages[ways];     ///< age unit (an eighth of the longest window) of the last touch
        uint16_t candidates[candidate_count];  ///< of keys that came once while the bucket was full
        uint16_t next_candidate;
        uint16_t full_age;  ///< age unit in which no place was free, ...
        uint16_t is_full;   ///< ... if so
        uint16_t reserved[5];
    };
    static_assert(sizeof(Bucket) == 128);

    [[nodiscard]] uint8_t* row_at(uint32_t row) const { return rows_ + size_t{row} * plan_.row_bytes; }
    [[nodiscard]] uint64_t* key_of(uint32_t row) const {
        return reinterpret_cast<uint64_t*>(row_at(row) + sizeof(RowHeader));
    }
    /// An op on its way.
    struct Doing {
        ClassifiedRecord in;
        const ClassPlan::TableUse* use;
        uint32_t guess;  ///< the row that it probably has, or `none`
        ValueIds ids;
    };
    void count_chunk(std::span<const Op> ops, const BatchView& batch);
    void fetch_row(const Op& op, Doing& doing) const;
    void fetch_cell(Doing& doing, const ClassPlan::CellUse& use, const Answers& answers) const;
    uint32_t touch(const ClassifiedRecord& in, uint64_t hash, bool opens);
    void add(uint32_t row, uint32_t order, const ClassPlan::CellUse& use, Doing& doing,
             const Amounts& amounts, const Answers& answers);
    static uint32_t matching_tags(const Bucket& bucket, uint64_t hash);
    [[nodiscard]] bool same_key(uint32_t row, const Key& key) const;
    [[nodiscard]] uint32_t find_way(const Bucket& bucket, uint32_t first_row, const Key& key,
                                    uint64_t hash) const;
    /// The row that a new key got, or `none`.
    uint32_t make_row(const ClassifiedRecord& in, uint64_t hash);
    void make_ready(uint32_t row, uint32_t order, uint32_t cell_index);
    void note_traffic(uint32_t row, uint64_t before, uint64_t packets);
    [[nodiscard]] uint16_t age_at(uint64_t end_ns) const;
    /// Traffic of a place as it counts now: halved every half window, nothing after a whole one.
    [[nodiscard]] uint32_t present_weight(const Bucket& bucket, uint32_t way) const;
    [[nodiscard]] uint32_t guess_place(const Bucket& bucket, uint64_t hash) const;
    [[nodiscard]] uint32_t lightest_way(const Bucket& bucket, uint64_t hash) const;
    /// Was the key a candidate? It is one from now on, or no longer.
    static bool turn_candidate(Bucket& bucket, uint64_t hash);
    /// The place that a new key gets in a bucket, or `none`.
    uint32_t place_for(Bucket& bucket, uint64_t hash, uint64_t packets);
    void take_over(uint32_t row, const Key& key);
    void release_row(uint32_t row);
    void take_row(Table& before, uint32_t row, std::span<const KeptCell> kept);

    TablePlan plan_;
    KeyMaker key_maker_;
    uint64_t bucket_mask_ = 0;
    uint64_t seed_;
    std::unique_ptr<Bucket[]> buckets_;
    uint8_t* rows_ = nullptr;
    size_t mapped_bytes_ = 0;
    Arena arena_;
    Objects objects_;
    std::vector<uint64_t> scratch_;
    CellContext context_;
    uint16_t age_now_ = 0;
    uint32_t tick_ = 0;
    std::vector<SlotNow> now_;  ///< by cell
    /// Where add() looks in a row, in bytes from its start.
    struct HotCell {
        uint32_t head = 0, totals = 0;
        uint32_t bytes = 0;  ///< of head, totals and value sets
        uint32_t ring = 0;   ///< columns of the slot that ends when this one begins
        uint32_t slot = 0;   ///< number of the running slot, its low bits
    };
    std::vector<HotCell> hot_;  ///< by cell
    std::vector<std::vector<Touched>> touched_;
    TableStats stats_;
};

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// The compiled form of all counter declarations: filters interned, counters with the same key and directions
// gathered in one table, and for each class of record the list of what could count it. Engine thread.
#pragma once
#include <cstdint>
#include <vector>

#include "core/counters/counters.hpp"
#include "core/counters/filter.hpp"
#include "core/counters/port_answers.hpp"

namespace picket {

inline constexpr unsigned filters_max = 256;
inline constexpr unsigned cells_per_table_max = 32;
inline constexpr unsigned slots_per_window = 10;
inline constexpr size_t sum_kinds = 3;  ///< packets, bytes and flows: the first of MeasureKind
inline constexpr uint32_t no_filter = UINT32_MAX;

/// The answers to a plan's questions about one record, a bit each. Bit 0 is always set: what is settled.
class Answers {
  public:
    explicit Answers(const uint64_t* words)
        : words_(words) {}
    [[nodiscard]] bool hold(uint32_t question) const {
        return (words_[question / 64] >> (question % 64) & 1) != 0;
    }
    static constexpr uint32_t settled = 0;

  private:
    const uint64_t* words_;
};

inline bool is_set(MeasureKind kind) {
    return kind == MeasureKind::distinct || kind == MeasureKind::longest_run;
}

struct MeasurePlan {
    MeasureKind kind = MeasureKind::packets;
    Field field = Field::dst_port;
    uint32_t filter = no_filter;  ///< on top of the counter's
    uint32_t column = 0;          ///< of sums: of packets and the like, or what an entropy is about
    uint32_t aux_offset = 0;      ///< in the cell: ValueSet, object handle or Baseline
    bool owns_set = false;        ///< feeds the value set at aux_offset; a longest_run may share another's
    uint32_t of = 0;              ///< baseline: the measure it is about
    uint32_t values_max = 0;
    uint8_t set_log2 = 0;  ///< largest capacity of the value set
    uint64_t memory_ns = 0;
    double alpha = 0;
    uint32_t warmup = 0;
    /// Does it count by itself, and not follow another measure?
    [[nodiscard]] bool counts() const { return owns_set || (!is_set(kind) && kind != MeasureKind::baseline); }
};

/// Where one counter's numbers lie in a row, in bytes from the row's start.
struct CellPlan {
    uint32_t counter = 0;
    uint32_t filter = 0;
    uint32_t offset = 0;
    uint32_t columns = 0;
    uint32_t totals_offset = 0, ring_offset = 0, history_offset = 0;
    uint32_t window_offset = 0;  ///< number of the running window, where the cell rolls
    uint32_t ring_stride = 0;    ///< words from one slot to the next
    uint32_t history = 0;
    uint32_t slots = 0;  ///< live slots of the ring
    uint64_t slot_ns = 0, window_ns = 0;
    bool rolls = false;  ///< has baselines or history, which learn at the end of each window
    uint32_t aux_begin = 0, aux_end = 0;
    uint32_t samples_measure = 0;  ///< what says how many samples there are
    std::vector<MeasurePlan> measures;
};

/// Places of a cell's ring: its slots, and what those before the newest held together.
inline uint32_t ring_places(const CellPlan& cell) { return cell.slots + 1; }

/// Room for the past windows of a cell: their number, and each measure's values.
inline uint32_t history_bytes(const CellPlan& cell) {
    return 8 + cell.history * static_cast<uint32_t>(cell.measures.size()) * 8;
}

struct TablePlan {
    std::vector<KeyPart> by;
    uint8_t directions = 0;
    uint32_t row_bytes = 0;
    uint32_t rows_max = 0;
    uint64_t longest_window_ns = 0;
    std::vector<CellPlan> cells;
};

/// How the hash of a key is made from records of one class, where that is simple: two ends and a number at
/// most, and only the first end masked.
struct KeyRecipe {
    bool is_simple = false;
    bool is_masked = false;
    bool has_number = false;
    End first = End::none, second = End::none;
    Field number = Field::dst_port;
};

/// What may count records of one class: what the class rules out is not there, what it settles is not asked.
struct ClassPlan {
    /// What counting needs of a measure, in one place.
    struct MeasureUse {
        uint32_t measure = 0;  ///< index into CellPlan::measures
        uint32_t question = Answers::settled;
        uint32_t column = 0, aux_offset = 0;
        MeasureKind kind = MeasureKind::packets;
        Field field = Field::dst_port;
        End end = End::none;  ///< of the record, where the field is an address that the class has
        uint8_t set_log2 = 0;
    };
    struct CellUse {
        uint32_t cell = 0;  ///< index into TablePlan::cells
        uint32_t question = Answers::settled;
        bool opens = true;   ///< records of this class may make the row
        bool whole = false;  ///< some measure counts every record that the cell's filter lets through
        uint32_t sums = 0;   ///< so many of the measures are sums, and come first
        std::vector<MeasureUse> measures;
    };
    struct TableUse {
        uint32_t table = 0;
        std::vector<CellUse> cells;  ///< at most cells_per_table_max
        uint32_t settled = 0;        ///< bit per cell that counts every record of this class
        uint32_t opening = 0;        ///< bit per cell whose `opens` is set
        KeyRecipe key;
        std::vector<uint32_t> open_questions;  ///< the cells that are not settled
    };
    std::vector<uint64_t> about_ports;  ///< as Answers: what PortAnswers says, and what is settled
    std::vector<uint32_t> ask;          ///< the other questions to be asked of each record
    std::vector<TableUse> tables;
};

struct Plan {
    std::vector<CounterDecl> declarations;
    std::vector<Filter> filters;
    std::vector<uint32_t> questions{no_filter};  ///< filters that some class leaves open; number 0 is none
    PortAnswers port_answers;
    std::vector<TablePlan> tables;
    std::vector<ClassPlan> classes;                    ///< by RecordClass::index()
    std::vector<std::pair<uint32_t, uint32_t>> where;  ///< counter id → (table, cell)
};

Result<Plan> compile_plan(std::vector<CounterDecl> declarations, const CountersConfig& config);

}  // namespace picket

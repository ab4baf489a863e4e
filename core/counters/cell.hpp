// SPDX-License-Identifier: Apache-2.0
// A cell: the numbers of one counter in one row. Operations to start, advance, add and read it. Cells are
// plain bytes in a row, laid out by a CellPlan; a new row is not cleared, each cell is made ready at its
// first touch. Engine thread.
#pragma once
#include <algorithm>
#include <bitset>
#include <cstdint>
#include <span>
#include <vector>

#include "core/counters/arena.hpp"
#include "core/counters/object_pool.hpp"
#include "core/counters/plan.hpp"
#include "core/counters/slot_ring.hpp"

namespace picket {

struct RowHeader {
    uint32_t live_cells;  ///< bit per cell that was touched since the row was made
    uint32_t owning;      ///< bit per live cell that may hold blocks or objects
};

struct Cell {
    uint64_t slot;          ///< newest slot
    uint64_t window;        ///< number of the running window, for baselines and history
    uint32_t tick;          ///< last touched; survives the row, since it guards the list of touched rows
    uint32_t filled;        ///< slots of the ring in use
    uint32_t max_sampling;  ///< highest sampling rate behind the numbers
    uint32_t newest;        ///< place of the newest slot in the ring
};

/// What cells of a table share, and the present.
struct CellContext {
    Arena* arena = nullptr;
    Objects* objects = nullptr;
    std::vector<uint64_t>* scratch = nullptr;
    uint64_t seed = 0;
    uint64_t end_ns = 0;  ///< of the running tick
};

/// One cell in one row.
class CellRef {
  public:
    CellRef(const CellPlan& plan, uint8_t* row, const CellContext& context)
        : plan_(plan)
        , row_(row)
        , context_(context) {}

    [[nodiscard]] Cell& head() const { return *reinterpret_cast<Cell*>(row_ + plan_.offset); }
    /// Makes a cell ready whose memory may hold anything.
    void start() const;
    /// Moves the window on to the present.
    void advance() const;
    /// Counts a record in those of `uses` whose filter is settled or among `passed`.
    void add(const ClassifiedRecord& in, const FilterBits& passed,
             std::span<const ClassPlan::MeasureUse> uses) const;
    /// Gives back blocks and objects.
    void release() const;

    [[nodiscard]] double value(const MeasurePlan& measure) const;
    [[nodiscard]] uint64_t total(uint32_t column) const { return totals()[column]; }
    /// Is there anything in the window?
    [[nodiscard]] bool has_traffic() const {
        return std::any_of(totals(), totals() + plan_.columns, [](uint64_t total) { return total > 0; });
    }
    [[nodiscard]] double past(uint32_t measure, uint32_t windows_back) const;
    [[nodiscard]] uint64_t samples() const;
    [[nodiscard]] double error() const;
    void freeze(uint64_t until_ns) const;
    [[nodiscard]] unsigned sampled_sets() const;

  private:
    template <typename T>
    T* at(uint32_t offset) const {
        return reinterpret_cast<T*>(row_ + offset);
    }
    [[nodiscard]] uint64_t* totals() const { return at<uint64_t>(plan_.totals_offset); }
    [[nodiscard]] SlotRing ring(uint32_t column) const {
        return {at<uint64_t>(plan_.ring_offset) + column,
                totals() + column,
                plan_.columns,
                plan_.slots,
                head().filled,
                head().newest,
                head().slot};
    }
    void move_to(uint64_t slot) const;
    void forget_all(uint64_t slot) const;
    void roll_windows(uint64_t window) const;
    void learn(uint64_t idle_windows) const;
    void add_value(const MeasurePlan& measure, const ClassifiedRecord& in) const;

    const CellPlan& plan_;
    uint8_t* row_;
    const CellContext& context_;
};

/// The value of a field as a number that is not 0 and below 2^56, addresses by hash; 0 if the record has
/// none.
uint64_t field_id(const ClassifiedRecord& in, Field field, uint64_t seed);

}  // namespace picket

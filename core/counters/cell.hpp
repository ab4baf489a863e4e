// SPDX-License-Identifier: Apache-2.0
// A cell: the numbers of one counter in one row. Operations to start, advance, add and read it. Cells are
// plain bytes in a row, laid out by a CellPlan; a new row is not cleared, each cell is made ready at its
// first touch. A window is made of slots, whose numbers are absolute (Unix time divided by the slot's
// length); sums have a ring of them, in a column each, and value sets know the slot of every value. Rings of
// a row's cells with slots of one length lie interleaved, so that one slot of all their sums shares a cache
// line or two. The newest slot has no count of its own: it is what the total has more than the slots before,
// which is noted when a slot ends. So counting touches the total alone, and a cell that lives for one slot
// only never touches its ring. Engine thread.
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/counters/arena.hpp"
#include "core/counters/object_pool.hpp"
#include "core/counters/plan.hpp"
#include "core/counters/value_set.hpp"
#include "core/model/hash.hpp"

namespace picket {

struct RowHeader {
    uint32_t live_cells;  ///< bit per cell that was touched since the row was made
    uint32_t owning;      ///< bit per live cell that may hold blocks or objects
};

struct Cell {
    uint32_t slot;          ///< number of the newest slot, its low bits: a row silent for 6 years is mistaken
    uint32_t tick;          ///< last touched; survives the row, since it guards the list of touched rows
    uint32_t max_sampling;  ///< highest sampling rate behind the numbers
    uint16_t filled;        ///< slots of the ring in use
    uint16_t newest;        ///< place of the newest slot in the ring: its number modulo the slots
};
static_assert(sizeof(Cell) == 16);

/// The present, as the cells of one counter see it.
struct SlotNow {
    uint64_t slot = 0;
    uint32_t place = 0;  ///< of that slot in every ring of the counter
};

/// One more than the value of a field that is no address; 0 if the record has none.
inline uint64_t number_id(const ClassifiedRecord& in, Field field) {
    const FlowRecord& record = *in.record;
    const bool ports = (record.flags & PICKET_FLOW_PORTS) != 0;
    switch (field) {
    case Field::src_port:
        return ports ? record.src_port + 1U : 0;
    case Field::dst_port:
        return ports ? record.dst_port + 1U : 0;
    case Field::proto:
        return record.proto + 1U;
    case Field::interface:
        return record.interface + uint64_t{1};
    case Field::icmp_type:
        return (record.flags & PICKET_FLOW_ICMP) != 0 ? (record.dst_port >> 8) + 1U : 0;
    default:
        return 0;
    }
}

/// A value of a record as sets and filters know it.
struct ValueId {
    uint64_t id = 0;    ///< not 0 and below 2^56: one more than a number, the hash of an address; 0: none
    uint64_t hash = 0;  ///< hash_word(id, seed)
};

/// The values of one record, worked out once however many counters want them.
class ValueIds {
  public:
    /// The value that a measure asks for; its id is 0 if the record has none.
    ValueId of(const ClassifiedRecord& in, const ClassPlan::MeasureUse& use, uint64_t seed) {
        if (use.end == End::none) return of_number(in, use.field, seed);
        ValueId& known = ends_[use.end == End::src ? 0 : 1];
        if (known.id == 0) known = of_address(use.end == End::src ? in.record->src : in.record->dst, seed);
        return known;
    }

  private:
    static ValueId of_number(const ClassifiedRecord& in, Field field, uint64_t seed) {
        const uint64_t id = number_id(in, field);
        return {id, hash_word(id, seed)};
    }
    static ValueId of_address(const uint8_t* bytes, uint64_t seed) {
        const uint64_t words[2] = {load_word(bytes), load_word(bytes + 8)};
        const uint64_t id = (hash_words(words, 2, seed) >> 8) | 1;
        return {id, hash_word(id, seed)};
    }

    ValueId ends_[2];  ///< src, dst; an id of 0 is not known yet
};

/// What a record adds to sums, by MeasureKind.
struct Amounts {
    explicit Amounts(const FlowRecord& record)
        : by_kind{record.packets, record.bytes, (record.flags & PICKET_FLOW_NEW) != 0 ? uint64_t{1} : 0} {
        if (record.sampling > 1)
            for (uint64_t& amount : by_kind) amount *= record.sampling;
    }
    std::array<uint64_t, sum_kinds> by_kind;
};
static_assert(static_cast<int>(MeasureKind::packets) == 0 && static_cast<int>(MeasureKind::bytes) == 1 &&
              static_cast<int>(MeasureKind::flows) == 2);

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
    void start(const SlotNow& now) const;
    /// Moves the window on to the present.
    void advance(const SlotNow& now) const;
    /// Counts a record, whose value this is, in one measure that is no sum.
    void add_value(const ClassPlan::MeasureUse& use, const ClassifiedRecord& in, const ValueId& value) const;
    /// Gives back blocks and objects.
    void release() const;

    [[nodiscard]] double value(const MeasurePlan& measure) const;
    [[nodiscard]] uint64_t total(uint32_t column) const { return totals()[column]; }
    /// Is there anything in the window?
    [[nodiscard]] bool has_traffic() const;
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
    [[nodiscard]] LiveSlots live_slots() const { return {head().slot, plan_.slots}; }
    [[nodiscard]] ValueSetContext sets(const MeasurePlan& measure) const {
        return {context_.arena, context_.seed, context_.scratch, measure.set_log2};
    }
    /// What a measure has counted, be it a sum or a set, without regard to sampling.
    [[nodiscard]] uint64_t counted(const MeasurePlan& measure) const;
    void move_to(uint64_t slot) const;
    void turn_ring(uint32_t slots) const;
    void begin_ring(const SlotNow& now) const;
    void roll_windows(uint64_t running) const;
    void learn(uint64_t idle_windows) const;
    /// The columns of the slot at a place of the ring.
    [[nodiscard]] uint64_t* columns_at(uint32_t place) const {
        return at<uint64_t>(plan_.ring_offset) + size_t{place} * plan_.ring_stride;
    }
    [[nodiscard]] uint64_t& window() const { return *at<uint64_t>(plan_.window_offset); }

    const CellPlan& plan_;
    uint8_t* row_;
    const CellContext& context_;
};

}  // namespace picket

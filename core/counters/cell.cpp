// SPDX-License-Identifier: Apache-2.0
// Cells: start, advance, add, read. Engine thread.
#include "core/counters/cell.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/counters/baseline.hpp"
#include "core/counters/value_set.hpp"
#include "core/model/hash.hpp"

namespace picket {
namespace {

constexpr double z95 = 1.96;  ///< standard deviations of a two-sided 95 % interval

}  // namespace

void CellRef::start(const SlotNow& now) const {
    std::memset(row_ + plan_.totals_offset, 0, plan_.aux_end - plan_.totals_offset);
    if (plan_.history > 0) *at<uint64_t>(plan_.history_offset) = 0;
    if (plan_.rolls) window() = (context_.end_ns - 1) / plan_.window_ns;
    begin_ring(now);
}

/// The totals are to be 0.
void CellRef::begin_ring(const SlotNow& now) const {
    head().slot = static_cast<uint32_t>(now.slot);
    head().filled = 1;
    head().max_sampling = 1;
    head().newest = static_cast<uint16_t>(now.place);
}

void CellRef::advance(const SlotNow& now) const {
    if (plan_.rolls) {
        const uint64_t running = (context_.end_ns - 1) / plan_.window_ns;
        if (running != window()) roll_windows(running);
    }
    move_to(now.slot);
}

void CellRef::move_to(uint64_t slot) const {
    const auto passed = static_cast<uint32_t>(slot) - head().slot;
    if (static_cast<int32_t>(passed) <= 0) return;
    const uint64_t old_slot = slot - passed;
    const uint32_t old_head_slot = head().slot;
    const bool all_left = passed >= plan_.slots;
    for (const MeasurePlan& measure : plan_.measures) {
        if (measure.owns_set && all_left) clear_values(*at<ValueSet>(measure.aux_offset), *context_.arena);
        if (measure.kind != MeasureKind::entropy) continue;
        const uint64_t handle = *at<uint64_t>(measure.aux_offset);
        if (handle != 0) context_.objects->entropies.at(handle).advance(old_slot, slot);
    }
    if (all_left) {
        begin_ring({slot, static_cast<uint32_t>(slot % plan_.slots)});
        std::fill_n(totals(), plan_.columns, 0);
        return;
    }
    turn_ring(passed);
    head().slot = static_cast<uint32_t>(slot);
    for (const MeasurePlan& measure : plan_.measures) {
        if (!measure.owns_set) continue;
        advance_values(*at<ValueSet>(measure.aux_offset), sets(measure), live_slots(), old_head_slot);
    }
}

/// Ends the newest slot and begins the next, `slots` (fewer than the ring has) times.
void CellRef::turn_ring(uint32_t slots) const {
    uint64_t* before = columns_at(plan_.slots);
    uint64_t* ended = columns_at(head().newest);
    for (uint32_t column = 0; column < plan_.columns; ++column)
        ended[column] = head().filled > 1 ? totals()[column] - before[column] : totals()[column];
    for (uint32_t step = 0; step < slots; ++step) {
        head().newest = static_cast<uint16_t>(head().newest + 1U == plan_.slots ? 0 : head().newest + 1);
        uint64_t* entering = columns_at(head().newest);
        const bool full = head().filled == plan_.slots;
        for (uint32_t column = 0; column < plan_.columns; ++column) {
            if (full) totals()[column] -= entering[column];
            entering[column] = 0;
        }
        if (!full) ++head().filled;
    }
    std::copy_n(totals(), plan_.columns, before);
}

/// Ends the window that was running when the row was last touched, and the idle ones after it.
void CellRef::roll_windows(uint64_t running) const {
    const uint64_t ended = window();
    move_to(((ended + 1) * plan_.window_ns - 1) / plan_.slot_ns);
    learn(running - ended - 1);
    window() = running;
}

void CellRef::learn(uint64_t idle_windows) const {
    const uint64_t ended_ns = (window() + 1) * plan_.window_ns;
    for (const MeasurePlan& measure : plan_.measures) {
        if (measure.kind != MeasureKind::baseline) continue;
        Baseline& baseline = *at<Baseline>(measure.aux_offset);
        if (ended_ns <= baseline.frozen_until_ns) continue;
        const MeasurePlan& of = plan_.measures[measure.of];
        baseline.learn(value(of), measure.alpha);
        // A window without packets has a rate of zero, but no entropy at all.
        if (of.kind != MeasureKind::entropy) baseline.learn_zeros(idle_windows, measure.alpha);
    }
    if (plan_.history == 0) return;
    auto* count = at<uint64_t>(plan_.history_offset);
    auto* values = at<double>(plan_.history_offset + 8);
    const size_t width = plan_.measures.size();
    const auto keep = [&](uint64_t number, auto value_of) {
        double* out = values + number % plan_.history * width;
        for (size_t i = 0; i < width; ++i) out[i] = value_of(plan_.measures[i]);
        ++*count;
    };
    keep(window(), [&](const MeasurePlan& measure) { return value(measure); });
    for (uint64_t i = 1; i <= std::min<uint64_t>(idle_windows, plan_.history); ++i)
        keep(window() + idle_windows + 1 - i, [](const MeasurePlan&) { return 0.0; });
}

void CellRef::add_value(const ClassPlan::MeasureUse& use, const ClassifiedRecord& in,
                        const ValueId& value) const {
    const MeasurePlan& measure = plan_.measures[use.measure];
    if (is_set(use.kind)) {
        insert_value(*at<ValueSet>(use.aux_offset), sets(measure), live_slots(), value.id, value.hash);
        return;
    }
    uint64_t& handle = *at<uint64_t>(measure.aux_offset);
    if (measure.kind == MeasureKind::entropy) {
        if (handle == 0) handle = context_.objects->make_entropy(plan_.slots, measure.values_max);
        if (handle == 0) return;
        totals()[measure.column] += context_.objects->entropies.at(handle).add(
            head().newest, value.id, value.hash, Amounts(*in.record).by_kind[0]);
        return;
    }
    if (handle == 0) handle = context_.objects->make_seen(measure.values_max, measure.memory_ns);
    if (handle == 0) return;
    if (context_.objects->seen.at(handle).add(value.hash, context_.end_ns)) ++totals()[measure.column];
}

void CellRef::release() const {
    for (const MeasurePlan& measure : plan_.measures) {
        if (measure.owns_set) clear_values(*at<ValueSet>(measure.aux_offset), *context_.arena);
        if (measure.kind == MeasureKind::entropy)
            context_.objects->entropies.release(*at<uint64_t>(measure.aux_offset));
        if (measure.kind == MeasureKind::fresh)
            context_.objects->seen.release(*at<uint64_t>(measure.aux_offset));
    }
}

double CellRef::value(const MeasurePlan& measure) const {
    switch (measure.kind) {
    case MeasureKind::distinct:
        return estimate_values(*at<ValueSet>(measure.aux_offset), *context_.arena, live_slots());
    case MeasureKind::longest_run:
        return longest_run_of(*at<ValueSet>(measure.aux_offset), *context_.arena, live_slots());
    case MeasureKind::entropy: {
        const uint64_t handle = *at<uint64_t>(measure.aux_offset);
        return handle == 0 ? 0 : context_.objects->entropies.at(handle).value(total(measure.column));
    }
    case MeasureKind::baseline: {
        const Baseline& baseline = *at<Baseline>(measure.aux_offset);
        return baseline.z(value(plan_.measures[measure.of]), measure.warmup);
    }
    default:
        return static_cast<double>(total(measure.column));
    }
}

double CellRef::past(uint32_t measure, uint32_t windows_back) const {
    if (windows_back == 0) return value(plan_.measures[measure]);
    if (plan_.history == 0 || windows_back > plan_.history) return 0;
    if (*at<uint64_t>(plan_.history_offset) < windows_back) return 0;
    const uint64_t number = window() - windows_back;
    return at<double>(plan_.history_offset + 8)[number % plan_.history * plan_.measures.size() + measure];
}

uint64_t CellRef::counted(const MeasurePlan& measure) const {
    return measure.owns_set ? count_values(*at<ValueSet>(measure.aux_offset), *context_.arena, live_slots())
                            : total(measure.column);
}

bool CellRef::has_traffic() const {
    return std::ranges::any_of(
        plan_.measures, [&](const MeasurePlan& measure) { return measure.counts() && counted(measure) > 0; });
}

uint64_t CellRef::samples() const {
    return counted(plan_.measures[plan_.samples_measure]) / head().max_sampling;
}

double CellRef::error() const {
    if (head().max_sampling <= 1) return 0;
    return std::min(1.0, z95 / std::sqrt(static_cast<double>(std::max<uint64_t>(samples(), 1))));
}

void CellRef::freeze(uint64_t until_ns) const {
    for (const MeasurePlan& measure : plan_.measures)
        if (measure.kind == MeasureKind::baseline)
            at<Baseline>(measure.aux_offset)->frozen_until_ns = until_ns;
}

unsigned CellRef::sampled_sets() const {
    return static_cast<unsigned>(std::ranges::count_if(plan_.measures, [&](const MeasurePlan& measure) {
        return measure.owns_set && is_sampled(*at<ValueSet>(measure.aux_offset));
    }));
}

}  // namespace picket

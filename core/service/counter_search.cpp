// SPDX-License-Identifier: Apache-2.0
// A heap of the rows to show, filled step by step. Engine thread.
#include "core/service/counter_search.hpp"

#include <algorithm>
#include <utility>

namespace picket {
namespace {

constexpr uint32_t places_per_step = 2048;

std::string name_of_part(const KeyPart& part) {
    std::string out(info_of(part.field).name);
    if (info_of(part.field).is_address && part.v4_bits != 32) out += "/" + std::to_string(part.v4_bits);
    return out;
}

CounterInfo info_of(Engine& engine, CounterId id) {
    const CounterDecl& declaration = engine.counters().declaration(id);
    CounterInfo info;
    info.name = declaration.policy + "." + declaration.name;
    info.policy = declaration.policy;
    info.window_ns = declaration.window_ns;
    info.table = engine.counters().table_of(id);
    for (const KeyPart& part : declaration.by) info.key.push_back(name_of_part(part));
    for (const MeasureDecl& measure : declaration.measures) info.measures.push_back(measure.name);
    return info;
}

}  // namespace

std::vector<CounterInfo> counter_infos(Engine& engine) {
    std::vector<CounterInfo> out;
    for (const CounterId id : engine.counter_ids()) out.push_back(info_of(engine, id));
    return out;
}

CounterSearch::CounterSearch(CounterInfo info, uint32_t measure, size_t limit)
    : measure_(measure)
    , limit_(limit) {
    rows_.counter = std::move(info);
}

/// Finds the counter; false when the running policies do not have it as it was asked for.
bool CounterSearch::begin(Engine& engine) {
    if (next_place_ != 0) return plan_version_ == engine.plan_version();
    plan_version_ = engine.plan_version();
    const CounterInfo& asked = rows_.counter;
    for (const CounterId id : engine.counter_ids()) {
        const CounterInfo info = info_of(engine, id);
        if (info.name != asked.name || info.key != asked.key || info.measures != asked.measures) continue;
        counter_ = id;
        return true;
    }
    return false;
}

bool CounterSearch::step(Engine& engine) {
    if (!begin(engine)) {
        promise_.set_value(fail(ErrorCode::limit, "the policies were changed meanwhile", {}, "ask again"));
        return true;
    }
    Counters& counters = engine.counters();
    next_place_ =
        counters.scan(counter_, next_place_, places_per_step, [&](RowRef row) { see(counters, row); });
    if (next_place_ != 0) return false;
    rows_.time_ns = engine.now_ns();
    std::ranges::sort(rows_.top, [&](const CounterRow& a, const CounterRow& b) {
        return std::pair(-a.values[measure_], a.key) < std::pair(-b.values[measure_], b.key);
    });
    promise_.set_value(std::move(rows_));
    return true;
}

void CounterSearch::see(Counters& counters, RowRef row) {
    const auto heavier = [&](const CounterRow& a, const CounterRow& b) {
        return a.values[measure_] > b.values[measure_];
    };
    ++rows_.rows;
    const bool full = rows_.top.size() == limit_;
    if (full && counters.value(row, measure_) <= rows_.top.front().values[measure_]) return;
    if (full) {
        std::ranges::pop_heap(rows_.top, heavier);
        rows_.top.pop_back();
    }
    const CounterDecl& declaration = counters.declaration(row.counter);
    CounterRow& shown = rows_.top.emplace_back();
    for (uint32_t i = 0; i < declaration.by.size(); ++i)
        shown.key.push_back(key_text(counters.key_part(row, i), declaration.by[i]));
    for (uint32_t i = 0; i < declaration.measures.size(); ++i) shown.values.push_back(counters.value(row, i));
    std::ranges::push_heap(rows_.top, heavier);
}

}  // namespace picket

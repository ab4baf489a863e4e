// SPDX-License-Identifier: Apache-2.0
// Compilation of counter declarations. Runs at start and reload only. Engine thread.
#include "core/counters/plan.hpp"

#include <algorithm>
#include <bit>

#include <fmt/format.h>

#include "core/counters/baseline.hpp"
#include "core/counters/cell.hpp"
#include "core/counters/key.hpp"
#include "core/counters/value_set.hpp"

namespace picket {
namespace {

constexpr uint64_t window_min_ns = 1'000'000'000;
constexpr uint64_t window_max_ns = 24ull * 3600 * 1'000'000'000;
constexpr uint32_t rows_floor = 64, rows_ceiling = 1u << 22;
constexpr uint32_t values_ceiling = 1u << 20;
constexpr uint32_t history_ceiling = 1000;

bool is_port(Field field) { return field == Field::src_port || field == Field::dst_port; }

uint32_t intern(std::vector<Filter>& filters, const Filter& filter) {
    const auto at = static_cast<uint32_t>(std::ranges::find(filters, filter) - filters.begin());
    if (at == filters.size()) filters.push_back(filter);
    return at;
}

uint32_t default_values_max(const MeasureDecl& measure) {
    switch (measure.kind) {
    case MeasureKind::entropy:
        return 4096;
    case MeasureKind::fresh:
        return 1u << 20;
    default:
        return is_port(measure.field) ? 65536 : 24576;
    }
}

tl::unexpected<Error> wrong(const CounterDecl& counter, std::string what) {
    return fail(ErrorCode::invalid, fmt::format("counter '{}': {}", counter.name, what), counter.policy);
}

Result<void> check(const CounterDecl& counter) {
    if (counter.window_ns < window_min_ns || counter.window_ns > window_max_ns)
        return wrong(counter, "window: 1s…1d");
    if (counter.measures.empty()) return wrong(counter, "has no measure");
    if (counter.by.size() > key_parts_limit)
        return wrong(counter, fmt::format("by: at most {} fields", key_parts_limit));
    if (counter.history > history_ceiling)
        return wrong(counter, fmt::format("history: 0…{}", history_ceiling));
    if (counter.rows_max != 0 && (counter.rows_max < rows_floor || counter.rows_max > rows_ceiling))
        return wrong(counter,
                     fmt::format("rows_max: {}…{}, is {}", rows_floor, rows_ceiling, counter.rows_max));
    for (const MeasureDecl& measure : counter.measures) {
        if (measure.values_max > values_ceiling)
            return wrong(counter,
                         fmt::format("measure '{}': values_max: 1…{}", measure.name, values_ceiling));
        if (measure.kind == MeasureKind::longest_run && !is_port(measure.field))
            return wrong(counter,
                         fmt::format("measure '{}': longest_run takes src_port or dst_port", measure.name));
    }
    return {};
}

/// Lays out one counter's cell from `offset` on; its end is in `end`.
class CellLayout {
  public:
    CellLayout(const CounterDecl& decl, const CountersConfig& config, std::vector<Filter>& filters)
        : decl_(decl)
        , config_(config)
        , filters_(filters) {}

    /// All but the places of history and ring, see place_rings().
    Result<CellPlan> make(uint32_t counter, uint32_t offset, uint32_t& end);

  private:
    void windows();
    Result<void> measure(const MeasureDecl& in);
    const MeasurePlan* set_of(const MeasurePlan& like) const;
    uint32_t room(size_t bytes) {
        const uint32_t at = aux_;
        aux_ += static_cast<uint32_t>(bytes);
        return at;
    }

    const CounterDecl& decl_;
    const CountersConfig& config_;
    std::vector<Filter>& filters_;
    CellPlan cell_;
    uint32_t aux_ = 0;
};

void CellLayout::windows() {
    const uint64_t tick = config_.tick_ns;
    const uint64_t tenth = decl_.window_ns / slots_per_window;
    cell_.window_ns = decl_.window_ns;
    cell_.slot_ns = std::max(tick, (tenth + tick - 1) / tick * tick);
    const auto whole = static_cast<uint32_t>((decl_.window_ns + cell_.slot_ns - 1) / cell_.slot_ns);
    // A window ends with a tick. Slots of one tick end with it too; longer ones are cut by it at both ends.
    cell_.slots = cell_.slot_ns == tick ? whole : whole + 1;
}

const MeasurePlan* CellLayout::set_of(const MeasurePlan& like) const {
    for (const MeasurePlan& plan : cell_.measures)
        if (plan.owns_set && plan.field == like.field && plan.filter == like.filter &&
            plan.set_log2 == like.set_log2)
            return &plan;
    return nullptr;
}

Result<void> CellLayout::measure(const MeasureDecl& in) {
    MeasurePlan plan;
    plan.kind = in.kind;
    plan.field = in.field;
    plan.values_max = in.values_max != 0 ? in.values_max : default_values_max(in);
    plan.memory_ns = in.memory_ns != 0 ? in.memory_ns : 3600ull * 1'000'000'000;
    plan.alpha = in.alpha;
    plan.warmup = in.warmup;
    if (in.filter) plan.filter = intern(filters_, *in.filter);
    if (in.kind == MeasureKind::baseline) {
        const auto of = std::ranges::find(decl_.measures, in.of, &MeasureDecl::name);
        if (of == decl_.measures.end() || of->kind == MeasureKind::baseline)
            return wrong(decl_, fmt::format("measure '{}': baseline of '{}', which is no measure beside it",
                                            in.name, in.of));
        if (!(in.alpha > 0 && in.alpha <= 1))
            return wrong(decl_, fmt::format("measure '{}': alpha: above 0, to 1", in.name));
        plan.of = static_cast<uint32_t>(of - decl_.measures.begin());
        plan.aux_offset = room(sizeof(Baseline));
        cell_.measures.push_back(plan);
        return {};
    }
    if (is_set(in.kind)) {
        // Open addressing is kept at most three quarters full.
        plan.set_log2 =
            static_cast<uint8_t>(std::bit_width(std::max(8U, plan.values_max + plan.values_max / 3) - 1));
        if (const MeasurePlan* shared = set_of(plan)) {
            plan.aux_offset = shared->aux_offset;
            cell_.measures.push_back(plan);
            return {};
        }
        plan.owns_set = true;
        plan.aux_offset = room(sizeof(ValueSet));
        cell_.measures.push_back(plan);
        return {};
    }
    if (in.kind == MeasureKind::entropy || in.kind == MeasureKind::fresh) {
        plan.aux_offset = room(sizeof(uint64_t));
    }
    plan.column = cell_.columns++;
    cell_.measures.push_back(plan);
    return {};
}

Result<CellPlan> CellLayout::make(uint32_t counter, uint32_t offset, uint32_t& end) {
    cell_.counter = counter;
    cell_.offset = offset;
    cell_.filter = intern(filters_, decl_.filter);
    cell_.history = decl_.history;
    windows();
    for (const MeasureDecl& in : decl_.measures)
        if (auto done = measure(in); !done) return tl::unexpected<Error>(done.error());
    const auto packets = std::ranges::find_if(cell_.measures, [](const MeasurePlan& plan) {
        return plan.kind == MeasureKind::packets && plan.filter == no_filter;
    });
    const auto samples = packets != cell_.measures.end()
                             ? packets
                             : std::ranges::find_if(cell_.measures, &MeasurePlan::counts);
    cell_.samples_measure = static_cast<uint32_t>(samples - cell_.measures.begin());
    cell_.rolls = cell_.history > 0 || std::ranges::any_of(cell_.measures, [](const auto& m) {
                      return m.kind == MeasureKind::baseline;
                  });
    if (cell_.rolls) cell_.window_offset = room(sizeof(uint64_t));
    uint32_t at = offset + static_cast<uint32_t>(sizeof(Cell));
    cell_.totals_offset = at;
    at += cell_.columns * 8;
    cell_.aux_begin = at;
    for (MeasurePlan& plan : cell_.measures) plan.aux_offset += at;
    cell_.window_offset += at;
    end = cell_.aux_end = at + aux_;
    return cell_;
}

/// Places what lies behind the heads of all cells of a table: what every record and every evaluation touches
/// shares the first cache lines of a row. Rings whose slots have one length turn together, so they
/// interleave.
void place_rings(TablePlan& table) {
    for (CellPlan& first : table.cells) {
        if (first.ring_stride != 0 || first.columns == 0) continue;
        const auto turns_with_it = [&](const CellPlan& cell) {
            return cell.columns != 0 && cell.slot_ns == first.slot_ns && cell.slots == first.slots;
        };
        uint32_t stride = 0;
        for (CellPlan& cell : table.cells) {
            if (!turns_with_it(cell)) continue;
            cell.ring_offset = table.row_bytes + stride * 8;
            stride += cell.columns;
        }
        for (CellPlan& cell : table.cells)
            if (turns_with_it(cell)) cell.ring_stride = stride;
        table.row_bytes += ring_places(first) * stride * 8;
    }
    for (CellPlan& cell : table.cells) {
        if (cell.history == 0) continue;
        cell.history_offset = table.row_bytes;
        table.row_bytes += history_bytes(cell);
    }
}

uint32_t table_for(Plan& plan, const CounterDecl& counter) {
    for (uint32_t i = 0; i < plan.tables.size(); ++i) {
        const TablePlan& table = plan.tables[i];
        if (table.by == counter.by && table.directions == counter.filter.directions &&
            table.cells.size() < cells_per_table_max)
            return i;
    }
    TablePlan table;
    table.by = counter.by;
    table.directions = counter.filter.directions;
    table.row_bytes = static_cast<uint32_t>(sizeof(RowHeader)) + KeyMaker(counter.by).words() * 8;
    plan.tables.push_back(std::move(table));
    return static_cast<uint32_t>(plan.tables.size() - 1);
}

/// Compiles what one class of records can do.
class ClassCompiler {
  public:
    ClassCompiler(Plan& plan, const RecordClass& record_class)
        : plan_(plan)
        , class_(record_class) {
        for (const Filter& filter : plan.filters) verdicts_.push_back(judge(filter, record_class));
    }

    ClassPlan make() {
        for (uint32_t t = 0; t < plan_.tables.size(); ++t) {
            ClassPlan::TableUse use;
            use.table = t;
            use.key = KeyMaker(plan_.tables[t].by).recipe(class_.direction);
            for (uint32_t c = 0; c < plan_.tables[t].cells.size(); ++c)
                add_cell(use, plan_.tables[t].cells[c], c);
            if (!use.cells.empty()) out_.tables.push_back(std::move(use));
        }
        sort_questions();
        return std::move(out_);
    }

  private:
    /// The question that decides the filter.
    uint32_t to_ask(uint32_t filter) {
        if (filter == no_filter || verdicts_[filter] == ClassVerdict::always) return Answers::settled;
        const uint32_t question = place_in(plan_.questions, filter);
        place_in(out_.ask, question);
        return question;
    }
    /// Parts the questions of this class in those that only ports decide, and the others.
    void sort_questions() {
        std::vector<uint64_t>& about_ports = out_.about_ports;
        about_ports.assign(filters_max / 64 + 1, 0);
        about_ports[0] = uint64_t{1} << Answers::settled;
        const auto split = std::partition(out_.ask.begin(), out_.ask.end(), [&](uint32_t question) {
            return !only_ports_decide(plan_.filters[plan_.questions[question]]);
        });
        for (auto at = split; at != out_.ask.end(); ++at) about_ports[*at / 64] |= uint64_t{1} << (*at % 64);
        out_.ask.erase(split, out_.ask.end());
        std::ranges::sort(out_.ask);
    }
    [[nodiscard]] bool only_ports_decide(const Filter& filter) const {
        return class_.ports && class_.kind != RecordClass::other && !filter.icmp_types && !filter.src &&
               !filter.dst && !filter.local && !filter.remote;
    }
    /// Where `value` stands in the list; it is put there if it does not.
    static uint32_t place_in(std::vector<uint32_t>& list, uint32_t value) {
        const auto at = static_cast<uint32_t>(std::ranges::find(list, value) - list.begin());
        if (at == list.size()) list.push_back(value);
        return at;
    }
    [[nodiscard]] bool is_never(uint32_t filter) const {
        return filter != no_filter && verdicts_[filter] == ClassVerdict::never;
    }
    void add_cell(ClassPlan::TableUse& table, const CellPlan& cell, uint32_t index) {
        if (is_never(cell.filter)) return;
        ClassPlan::CellUse use;
        use.cell = index;
        for (uint32_t m = 0; m < cell.measures.size(); ++m) {
            const MeasurePlan& measure = cell.measures[m];
            if (!measure.counts() || is_never(measure.filter)) continue;
            use.measures.push_back({m, to_ask(measure.filter), measure.column, measure.aux_offset,
                                    measure.kind, measure.field, end_of(measure.field, class_.direction),
                                    measure.set_log2});
        }
        const auto others =
            std::stable_partition(use.measures.begin(), use.measures.end(),
                                  [](const auto& m) { return static_cast<size_t>(m.kind) < sum_kinds; });
        use.sums = static_cast<uint32_t>(others - use.measures.begin());
        if (use.measures.empty()) return;
        use.question = to_ask(cell.filter);
        use.opens =
            (plan_.declarations[cell.counter].opened_by >> static_cast<unsigned>(class_.direction) & 1) != 0;
        const auto place = static_cast<uint32_t>(table.cells.size());
        use.whole = std::ranges::any_of(
            use.measures, [](const auto& measure) { return measure.question == Answers::settled; });
        if (use.whole && use.question == Answers::settled) {
            table.settled |= uint32_t{1} << place;
        } else {
            table.open_questions.push_back(place);
        }
        if (use.opens) table.opening |= uint32_t{1} << place;
        table.cells.push_back(std::move(use));
    }

    Plan& plan_;
    RecordClass class_;
    std::vector<ClassVerdict> verdicts_;
    ClassPlan out_;
};

}  // namespace

Result<Plan> compile_plan(std::vector<CounterDecl> declarations, const CountersConfig& config) {
    Plan plan;
    plan.declarations = std::move(declarations);
    for (uint32_t id = 0; id < plan.declarations.size(); ++id) {
        const CounterDecl& counter = plan.declarations[id];
        if (auto good = check(counter); !good) return tl::unexpected<Error>(good.error());
        const uint32_t t = table_for(plan, counter);
        TablePlan& table = plan.tables[t];
        CellLayout layout(counter, config, plan.filters);
        auto cell = layout.make(id, table.row_bytes, table.row_bytes);
        if (!cell) return tl::unexpected<Error>(cell.error());
        plan.where.emplace_back(t, static_cast<uint32_t>(table.cells.size()));
        table.cells.push_back(std::move(*cell));
        table.longest_window_ns = std::max(table.longest_window_ns, counter.window_ns);
        const uint32_t rows = counter.by.empty()      ? 8
                              : counter.rows_max != 0 ? counter.rows_max
                                                      : config.rows_max;
        table.rows_max = std::bit_ceil(std::max({table.rows_max, rows, 8U}));
    }
    if (plan.filters.size() > filters_max)
        return fail(ErrorCode::limit, fmt::format("{} different filters, at most {} are possible",
                                                  plan.filters.size(), filters_max));
    for (TablePlan& table : plan.tables) {
        place_rings(table);
        table.row_bytes = (table.row_bytes + 63) / 64 * 64;
    }
    for (unsigned index = 0; index < RecordClass::count; ++index)
        plan.classes.push_back(ClassCompiler(plan, RecordClass::from_index(index)).make());
    std::vector<const Filter*> asked;
    for (const uint32_t filter : plan.questions)
        asked.push_back(filter == no_filter ? nullptr : &plan.filters[filter]);
    plan.port_answers = PortAnswers(asked);
    return plan;
}

}  // namespace picket

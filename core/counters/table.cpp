// SPDX-License-Identifier: Apache-2.0
// Rows and their replacement. Engine thread.
#include "core/counters/table.hpp"

#include <sys/mman.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <algorithm>
#include <bit>
#include <cstring>
#include <new>

#include "core/counters/value_set.hpp"
#include "core/model/hash.hpp"

namespace picket {
namespace {

constexpr unsigned ages_per_window = 8;
constexpr unsigned ages_per_halving = 4;

uint32_t tag_of(uint64_t hash) { return static_cast<uint32_t>(hash >> 32) | 1; }

uint16_t candidate_of(uint64_t hash) { return static_cast<uint16_t>((hash >> 48) | 1); }

/// The place of `tag` among the candidates, or their number.
uint32_t find_candidate(const uint16_t* candidates, uint16_t tag) {
#ifdef __SSE2__
    const __m128i wanted = _mm_set1_epi16(static_cast<int16_t>(tag));
    for (uint32_t i = 0; i < Table::candidate_count; i += 8) {
        const __m128i eight = _mm_load_si128(reinterpret_cast<const __m128i*>(candidates + i));
        const auto hits = static_cast<uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi16(eight, wanted)));
        if (hits != 0) return i + static_cast<uint32_t>(std::countr_zero(hits)) / 2;
    }
    return Table::candidate_count;
#else
    return static_cast<uint32_t>(std::find(candidates, candidates + Table::candidate_count, tag) -
                                 candidates);
#endif
}

std::string table_name(const TablePlan& plan) {
    static constexpr std::array<std::string_view, direction_count> names{"inbound", "outbound", "internal",
                                                                         "transit"};
    std::string out;
    for (const KeyPart& part : plan.by) {
        if (!out.empty()) out += ",";
        out += info_of(part.field).name;
        if (part.v4_bits != 32) out += "/" + std::to_string(part.v4_bits);
    }
    if (out.empty()) out = "global";
    for (unsigned i = 0; plan.directions != 0x0f && i < direction_count; ++i)
        if ((plan.directions >> i & 1) != 0) out += " " + std::string(names[i]);
    return out;
}

}  // namespace

Table::Table(const TablePlan& plan, const CountersConfig& config)
    : plan_(plan)
    , key_maker_(plan.by)
    , bucket_mask_(plan.rows_max / ways - 1)
    , seed_(hash_word(config.hash_seed, hash_odd_2))
    , buckets_(std::make_unique<Bucket[]>(plan.rows_max / ways))
    , mapped_bytes_(size_t{plan.rows_max} * plan.row_bytes)
    , arena_(config.set_memory_bytes)
    , now_(plan.cells.size())
    , hot_(plan.cells.size())
    , touched_(plan.cells.size()) {
    void* memory = mmap(nullptr, mapped_bytes_, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    madvise(memory, mapped_bytes_, MADV_HUGEPAGE);
    rows_ = static_cast<uint8_t*>(memory);
    objects_.bytes_max = config.set_memory_bytes;
    context_ = {&arena_, &objects_, &scratch_, seed_, 0};
    stats_.key = table_name(plan_);
    stats_.rows_max = plan_.rows_max;
}

Table::~Table() { munmap(rows_, mapped_bytes_); }

uint16_t Table::age_at(uint64_t end_ns) const {
    return static_cast<uint16_t>((end_ns - 1) / (plan_.longest_window_ns / ages_per_window));
}

void Table::begin_tick(uint64_t end_ns) {
    context_.end_ns = end_ns;
    ++tick_;
    age_now_ = age_at(end_ns);
    for (size_t i = 0; i < plan_.cells.size(); ++i) {
        const uint64_t slot = (end_ns - 1) / plan_.cells[i].slot_ns;
        const CellPlan& cell = plan_.cells[i];
        now_[i] = {slot, static_cast<uint32_t>(slot % cell.slots)};
        const uint32_t ending = now_[i].place == 0 ? cell.slots - 1 : now_[i].place - 1;
        hot_[i] = {cell.offset, cell.totals_offset, cell.aux_end - cell.offset,
                   cell.ring_offset + ending * cell.ring_stride * 8, static_cast<uint32_t>(slot)};
    }
    for (auto& rows : touched_) rows.clear();
}

/// Bit per place whose tag is `tag`.
uint32_t Table::matching_tags(const Bucket& bucket, uint64_t hash) {
    const uint32_t* tags = bucket.tags;
    const uint32_t tag = tag_of(hash);
#ifdef __SSE2__
    const __m128i wanted = _mm_set1_epi32(static_cast<int>(tag));
    const auto* at = reinterpret_cast<const __m128i*>(tags);
    const __m128i low = _mm_cmpeq_epi32(_mm_load_si128(at), wanted);
    const __m128i high = _mm_cmpeq_epi32(_mm_load_si128(at + 1), wanted);
    return static_cast<uint32_t>(_mm_movemask_ps(_mm_castsi128_ps(low)) |
                                 _mm_movemask_ps(_mm_castsi128_ps(high)) << 4);
#else
    uint32_t hits = 0;
    for (uint32_t way = 0; way < ways; ++way) hits |= (tags[way] == tag ? 1U : 0U) << way;
    return hits;
#endif
}

bool Table::same_key(uint32_t row, const Key& key) const {
    const uint64_t* there = key_of(row);
    uint64_t difference = 0;
    for (uint32_t i = 0; i < key_maker_.words(); ++i) difference |= there[i] ^ key[i];
    return difference == 0;
}

uint32_t Table::find_way(const Bucket& bucket, uint32_t first_row, const Key& key, uint64_t hash) const {
    for (uint32_t hits = matching_tags(bucket, hash); hits != 0; hits &= hits - 1) {
        const auto way = static_cast<uint32_t>(std::countr_zero(hits));
        if (same_key(first_row + way, key)) return way;
    }
    return none;
}

uint32_t Table::present_weight(const Bucket& bucket, uint32_t way) const {
    if (bucket.tags[way] == 0) return 0;
    const auto age = static_cast<uint16_t>(age_now_ - bucket.ages[way]);
    if (age > ages_per_window) return 0;
    return uint32_t{bucket.weights[way]} >> (age / ages_per_halving);
}

/// Of equally light places any may go; which one, the newcomer's hash says, so that no order can be aimed at.
uint32_t Table::lightest_way(const Bucket& bucket, uint64_t hash) const {
    const auto first = static_cast<uint32_t>(hash >> 29) % ways;
    uint32_t lightest = first, least = UINT32_MAX;
    for (uint32_t i = 0; i < ways; ++i) {
        const uint32_t way = (first + i) % ways;
        if (bucket.tags[way] == 0) return way;
        const uint32_t weight = present_weight(bucket, way);
        if (weight < least) {
            least = weight;
            lightest = way;
        }
    }
    return lightest;
}

/// The place that a key which comes once will probably get.
uint32_t Table::guess_place(const Bucket& bucket, uint64_t hash) const {
    if (bucket.is_full != 0 && bucket.full_age == age_now_ &&
        find_candidate(bucket.candidates, candidate_of(hash)) == candidate_count)
        return none;
    return lightest_way(bucket, hash);
}

bool Table::turn_candidate(Bucket& bucket, uint64_t hash) {
    const uint16_t tag = candidate_of(hash);
    const uint32_t at = find_candidate(bucket.candidates, tag);
    if (at < candidate_count) {
        bucket.candidates[at] = 0;
        return true;
    }
    bucket.candidates[bucket.next_candidate] = tag;
    bucket.next_candidate = static_cast<uint16_t>((bucket.next_candidate + 1) % candidate_count);
    return false;
}

uint32_t Table::place_for(Bucket& bucket, uint64_t hash, uint64_t packets) {
    // In a flood most newcomers send one packet and end here, without a look at the eight places.
    const bool known_full = bucket.is_full != 0 && bucket.full_age == age_now_ && packets <= 1;
    if (known_full && !turn_candidate(bucket, hash)) return none;
    const uint32_t way = lightest_way(bucket, hash);
    const uint32_t least = present_weight(bucket, way);
    bucket.is_full = least > 0 ? 1 : 0;
    bucket.full_age = age_now_;
    if (least == 0 || packets > least) return way;
    if (!known_full && !turn_candidate(bucket, hash)) return none;
    if (packets + 1 >= least) return way;  // it came once before
    bucket.weights[way] = static_cast<uint16_t>(bucket.weights[way] - packets);
    return none;
}

uint32_t Table::touch(const ClassifiedRecord& in, uint64_t hash, bool opens) {
    const uint64_t b = hash & bucket_mask_;
    const Bucket& bucket = buckets_[b];
    uint32_t hits = matching_tags(bucket, hash);
    if (hits != 0) {
        Key key;
        key_maker_.make(in, key);
        for (; hits != 0; hits &= hits - 1) {
            const auto way = static_cast<uint32_t>(std::countr_zero(hits));
            const auto row = static_cast<uint32_t>(b * ways) + way;
            if (!same_key(row, key)) continue;
            note_traffic(row, present_weight(bucket, way), in.record->packets);
            return row;
        }
    }
    return opens ? make_row(in, hash) : none;
}

uint32_t Table::make_row(const ClassifiedRecord& in, uint64_t hash) {
    const uint64_t b = hash & bucket_mask_;
    const uint64_t packets = in.record->packets;
    Bucket& bucket = buckets_[b];
    const uint32_t way = place_for(bucket, hash, packets);
    if (way == none) {
        stats_.refused += packets;
        return none;
    }
    const uint32_t least = present_weight(bucket, way);
    const auto row = static_cast<uint32_t>(b * ways) + way;
    if (bucket.tags[way] == 0) {
        ++stats_.rows;
    } else {
        stats_.evicted += least > 0 ? 1 : 0;
        stats_.heaviest_evicted = std::max<uint64_t>(stats_.heaviest_evicted, least);
        release_row(row);
    }
    bucket.tags[way] = tag_of(hash);
    Key key;
    key_maker_.make(in, key);
    take_over(row, key);
    note_traffic(row, 0, packets);
    return row;
}

void Table::note_traffic(uint32_t row, uint64_t before, uint64_t packets) {
    Bucket& bucket = buckets_[row / ways];
    bucket.weights[row % ways] = static_cast<uint16_t>(std::min<uint64_t>(before + packets, UINT16_MAX));
    bucket.ages[row % ways] = age_now_;
}

uint32_t Table::find(const Key& key, uint64_t hash) const {
    const uint64_t b = hash & bucket_mask_;
    const auto first_row = static_cast<uint32_t>(b * ways);
    const uint32_t way = find_way(buckets_[b], first_row, key, hash);
    return way == none ? none : first_row + way;
}

void Table::take_over(uint32_t row, const Key& key) {
    *reinterpret_cast<RowHeader*>(row_at(row)) = RowHeader{};
    std::copy_n(key.data(), key_maker_.words(), key_of(row));
}

void Table::release_row(uint32_t row) {
    const RowHeader header = *reinterpret_cast<const RowHeader*>(row_at(row));
    for (uint32_t owning = header.owning; owning != 0; owning &= owning - 1)
        cell(row, static_cast<uint32_t>(std::countr_zero(owning))).release();
}

bool Table::is_live(uint32_t row, uint32_t cell) const {
    return (reinterpret_cast<const RowHeader*>(row_at(row))->live_cells >> cell & 1) != 0;
}

CellRef Table::cell(uint32_t row, uint32_t cell) { return {plan_.cells[cell], row_at(row), context_}; }

void Table::may_reach(uint32_t cell, std::span<const Limit> limits, std::vector<Touched>& out) const {
    struct Least {
        uint32_t total;      ///< offset in the row; 0: none
        uint32_t value_set;  ///< the same
        double at_least;
    };
    out.clear();
    std::vector<Least> least;
    const CellPlan& plan = plan_.cells[cell];
    for (const Limit& limit : limits) {
        const MeasurePlan& measure = plan.measures[limit.measure];
        if (measure.kind == MeasureKind::entropy || measure.kind == MeasureKind::baseline) continue;
        const uint32_t total = plan.totals_offset + measure.column * 8;
        least.push_back(is_set(measure.kind) ? Least{0, measure.aux_offset, limit.at_least}
                                             : Least{total, 0, limit.at_least});
    }
    constexpr size_t ahead = 16;
    const std::vector<Touched>& touched = touched_[cell];
    for (size_t i = 0; i < touched.size(); ++i) {
        if (i + ahead < touched.size()) {
            __builtin_prefetch(row_at(touched[i + ahead].row));
            __builtin_prefetch(row_at(touched[i + ahead].row) + plan.offset);
        }
        const uint8_t* memory = row_at(touched[i].row);
        // A row in the list may have been replaced since.
        if (reinterpret_cast<const Cell*>(memory + plan.offset)->tick != tick_ ||
            !is_live(touched[i].row, cell))
            continue;
        const bool may = std::ranges::all_of(least, [&](const Least& limit) {
            if (limit.total != 0)
                return static_cast<double>(*reinterpret_cast<const uint64_t*>(memory + limit.total)) >=
                       limit.at_least;
            // What is sampled may stand for more than it holds.
            const auto& set = *reinterpret_cast<const ValueSet*>(memory + limit.value_set);
            return set.used >= limit.at_least || is_sampled(set);
        });
        if (may) out.push_back(touched[i]);
    }
}

TableStats Table::stats() const {
    TableStats out = stats_;
    out.refused += objects_.refused;
    out.memory_bytes = uint64_t{stats_.rows} * plan_.row_bytes + plan_.rows_max / ways * sizeof(Bucket) +
                       arena_.used_bytes() + objects_.bytes();
    return out;
}

}  // namespace picket

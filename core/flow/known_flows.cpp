// SPDX-License-Identifier: Apache-2.0
// See known_flows.hpp. Records are taken in small batches: all hashes first, with a prefetch of each set,
// then the sets, which have arrived by then. [source] thread.
#include "core/flow/known_flows.hpp"

#include <algorithm>
#include <bit>

#include "core/flow/wire.hpp"

namespace picket {
namespace {

constexpr unsigned records_at_once =
    64;  // 64 sets of a cache line and their records stay in the first-level cache

/// What a flow's entry remembers beside its time.
enum Seen : uint32_t {
    seen_forward = 1,
    seen_backward = 2,
    seen_both = 3,
    seen_answered = 4,  ///< both ends spoke at some time, perhaps before it fell idle
};

constexpr unsigned second_shift = 8;
constexpr uint32_t second_mask = 0xffffff;

uint32_t second_of(uint64_t time_ns) { return static_cast<uint32_t>(time_ns / 1'000'000'000) & second_mask; }

/// Seconds since the entry's last record. The 24 bits wrap after 194 days; the upper half of the circle is
/// the future, which is what records slightly out of order look like, and counts as no time at all.
uint32_t age(uint32_t state, uint32_t second) {
    const uint32_t passed = (second - (state >> second_shift)) & second_mask;
    return passed > second_mask / 2 ? 0 : passed;
}

/// A later fragment, or a packet cut before its ports, belongs to a flow that it does not name.
bool names_its_flow(const picket_flow& record) {
    return (record.flags & PICKET_FLOW_PORTS) != 0 || !wire::has_ports(record.proto);
}

/// A flow has settled when a known one carries more than openings and resets.
bool is_opening(const picket_flow& record) {
    return record.tcp_class != PICKET_TCP_NONE && record.tcp_class != PICKET_TCP_ESTABLISHED;
}

}  // namespace

KnownFlows::KnownFlows(uint32_t flows_max, uint32_t idle_seconds, const FlowHasher& hasher)
    : hasher_(hasher)
    , idle_seconds_(std::min(idle_seconds, second_mask / 2 - 1))
    , set_mask_(std::bit_ceil(std::clamp<uint64_t>(flows_max, ways, uint64_t{1} << 31)) / ways - 1)
    , sets_(set_mask_ + 1) {}

void KnownFlows::mark(std::span<picket_flow> records, FlowTableStats& stats) {
    while (!records.empty()) {
        const size_t count = std::min<size_t>(records.size(), records_at_once);
        mark_batch(records.first(count), stats);
        records = records.subspan(count);
    }
}

void KnownFlows::mark_batch(std::span<picket_flow> records, FlowTableStats& stats) {
    std::array<FlowHash, records_at_once> hashes;
    for (size_t i = 0; i < records.size(); ++i) {
        hashes[i] = hasher_.of_flow(records[i]);
        __builtin_prefetch(&sets_[hashes[i].value & set_mask_], 1);
    }
    for (size_t i = 0; i < records.size(); ++i) {
        if (!names_its_flow(records[i])) continue;
        mark_one(records[i], sets_[hashes[i].value & set_mask_], hashes[i], stats);
    }
}

void KnownFlows::mark_one(picket_flow& record, Set& set, const FlowHash& hash, FlowTableStats& stats) const {
    const auto fingerprint = static_cast<uint32_t>(hash.value >> 32);
    const uint32_t own = hash.forward ? seen_forward : seen_backward;
    const uint32_t first = second_of(record.first_ns);
    uint32_t seen = own;
    unsigned way = 0;
    while (way < ways && (set.entries[way].fingerprint != fingerprint || set.entries[way].state == 0)) ++way;
    if (way < ways) {
        if (!is_idle(set.entries[way].state, first)) {
            touch(record, set, way, own);
            return;
        }
        // The same ends again after a silence: a new flow, in the old one's place.
        seen |= set.entries[way].state & seen_answered;
    } else {
        way = make_room(set, first, stats);
    }
    put_first(set, way, half_of(way), {fingerprint, second_of(record.last_ns) << second_shift | seen});
    record.flags |= PICKET_FLOW_NEW;
    ++stats.flows;
    // The keep-alive of a connection that was silent for long is a bare ACK too, but to somebody who answered
    // once.
    const bool to_nothing = (seen & seen_answered) == 0;
    if (to_nothing && (record.flags & PICKET_FLOW_BARE_ACK) != 0) record.tcp_class = PICKET_TCP_PROBE;
}

void KnownFlows::touch(picket_flow& record, Set& set, unsigned way, uint32_t own) const {
    Entry entry = set.entries[way];
    if ((entry.state & (seen_both ^ own)) != 0) record.flags |= PICKET_FLOW_REPLY;
    uint32_t seen = (entry.state & 0xff) | own;
    if ((seen & seen_both) == seen_both) seen |= seen_answered;
    // Records may come slightly out of order; the time of an entry never goes back.
    uint32_t last = second_of(record.last_ns);
    if (age(entry.state, last) == 0) last = entry.state >> second_shift;
    entry.state = last << second_shift | seen;
    put_first(set, way, is_opening(record) ? half_of(way) : 0, entry);
}

bool KnownFlows::is_idle(uint32_t state, uint32_t second) const { return age(state, second) > idle_seconds_; }

unsigned KnownFlows::half_of(unsigned way) { return way < settled_ways ? 0 : settled_ways; }

/// The way to overwrite: the last of the settled half if it is free or idle, since then all before it are
/// younger; else the last of the other half.
unsigned KnownFlows::make_room(const Set& set, uint32_t second, FlowTableStats& stats) const {
    const uint32_t settled = set.entries[settled_ways - 1].state;
    if (settled == 0 || is_idle(settled, second)) return settled_ways - 1;
    const uint32_t last = set.entries[ways - 1].state;
    if (last != 0 && !is_idle(last, second)) ++stats.forgotten;
    return ways - 1;
}

/// Overwrites `way`: what stands in [first, way) moves down by one, and `entry` comes before it.
void KnownFlows::put_first(Set& set, unsigned way, unsigned first, Entry entry) {
    for (; way > first; --way) set.entries[way] = set.entries[way - 1];
    set.entries[first] = entry;
}

}  // namespace picket

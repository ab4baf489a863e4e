// SPDX-License-Identifier: Apache-2.0
// The table of one tick: an open-addressing index of 32-bit slots over a dense array of records in the order
// of their first packets. A slot carries a generation, so that ending a tick clears nothing. Packets go
// through in small batches and three passes, so that cache misses overlap. [source] thread.
#include "core/flow/flow_table.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <vector>

#include "core/flow/hash.hpp"
#include "core/flow/known_flows.hpp"

namespace picket {
namespace {

constexpr unsigned batch_max = 64;
constexpr unsigned generation_shift = 24;
constexpr uint32_t generations = 256;
constexpr uint32_t records_min = 16, records_limit = 1U << 20;  // of 24 bits, at least 4 are left for the tag

bool same_key(const picket_flow& record, const Packet& packet) {
    uint64_t differ = record.interface ^ packet.interface;
    for (unsigned word = 0; word + 1 < key_words; ++word)
        differ |= key_word(record, word) ^ key_word(packet, word);
    differ |= (key_word(record, key_words - 1) ^ key_word(packet, key_words - 1)) & key_word4_mask;
    return differ == 0;
}

void fold(picket_flow& record, const Packet& packet) {
    ++record.packets;
    record.bytes += packet.bytes;
    record.first_ns = std::min(record.first_ns, packet.time_ns);
    record.last_ns = std::max(record.last_ns, packet.time_ns);
    record.flags &= static_cast<uint16_t>(packet.flags | ~PICKET_FLOW_BARE_ACK);
}

void start(picket_flow& record, const Packet& packet) {
    std::memcpy(&record, &packet, offsetof(Packet, bytes));
    record.sampling = 1;
    record.packets = 1;
    record.bytes = packet.bytes;
    record.first_ns = record.last_ns = packet.time_ns;
    std::memset(&record.tags, 0, sizeof record - offsetof(picket_flow, tags));
}

}  // namespace

struct FlowTable::Impl {
    explicit Impl(const FlowTableConfig& config)
        : records_max(std::bit_ceil(std::clamp(config.records_max, records_min, records_limit)))
        , index_bits(static_cast<unsigned>(std::countr_zero(records_max)))
        , slot_mask(records_max * 2 - 1)
        , hasher(config.hash_seed)
        , known(config.known_flows_max, config.idle_seconds, hasher)
        , records(records_max)
        , slots(slot_mask + 1) {}

    void add_batch(std::span<const Packet> packets, RecordSink& sink);
    void add_one(const Packet& packet, uint64_t hash, RecordSink& sink);
    void hand_on(RecordSink& sink);

    /// What a slot of this generation and tag holds, but for the number of the record in its low bits.
    [[nodiscard]] uint32_t stamp_of(uint64_t hash) const {
        const uint32_t tag = static_cast<uint32_t>(hash >> 40) << index_bits;
        return generation << generation_shift | (tag & ((1U << generation_shift) - 1));
    }

    const uint32_t records_max;
    const unsigned index_bits;
    const uint32_t slot_mask;
    uint32_t generation = 1;
    uint32_t count = 0;
    FlowHasher hasher;
    KnownFlows known;
    FlowTableStats stats;
    std::vector<picket_flow> records;
    std::vector<uint32_t> slots;
};

void FlowTable::Impl::add_batch(std::span<const Packet> packets, RecordSink& sink) {
    std::array<uint64_t, batch_max> hashes;
    for (size_t i = 0; i < packets.size(); ++i) {
        hashes[i] = hasher.of_key(packets[i]);
        __builtin_prefetch(&slots[hashes[i] & slot_mask], 1);
    }
    // The first slot is nearly always the right one; where it is not, one prefetch was for nothing.
    for (size_t i = 0; i < packets.size(); ++i) {
        const uint32_t slot = slots[hashes[i] & slot_mask];
        const auto* record = reinterpret_cast<const uint8_t*>(&records[slot & (records_max - 1)]);
        __builtin_prefetch(record, 1);
        __builtin_prefetch(record + 64, 1);
    }
    for (size_t i = 0; i < packets.size(); ++i) add_one(packets[i], hashes[i], sink);
}

void FlowTable::Impl::add_one(const Packet& packet, uint64_t hash, RecordSink& sink) {
    stats.bytes += packet.bytes;
    const uint32_t stamp = stamp_of(hash);
    uint64_t at = hash & slot_mask;
    // Half of the slots are always free, so the walk ends.
    while (slots[at] >> generation_shift == generation) {
        const uint32_t rest = slots[at] ^ stamp;
        if (rest < records_max && same_key(records[rest], packet)) {
            fold(records[rest], packet);
            return;
        }
        at = (at + 1) & slot_mask;
    }
    if (count == records_max) {
        ++stats.early_flushes;
        hand_on(sink);
        at = hash & slot_mask;
    }
    start(records[count], packet);
    slots[at] = stamp_of(hash) | count;
    ++count;
}

void FlowTable::Impl::hand_on(RecordSink& sink) {
    if (count == 0) return;
    const std::span<picket_flow> all = std::span(records).first(count);
    known.mark(all, stats);
    stats.records += count;
    count = 0;
    generation = (generation + 1) % generations;
    if (generation == 0) {
        std::fill(slots.begin(), slots.end(), 0);
        generation = 1;
    }
    sink.on_records(all);
}

FlowTable::FlowTable(const FlowTableConfig& config)
    : impl_(std::make_unique<Impl>(config)) {}
FlowTable::~FlowTable() = default;
FlowTable::FlowTable(FlowTable&&) noexcept = default;

void FlowTable::add(std::span<const Packet> packets, RecordSink& sink) {
    impl_->stats.packets += packets.size();
    while (!packets.empty()) {
        const size_t count = std::min<size_t>(packets.size(), batch_max);
        impl_->add_batch(packets.first(count), sink);
        packets = packets.subspan(count);
    }
}

void FlowTable::flush(RecordSink& sink) { impl_->hand_on(sink); }

const FlowTableStats& FlowTable::stats() const { return impl_->stats; }

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// records: sequence → length of the owner, owner, bytes. by_owner: owner, 0, sequence → nothing. See
// log_table.hpp.
#include "core/store/log_table.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/store/incident_table.hpp"
#include "core/store/keys.hpp"

namespace picket {
namespace {

using lmdb::Transaction;

constexpr size_t sequence_bytes = 8;

std::string sequence_key(uint64_t sequence) {
    std::string out;
    append_u64(out, sequence);
    return out;
}

std::string owner_prefix(std::string_view owner) {
    std::string out(owner.substr(0, owner_max));
    out += '\0';
    return out;
}

/// Owner and bytes of a record; two empty ones for what is none.
std::pair<std::string_view, std::string_view> parts_of(std::string_view value) {
    if (value.empty()) return {};
    const size_t length = static_cast<uint8_t>(value.front());
    if (value.size() < 1 + length) return {};
    return {value.substr(1, length), value.substr(1 + length)};
}

void erase_record(Transaction& transaction, const LogTable& table, std::string_view owner,
                  uint64_t sequence) {
    std::string key = owner_prefix(owner);
    append_u64(key, sequence);
    transaction.erase(table.by_owner, key);
    transaction.erase(table.records, sequence_key(sequence));
}

}  // namespace

void append_record(Transaction& transaction, const Tables& tables, const LogTable& table,
                   std::string_view owner, std::string_view bytes) {
    const std::string_view kept = owner.substr(0, owner_max);
    const auto stored = transaction.get(tables.meta, table.name);
    const uint64_t sequence = stored ? read_u64(*stored) : 1;
    std::string value(1, static_cast<char>(kept.size()));
    value.append(kept).append(bytes);
    transaction.put(table.records, sequence_key(sequence), value);
    std::string by_owner = owner_prefix(kept);
    append_u64(by_owner, sequence);
    transaction.put(table.by_owner, by_owner, {});
    transaction.put(tables.meta, table.name, sequence_key(sequence + 1));
}

size_t erase_records_of(Transaction& transaction, const LogTable& table, std::string_view owner, size_t max) {
    const std::string prefix = owner_prefix(owner);
    std::vector<uint64_t> sequences;
    for (lmdb::Range range(transaction, table.by_owner, prefix, behind(prefix));
         sequences.size() < max && range.next();)
        if (range.key().size() == prefix.size() + sequence_bytes)
            sequences.push_back(read_u64(range.key().substr(prefix.size())));
    for (const uint64_t sequence : sequences) erase_record(transaction, table, owner, sequence);
    return sequences.size();
}

size_t erase_oldest(Transaction& transaction, const LogTable& table, size_t max,
                    const std::function<bool(std::string_view bytes)>& is_old) {
    std::vector<std::pair<uint64_t, std::string>> old;
    for (lmdb::Range range(transaction, table.records, {}, {}); old.size() < max && range.next();) {
        const auto [owner, bytes] = parts_of(range.value());
        if (!is_old(bytes)) break;
        old.emplace_back(read_u64(range.key()), owner);
    }
    for (const auto& [sequence, owner] : old) erase_record(transaction, table, owner, sequence);
    return old.size();
}

Result<std::string> list_records(Transaction& transaction, const LogTable& table, const LogQuery& query,
                                 const std::function<Take(const LogEntryRef&)>& see) {
    const std::string prefix = query.owner ? owner_prefix(*query.owner) : std::string{};
    const size_t key_bytes = prefix.size() + sequence_bytes;
    Listing listing{query.owner ? query.of_owner : query.all,
                    !query.ascending,
                    prefix,
                    key_bytes,
                    key_bytes,
                    prefix,
                    prefix.empty() ? std::string{} : behind(prefix)};
    if (auto placed = go_on_from(query.cursor, listing); !placed)
        return tl::unexpected<Error>(placed.error());
    const size_t limit = std::clamp<size_t>(query.limit, 1, 1000);
    size_t taken = 0, looked_at = 0;
    std::string last, next;
    lmdb::Range range(transaction, query.owner ? table.by_owner : table.records, listing.lower, listing.upper,
                      listing.descending);
    while (range.next()) {
        if (taken == limit || looked_at++ == listing_records_max) {
            next = cursor_text(listing, last);
            break;
        }
        last = range.key();
        if (last.size() != key_bytes) continue;
        const uint64_t sequence = read_u64(std::string_view(last).substr(prefix.size()));
        const auto value = query.owner ? transaction.get(table.records, sequence_key(sequence))
                                       : std::optional<std::string_view>(range.value());
        const auto [owner, bytes] = parts_of(value.value_or(std::string_view{}));
        if (see({sequence, owner, bytes}) == Take::take) ++taken;
    }
    if (auto read = transaction.status(); !read) return tl::unexpected<Error>(read.error());
    return next;
}

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// Records in order of arrival, each belonging to somebody: findings to their incident, audit entries to what
// they are about. Reading on any thread, writing on the writer's.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "core/store/page_cursor.hpp"
#include "core/store/schema.hpp"

namespace picket {

/// `owner`: at most owner_max bytes; the rest is cut off.
void append_record(lmdb::Transaction& transaction, const Tables& tables, const LogTable& table,
                   std::string_view owner, std::string_view bytes);
/// Those that belong to `owner`, the oldest first, at most `max`. How many went.
size_t erase_records_of(lmdb::Transaction& transaction, const LogTable& table, std::string_view owner,
                        size_t max = SIZE_MAX);
/// Removes the oldest while `is_old` says so of the record's bytes, at most `max`. How many went.
size_t erase_oldest(lmdb::Transaction& transaction, const LogTable& table, size_t max,
                    const std::function<bool(std::string_view bytes)>& is_old);

struct LogEntryRef {
    uint64_t sequence = 0;
    std::string_view owner, bytes;  ///< valid during the call
};
/// What a reader says of an entry.
enum class Take : uint8_t { skip, take };

struct LogQuery {
    ListingKind all, of_owner;  ///< which of both a cursor belongs to
    std::optional<std::string> owner;
    bool ascending = false;
    size_t limit = 100;
    std::string cursor;
};
/// Shows the entries in order until `limit` were taken; where to go on, or an empty text at the end.
Result<std::string> list_records(lmdb::Transaction& transaction, const LogTable& table, const LogQuery& query,
                                 const std::function<Take(const LogEntryRef&)>& see);

}  // namespace picket

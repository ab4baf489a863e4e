// SPDX-License-Identifier: Apache-2.0
// Removal in bounded steps; see retention.hpp. Writer's thread.
#include "core/store/retention.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "core/store/codec.hpp"
#include "core/store/incident_table.hpp"
#include "core/store/keys.hpp"
#include "core/store/log_table.hpp"

namespace picket {
namespace {

using lmdb::Transaction;

/// Ended incidents whose last finding was before `before_ns`, the oldest first, with their findings.
size_t erase_ended(Transaction& transaction, const Tables& tables, uint64_t before_ns, size_t max) {
    const std::string prefix = sort_prefix(IncidentSort::last);
    std::string upper = prefix;
    append_u64(upper, before_ns);
    std::vector<std::string> ids;
    for (lmdb::Range range(transaction, tables.incident_order, prefix, upper);
         ids.size() < max && range.next();)
        if (range.key().size() > sort_key_head && read_digest(range.value()).active == 0)
            ids.emplace_back(range.key().substr(sort_key_head));
    for (const std::string& id : ids) {
        erase_incident(transaction, tables, id);
        erase_records_of(transaction, tables.findings, id);
    }
    return ids.size();
}

size_t erase_beyond(Transaction& transaction, const LogTable& table, uint64_t count_max, size_t max) {
    const uint64_t count = transaction.entries(table.records);
    if (count <= count_max) return 0;
    return erase_oldest(transaction, table, std::min<size_t>(count - count_max, max),
                        [](std::string_view) { return true; });
}

}  // namespace

size_t erase_expired(Transaction& transaction, const Tables& tables, const StoreConfig& config,
                     uint64_t now_ns) {
    const uint64_t before_ns = now_ns - std::min(now_ns, config.incident_retention_ns);
    size_t gone = erase_ended(transaction, tables, before_ns, expired_per_step);
    const auto left = [&] { return expired_per_step - std::min(gone, expired_per_step); };
    gone += erase_beyond(transaction, tables.findings, config.findings_max, left());
    gone += erase_beyond(transaction, tables.audit, config.audit_max, left());
    gone += erase_oldest(transaction, tables.findings, left(), [&](std::string_view bytes) {
        const auto finding = decode_finding(bytes);
        return !finding || finding->time_ns < before_ns;
    });
    return gone;
}

size_t erase_oldest_of_all(Transaction& transaction, const Tables& tables) {
    const size_t findings =
        erase_oldest(transaction, tables.findings, expired_per_step, [](std::string_view) { return true; });
    return findings + erase_ended(transaction, tables, UINT64_MAX, expired_per_step - findings / 2);
}

}  // namespace picket

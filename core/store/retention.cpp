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

struct Ended {
    uint64_t last_ns;
    std::string id;
};

bool always(std::string_view) { return true; }

/// Ended incidents whose last finding was before `before_ns`, the oldest first.
std::vector<Ended> oldest_ended(Transaction& transaction, const Tables& tables, uint64_t before_ns,
                                size_t max) {
    const std::string prefix = sort_prefix(IncidentSort::last);
    std::string upper = prefix;
    append_u64(upper, before_ns);
    std::vector<Ended> out;
    for (lmdb::Range range(transaction, tables.incident_order, prefix, upper);
         out.size() < max && range.next();)
        if (range.key().size() > sort_key_head && read_digest(range.value()).active == 0)
            out.push_back({value_in_sort_key(range.key()), std::string(range.key().substr(sort_key_head))});
    return out;
}

/// Its findings go first, over several steps where they are many.
size_t erase_with_findings(Transaction& transaction, const Tables& tables, const std::string& id,
                           size_t max) {
    const size_t findings = erase_records_of(transaction, tables.findings, id, max);
    if (findings == max) return findings;
    erase_incident(transaction, tables, id);
    return findings + 1;
}

size_t erase_beyond(Transaction& transaction, const LogTable& table, uint64_t count_max, size_t max) {
    const uint64_t count = transaction.entries(table.records);
    if (count <= count_max) return 0;
    return erase_oldest(transaction, table, std::min<size_t>(count - count_max, max), always);
}

}  // namespace

size_t erase_expired(Transaction& transaction, const Tables& tables, const StoreConfig& config,
                     uint64_t now_ns, size_t max) {
    const uint64_t before_ns = now_ns - std::min(now_ns, config.incident_retention_ns);
    size_t gone = 0;
    for (const Ended& each : oldest_ended(transaction, tables, before_ns, max)) {
        if (gone == max) break;
        gone += erase_with_findings(transaction, tables, each.id, max - gone);
    }
    gone += erase_beyond(transaction, tables.findings, config.findings_max, max - gone);
    gone += erase_beyond(transaction, tables.audit, config.audit_max, max - gone);
    gone += erase_oldest(transaction, tables.findings, max - gone, [&](std::string_view bytes) {
        const auto finding = decode_finding(bytes);
        return !finding || finding->time_ns < before_ns;
    });
    return gone;
}

size_t erase_oldest_of_all(Transaction& transaction, const Tables& tables, size_t max) {
    const auto ended = oldest_ended(transaction, tables, UINT64_MAX, max);
    const uint64_t horizon_ns = ended.empty() ? UINT64_MAX : ended.back().last_ns;
    size_t gone = erase_oldest(transaction, tables.findings, max, [&](std::string_view bytes) {
        const auto finding = decode_finding(bytes);
        return !finding || finding->time_ns <= horizon_ns;
    });
    for (const Ended& each : ended) {
        if (gone == max) break;
        gone += erase_with_findings(transaction, tables, each.id, max - gone);
    }
    return gone > 0 ? gone : erase_oldest(transaction, tables.audit, max, always);
}

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// Reading and writing one incident; see incident_table.hpp. Writes: the writer's thread.
#include "core/store/incident_table.hpp"

#include <array>
#include <utility>
#include <vector>

#include "core/store/codec.hpp"
#include "core/store/keys.hpp"

namespace picket {
namespace {

using lmdb::Transaction;

constexpr std::array sorts{IncidentSort::opened, IncidentSort::last, IncidentSort::severity,
                           IncidentSort::findings};

/// Where a record that nobody can read stands in the orders is not known: all of them are searched. Only a
/// broken disk leads here.
void erase_orders_of_unreadable(Transaction& transaction, const Tables& tables, const std::string& id) {
    std::vector<std::string> found;
    for (lmdb::Range entries(transaction, tables.incident_order, {}, {}); entries.next();)
        if (entries.key().size() >= sort_key_head && entries.key().substr(sort_key_head) == id)
            found.emplace_back(entries.key());
    for (const std::string& key : found) transaction.erase(tables.incident_order, key);
}

void write_orders(Transaction& transaction, const Tables& tables, const IncidentRecord& record,
                  const std::optional<IncidentRecord>& before) {
    const std::string digest = digest_of(record);
    const std::string digest_before = before ? digest_of(*before) : std::string{};
    for (const IncidentSort sort : sorts) {
        const std::string key = sort_key(sort, record.incident);
        if (before) {
            const std::string key_before = sort_key(sort, before->incident);
            if (key == key_before && digest == digest_before) continue;
            if (key != key_before) transaction.erase(tables.incident_order, key_before);
        }
        transaction.put(tables.incident_order, key, digest);
    }
}

}  // namespace

std::optional<IncidentRecord> read_incident(Transaction& transaction, const Tables& tables,
                                            const std::string& id) {
    if (id.empty() || id.size() > incident_id_max) return std::nullopt;
    const auto bytes = transaction.get(tables.incidents, id);
    if (!bytes) return std::nullopt;
    auto record = decode_incident(*bytes);
    if (record && record->incident.id == id) return record;
    ++tables.undecodable;
    return std::nullopt;
}

bool has_incident(Transaction& transaction, const Tables& tables, const std::string& id) {
    return !id.empty() && id.size() <= incident_id_max && transaction.get(tables.incidents, id).has_value();
}

void write_incident(Transaction& transaction, const Tables& tables, const IncidentRecord& record) {
    const std::string& id = record.incident.id;
    const auto before = read_incident(transaction, tables, id);
    if (!before && has_incident(transaction, tables, id)) erase_orders_of_unreadable(transaction, tables, id);
    write_orders(transaction, tables, record, before);
    transaction.put(tables.incidents, id, encode(record));
}

void update_incident(Transaction& transaction, const Tables& tables, const Incident& incident) {
    auto record = read_incident(transaction, tables, incident.id).value_or(IncidentRecord{});
    record.incident = incident;
    write_incident(transaction, tables, record);
}

bool erase_incident(Transaction& transaction, const Tables& tables, const std::string& id) {
    if (const auto record = read_incident(transaction, tables, id))
        for (const IncidentSort sort : sorts)
            transaction.erase(tables.incident_order, sort_key(sort, record->incident));
    else
        erase_orders_of_unreadable(transaction, tables, id);
    return transaction.erase(tables.incidents, id);
}

}  // namespace picket

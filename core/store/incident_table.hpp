// SPDX-License-Identifier: Apache-2.0
// Incidents in their table and in the four orders they are listed by, which always change together. Reading
// on any thread, writing on the writer's.
#pragma once
#include <optional>
#include <string>

#include "core/store/schema.hpp"
#include "core/store/store.hpp"

namespace picket {

std::optional<IncidentRecord> read_incident(lmdb::Transaction& transaction, const Tables& tables,
                                            const std::string& id);
/// Also one that cannot be decoded.
bool has_incident(lmdb::Transaction& transaction, const Tables& tables, const std::string& id);
/// Adds it, or puts it in place of the one with its id.
void write_incident(lmdb::Transaction& transaction, const Tables& tables, const IncidentRecord& record);
/// What the detectors say, beside what people made of it so far.
void update_incident(lmdb::Transaction& transaction, const Tables& tables, const Incident& incident);
/// Also one that cannot be decoded. False: it is not there.
bool erase_incident(lmdb::Transaction& transaction, const Tables& tables, const std::string& id);

/// Entries of an order that one call looks at, and records that it decodes, at most.
inline constexpr size_t listing_entries_max = 100'000;
inline constexpr size_t listing_records_max = 20'000;
Result<IncidentPage> list_incidents(lmdb::Transaction& transaction, const Tables& tables,
                                    const IncidentQuery& query);

}  // namespace picket

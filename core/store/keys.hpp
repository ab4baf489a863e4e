// SPDX-License-Identifier: Apache-2.0
// Keys whose byte order is the order of their values, and what stands beside them. All of it is on disk: a
// change here is a new version of the schema. Any thread.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "core/model/incident.hpp"
#include "core/store/store.hpp"

namespace picket {

inline constexpr size_t incident_id_max = 64;
inline constexpr size_t owner_max = 255;  ///< an incident's id or the object of an audit entry

/// Big-endian.
void append_u64(std::string& out, uint64_t value);
/// 0 when there are fewer than 8 bytes.
uint64_t read_u64(std::string_view bytes);
/// The first key behind all that begin with `prefix`; empty: there is none.
std::string behind(std::string prefix);

/// Where an incident stands in a sort: sort, value, opening time, id.
std::string sort_prefix(IncidentSort sort);
std::string sort_key(IncidentSort sort, const Incident& incident);
inline constexpr size_t sort_key_head = 1 + 8 + 8;  ///< the id follows
/// The sort's value, and the opening time.
inline uint64_t value_in_sort_key(std::string_view key) { return read_u64(key.substr(1)); }
inline uint64_t opened_in_sort_key(std::string_view key) { return read_u64(key.substr(9)); }

/// What filters need of an incident, beside each of its sort keys: most that do not match are passed over
/// without a look at the record.
struct Digest {
    uint8_t status = 0, severity = 0, active = 0;
    uint32_t type = 0, subject = 0, policy = 0;  ///< hashes
};
/// FNV-1a, because it never changes.
uint32_t digest_hash(std::string_view text);
std::string digest_of(const IncidentRecord& record);
/// All zero for bytes that are none.
Digest read_digest(std::string_view bytes);

}  // namespace picket

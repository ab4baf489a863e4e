// SPDX-License-Identifier: Apache-2.0
// Records as bytes: MessagePack maps with named fields. Keys that this version does not know are ignored,
// missing ones get their defaults, so versions before and after read each other's records. MessagePack and
// not CBOR, whose strings may nest without end. Any thread.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "core/store/store.hpp"

namespace picket {

/// A record that is larger as bytes is not kept: no writer of ours makes one.
inline constexpr size_t record_bytes_max = 64 * 1024;

std::string encode(const IncidentRecord& record);
std::string encode(const Finding& finding);
/// Without its sequence and object, which are part of where it is kept.
std::string encode(const AuditRecord& record);

// Nothing: these bytes are no such record.
std::optional<IncidentRecord> decode_incident(std::string_view bytes);
std::optional<Finding> decode_finding(std::string_view bytes);
std::optional<AuditRecord> decode_audit(std::string_view bytes);

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// The flow record of the core is the one of the plugin header: one path, no conversion. What the core adds,
// the direction, stands in a record of its own beside it. Any thread.
#pragma once
#include <netinet/in.h>

#include <cstdint>

#include "core/model/address.hpp"
#include "picket/flow.h"

namespace picket {

using FlowRecord = ::picket_flow;

inline Address src_of(const FlowRecord& record) { return Address::from_bytes(record.src); }
inline Address dst_of(const FlowRecord& record) { return Address::from_bytes(record.dst); }

/// Seen from the local prefixes.
enum class Direction : uint8_t {
    inbound = 0,   ///< remote to local
    outbound = 1,  ///< local to remote
    internal = 2,  ///< local to local, or a local host to a multicast or broadcast group
    transit = 3,   ///< neither end is local
};
inline constexpr unsigned direction_count = 4;

}  // namespace picket

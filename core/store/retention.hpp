// SPDX-License-Identifier: Apache-2.0
// What goes, and in which order: what is older than it is to be kept, what is beyond a number, and, when
// there is no room, the oldest. An incident that still goes on never goes. Writer's thread.
#pragma once
#include <cstddef>
#include <cstdint>

#include "core/store/schema.hpp"
#include "core/store/store.hpp"

namespace picket {

inline constexpr size_t expired_per_step = 1000;  ///< records that one transaction removes

// At most `max` records. How many went.

/// What is to go as of `now_ns`.
size_t erase_expired(lmdb::Transaction& transaction, const Tables& tables, const StoreConfig& config,
                     uint64_t now_ns, size_t max);
/// For want of room: of findings and ended incidents the oldest; audit entries when there are none of these.
size_t erase_oldest_of_all(lmdb::Transaction& transaction, const Tables& tables, size_t max);

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// Is what the daemon sees to be trusted? Judged once a second from the counts of the last ten. Engine thread.
#pragma once
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "core/engine/status.hpp"
#include "core/store/store.hpp"

namespace picket {

class Health {
  public:
    /// Why `now` is not healthy, a sentence each, always in the same order; empty: it is.
    std::vector<std::string> judge(const DaemonStatus& now, const StoreStats& store);

  private:
    /// The counts whose growth matters.
    struct Sample {
        uint64_t packets = 0, lost_kernel = 0, lost_interface = 0, records_lost = 0;
        uint64_t ticks = 0, ticks_late = 0, alerts_lost = 0, source_failures = 0;
        uint64_t puts_refused = 0, puts_failed = 0;
        uint64_t commits = 0, puts_waiting = 0;
    };
    static Sample sample(const DaemonStatus& now, const StoreStats& store);

    std::deque<Sample> samples_;  ///< one a second, the oldest first
};

}  // namespace picket

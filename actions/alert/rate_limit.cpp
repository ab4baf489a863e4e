// SPDX-License-Identifier: Apache-2.0
// The table behind the rate limit; see rate_limit.hpp. [worker]
#include "actions/alert/rate_limit.hpp"

namespace picket::alert {

RateLimit::Verdict RateLimit::check(const std::string& incident, uint64_t now_ns, uint64_t interval_ns) {
    const auto found = by_incident_.find(incident);
    if (found == by_incident_.end()) return {true, 0};
    Entry& entry = *found->second;
    if (now_ns - entry.sent_ns >= interval_ns) return {true, entry.suppressed};
    return {false, ++entry.suppressed};
}

void RateLimit::sent(const std::string& incident, uint64_t now_ns) {
    const auto found = by_incident_.find(incident);
    if (found != by_incident_.end()) {
        entries_.splice(entries_.end(), entries_, found->second);
    } else {
        if (entries_.size() >= incidents_max_) {
            by_incident_.erase(entries_.front().incident);
            entries_.pop_front();
            ++forgotten_;
        }
        entries_.push_back({incident, 0, 0});
        by_incident_.emplace(incident, std::prev(entries_.end()));
    }
    entries_.back().sent_ns = now_ns;
    entries_.back().suppressed = 0;
}

}  // namespace picket::alert

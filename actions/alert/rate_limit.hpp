// SPDX-License-Identifier: Apache-2.0
// At most one alert per incident and interval. The table of incidents is bounded: when it is full, the one
// that was alerted longest ago is forgotten, and would be alerted again. [worker]
#pragma once
#include <cstdint>
#include <list>
#include <string>
#include <unordered_map>

namespace picket::alert {

class RateLimit {
  public:
    explicit RateLimit(size_t incidents_max)
        : incidents_max_(incidents_max) {}

    struct Verdict {
        bool pass;
        uint64_t suppressed;  ///< alerts of the incident held back since the last one that went out
    };
    /// Whether an alert may go out at `now_ns` (any clock that never goes back). If not, it is counted.
    Verdict check(const std::string& incident, uint64_t now_ns, uint64_t interval_ns);
    /// It went out: the interval begins. Apart from check, because writing may fail.
    void sent(const std::string& incident, uint64_t now_ns);

    /// Incidents that were forgotten for want of room.
    [[nodiscard]] uint64_t forgotten() const { return forgotten_; }

  private:
    struct Entry {
        std::string incident;
        uint64_t sent_ns = 0;
        uint64_t suppressed = 0;
    };
    size_t incidents_max_;
    std::list<Entry> entries_;  // the one alerted longest ago first
    std::unordered_map<std::string, std::list<Entry>::iterator> by_incident_;
    uint64_t forgotten_ = 0;
};

}  // namespace picket::alert

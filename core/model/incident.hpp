// SPDX-License-Identifier: Apache-2.0
// An incident: findings of one type about one subject, gathered while they keep coming. Made by core/response
// on the engine thread; kept by core/store, shown by core/api.
#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/model/finding.hpp"

namespace picket {

enum class IncidentStatus : uint8_t { open, closed };

struct Incident {
    std::string id;  ///< 16 hex digits, made from type, subject and opening time: the same in every replay
    std::string type, subject, policy;
    IncidentStatus status = IncidentStatus::open;
    Severity severity = Severity::medium;  ///< the highest so far
    double confidence = 0;                 ///< the highest so far
    std::string reason;                    ///< of the newest finding
    uint64_t opened_ns = 0, last_ns = 0, closed_ns = 0;
    uint64_t findings = 0;                              ///< also those that were not passed on
    std::vector<std::string> targets;                   ///< the first ones, at most targets_max
    uint64_t targets_more = 0;                          ///< findings toward targets beyond those
    std::vector<std::pair<std::string, double>> peaks;  ///< highest value of each measure
};

}  // namespace picket

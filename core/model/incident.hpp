// SPDX-License-Identifier: Apache-2.0
// An incident: findings of one type about one subject, gathered while they keep coming. Made by core/response
// on the engine thread; kept by core/store, shown by core/api.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/model/finding.hpp"

namespace picket {

/// What people made of it. Whether it still goes on is another question: Incident::active().
enum class IncidentStatus : uint8_t { open, acknowledged, resolved, false_positive, archived };
inline constexpr std::array<std::string_view, 5> incident_status_names{"open", "acknowledged", "resolved",
                                                                       "false_positive", "archived"};
inline std::string_view name_of(IncidentStatus status) {
    return incident_status_names[static_cast<size_t>(status)];
}

struct Incident {
    std::string id;  ///< 16 hex digits, made from type, subject and opening time: the same in every replay
    std::string type, subject, policy;
    Severity severity = Severity::medium;  ///< the highest so far
    double confidence = 0;                 ///< the highest so far
    std::string reason;                    ///< of the newest finding
    uint64_t opened_ns = 0, last_ns = 0;
    uint64_t closed_ns = 0;                             ///< 0: findings keep coming
    uint64_t findings = 0;                              ///< also those that were not passed on
    std::vector<std::string> targets;                   ///< the first ones, at most targets_max
    uint64_t targets_more = 0;                          ///< findings toward targets beyond those
    std::vector<std::pair<std::string, double>> peaks;  ///< highest value of each measure

    [[nodiscard]] bool active() const { return closed_ns == 0; }
};

/// An incident as it is kept: what the detectors say, and what people made of it.
struct IncidentRecord {
    Incident incident;
    IncidentStatus status = IncidentStatus::open;
    std::string note;
    std::string changed_by;  ///< who set status or note last; empty: nobody did
    uint64_t changed_ns = 0;
};

}  // namespace picket

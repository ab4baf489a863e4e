// SPDX-License-Identifier: Apache-2.0
// A finding: what a detector saw in one tick. It says what, who, toward whom, how sure, and from which
// numbers. Made by core/policy on the engine thread, consumed by core/response.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace picket {

/// How much harm: info (worth knowing), low (a nuisance), medium (abuse, look at it), high (act on it),
/// critical (act on it at once).
enum class Severity : uint8_t { info, low, medium, high, critical };
inline constexpr std::array<std::string_view, 5> severity_names{"info", "low", "medium", "high", "critical"};
inline std::string_view name_of(Severity severity) { return severity_names[static_cast<size_t>(severity)]; }

struct Finding {
    uint64_t time_ns = 0;  ///< end of the tick that found it
    std::string type;      ///< "port_scan_unique_ports_tcp"; the catalogue is in policies/README.md
    std::string subject;   ///< who does it, or the victim for findings of a victim's view
    std::string target;    ///< toward whom; may be empty
    std::string policy;
    Severity severity = Severity::medium;
    double confidence = 0.8;  ///< 0…1
    std::string reason;       ///< one sentence
    /// Measures of the row at that moment, in order of declaration, and the limits that they reached.
    std::vector<std::pair<std::string, double>> measures;
    std::vector<std::pair<std::string, double>> limits;
};

}  // namespace picket

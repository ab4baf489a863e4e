// SPDX-License-Identifier: Apache-2.0
// How far a policy may go. The core holds it to that, whatever the policy says. Any thread.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace picket {

/// In rising order: the lesser of two is the more careful one.
enum class PolicyMode : uint8_t {
    off,      ///< does not run; nothing is counted for it
    observe,  ///< reports findings
    dry_run,  ///< and records what would be done
    enforce,  ///< and has it done
};

inline constexpr std::array<std::string_view, 4> policy_mode_names{"off", "observe", "dry_run", "enforce"};
inline std::string_view name_of(PolicyMode mode) { return policy_mode_names[static_cast<size_t>(mode)]; }

inline std::optional<PolicyMode> policy_mode_named(std::string_view name) {
    for (size_t i = 0; i < policy_mode_names.size(); ++i)
        if (policy_mode_names[i] == name) return static_cast<PolicyMode>(i);
    return std::nullopt;
}

}  // namespace picket

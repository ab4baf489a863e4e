// SPDX-License-Identifier: Apache-2.0
// What the checks found, for people and for programs. Main thread.
#pragma once
#include <string>
#include <vector>

#include "core/doctor/check.hpp"

namespace picket {

size_t count_of(const std::vector<CheckResult>& results, CheckState state);
std::string doctor_text(const std::vector<CheckResult>& results, bool colours);
/// {"ok", "checks": [{"name", "state", "what", "hint"}]}, on one line.
std::string doctor_json(const std::vector<CheckResult>& results);

}  // namespace picket

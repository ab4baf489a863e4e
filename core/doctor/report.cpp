// SPDX-License-Identifier: Apache-2.0
// See report.hpp. Main thread.
#include "core/doctor/report.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/client/json_read.hpp"
#include "core/terminal/table.hpp"
#include "core/terminal/terminal.hpp"

namespace picket {
namespace {

std::string state_text(CheckState state, bool colours) {
    constexpr std::array<std::string_view, check_state_names.size()> codes{"32", "0", "33", "31"};
    const std::string word = fmt::format("{:<8}", name_of(state));
    if (!colours) return word;
    return fmt::format("\x1b[{}m{}\x1b[0m", codes.at(static_cast<size_t>(state)), word);
}

std::string number_of(size_t count, std::string_view what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

}  // namespace

size_t count_of(const std::vector<CheckResult>& results, CheckState state) {
    return static_cast<size_t>(std::count_if(results.begin(), results.end(), [&](const CheckResult& result) {
        return result.outcome.state == state;
    }));
}

std::string doctor_text(const std::vector<CheckResult>& results, bool colours) {
    std::string out;
    std::string_view last;
    for (const auto& [name, outcome] : results) {
        out += fmt::format("{} {:<14} {}\n", state_text(outcome.state, colours), name == last ? "" : name,
                           printable(outcome.what));
        if (!outcome.hint.empty()) out += fmt::format("{:<24}→ {}\n", "", printable(outcome.hint));
        last = name;
    }
    return out + fmt::format("\n{}, {}\n", number_of(count_of(results, CheckState::problem), "problem"),
                             number_of(count_of(results, CheckState::warning), "warning"));
}

std::string doctor_json(const std::vector<CheckResult>& results) {
    Json checks = Json::array();
    for (const auto& [name, outcome] : results)
        checks.push_back(Json{{"name", name},
                              {"state", name_of(outcome.state)},
                              {"what", outcome.what},
                              {"hint", outcome.hint}});
    return json_line(
        Json{{"ok", count_of(results, CheckState::problem) == 0}, {"checks", std::move(checks)}});
}

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// The part of the tables that cannot be constexpr. Any thread.
#include "core/config/tables.hpp"

namespace picket {

std::vector<std::string> split_choices(std::string_view choices) {
    std::vector<std::string> out;
    while (!choices.empty()) {
        const auto bar = choices.find('|');
        out.emplace_back(choices.substr(0, bar));
        choices.remove_prefix(bar == std::string_view::npos ? choices.size() : bar + 1);
    }
    return out;
}

OptionSpec policy_mode_spec() {
    OptionSpec spec;
    spec.name = "mode";
    spec.type = OptionType::choice;
    spec.choices.assign(policy_mode_names.begin(), policy_mode_names.end());
    spec.help = "How far the policy may go, within what [policies] mode lets any.";
    return spec;
}

}  // namespace picket

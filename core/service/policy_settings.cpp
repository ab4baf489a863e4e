// SPDX-License-Identifier: Apache-2.0
// Tables of the configuration to settings of policies. Main thread, and that of a reload.
#include "core/service/policy_settings.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace picket {
namespace {

std::map<std::string, PolicySetting> plain(const Settings& settings) {
    std::map<std::string, PolicySetting> out;
    for (const auto& [key, setting] : settings) out[key] = {setting.value, setting.origin};
    return out;
}

void check_groups(const Config& config, std::vector<Error>& problems) {
    std::map<Prefix, std::string> owners;
    for (const auto& [name, group] : config.group)
        for (const Prefix& prefix : group.prefixes) {
            const auto [at, is_new] = owners.emplace(prefix, name);
            if (!is_new && at->second != name)
                problems.push_back(
                    Error{ErrorCode::invalid,
                          fmt::format("group.{}: {} is in group {} already", name, prefix.text(), at->second),
                          group.origin,
                          {}});
        }
}

void add_groups(const Config& config, const std::string& policy, const PolicySection& section,
                PolicySettings& out, std::vector<Error>& problems) {
    std::vector<std::string> known;
    for (const auto& [name, group] : config.group) known.push_back(name);
    for (const auto& [name, settings] : section.groups) {
        const auto group = config.group.find(name);
        if (group == config.group.end()) {
            const auto near = nearest_name(name, known);
            problems.push_back(Error{ErrorCode::invalid,
                                     fmt::format("policy.{}.group.{}: there is no such group", policy, name),
                                     settings.empty() ? section.origin : settings.begin()->second.origin,
                                     near ? fmt::format("did you mean '{}'?", *near) : ""});
            continue;
        }
        out.groups.push_back({name, group->second.prefixes, plain(settings)});
    }
    // After the groups: of equal prefixes the one that is written out decides.
    for (const auto& [prefix, settings] : section.prefixes)
        out.groups.push_back({prefix.text(), {prefix}, plain(settings)});
}

}  // namespace

PolicySettings default_policy_settings(const Config& config) {
    PolicySettings out;
    out.mode = policy_mode_named(config.policies.mode).value_or(PolicyMode::observe);
    if (const auto at = config.origins.find("policies.mode"); at != config.origins.end())
        out.mode_origin = at->second;
    return out;
}

std::map<std::string, PolicySettings> policy_settings(const Config& config, std::vector<Error>& problems) {
    check_groups(config, problems);
    std::map<std::string, PolicySettings> out;
    for (const auto& [name, section] : config.policy) {
        PolicySettings& settings = out[name] = default_policy_settings(config);
        if (section.mode && *section.mode < settings.mode) {
            settings.mode = *section.mode;
            settings.mode_origin = section.mode_origin;
        }
        settings.origin = section.origin;
        settings.params = plain(section.params);
        add_groups(config, name, section, settings, problems);
    }
    return out;
}

}  // namespace picket

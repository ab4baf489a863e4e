// SPDX-License-Identifier: Apache-2.0
// The running configuration as text, with the origin of each value. Any thread.
#include <algorithm>

#include <fmt/format.h>

#include "core/config/config.hpp"
#include "core/config/option_text.hpp"
#include "core/config/tables.hpp"
#include "core/model/secret.hpp"

namespace picket {
namespace {

/// `key = value  # origin`. A file's name may hold what a TOML comment may not.
std::string line(std::string_view name, const std::string& value, std::string origin) {
    std::replace_if(
        origin.begin(), origin.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
    return fmt::format("{:<40}  # {}\n", fmt::format("{} = {}", key_text(name), value), origin);
}

std::string settings_text(const std::string& table, const std::string& name, const Settings& settings,
                          const std::string& first = {}) {
    std::string out = fmt::format("\n[{}.{}]\n{}", table, key_text(name), first);
    for (const auto& [key, setting] : settings)
        out += line(key, is_secret_name(key) ? quote_text(hidden_text) : raw_text(setting.value),
                    setting.origin);
    return out;
}

std::string policy_text(const std::string& name, const PolicySection& policy) {
    const std::string mode =
        policy.mode ? line("mode", quote_text(std::string(name_of(*policy.mode))), policy.mode_origin) : "";
    std::string out = settings_text("policy", name, policy.params, mode);
    const std::string table = "policy." + key_text(name);
    for (const auto& [group, settings] : policy.groups)
        out += settings_text(table + ".group", group, settings);
    for (const auto& [prefix, settings] : policy.prefixes)
        out += settings_text(table + ".prefix", prefix.text(), settings);
    return out;
}

std::string group_text(const std::string& name, const GroupSection& group) {
    std::string out = fmt::format("\n[group.{}]\n", key_text(name));
    for (const auto& key : group_keys)
        out += line(key.name, option_text(spec_of(key), value_of(key, group)), group.origin);
    return out;
}

}  // namespace

std::string dump_config(const Config& config) {
    std::string out;
    for_each_section([&](std::string_view name, std::string_view, const auto& keys, auto member) {
        out += fmt::format("{}[{}]\n", out.empty() ? "" : "\n", name);
        for (const auto& key : keys) {
            const auto origin = config.origins.find(fmt::format("{}.{}", name, key.name));
            out += line(key.name, option_text(spec_of(key), value_of(key, config.*member)),
                        origin == config.origins.end() ? "default" : origin->second);
        }
    });
    for (const auto& [name, group] : config.group) out += group_text(name, group);
    for (const auto& [name, policy] : config.policy) out += policy_text(name, policy);
    for (const auto& [name, plugin] : config.capture) out += settings_text("capture", name, plugin.values);
    for (const auto& [name, plugin] : config.action) out += settings_text("action", name, plugin.values);
    return out;
}

}  // namespace picket

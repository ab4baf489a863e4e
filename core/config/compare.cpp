// SPDX-License-Identifier: Apache-2.0
// Comparison and adoption, key by key, by tables.hpp. Any thread.
#include "core/config/compare.hpp"

#include <set>

#include "core/config/tables.hpp"

namespace picket {
namespace {

/// Values only: a key that has moved to another file has not changed.
std::map<std::string, RawValue> values_of(const PolicySection& section) {
    std::map<std::string, RawValue> out;
    for (const auto& [name, setting] : section.params) out[name] = setting.value;
    return out;
}

bool same(const PolicySection& a, const PolicySection& b) {
    return a.mode == b.mode && values_of(a) == values_of(b);
}

std::string dotted(std::string_view section, std::string_view key) {
    return std::string(section) + "." + std::string(key);
}

}  // namespace

std::vector<ConfigDifference> compare_config(const Config& running, const Config& fresh) {
    std::vector<ConfigDifference> out;
    for_each_section([&](std::string_view name, std::string_view, const auto& keys, auto member) {
        for (const auto& key : keys)
            if (value_of(key, running.*member) != value_of(key, fresh.*member))
                out.push_back({dotted(name, key.name), key.reloadable});
    });
    std::set<std::string> names;
    for (const auto& [name, section] : running.policy) names.insert(name);
    for (const auto& [name, section] : fresh.policy) names.insert(name);
    const PolicySection none;
    const auto of = [&](const Config& config, const std::string& name) -> const PolicySection& {
        const auto found = config.policy.find(name);
        return found == config.policy.end() ? none : found->second;
    };
    for (const std::string& name : names)
        if (!same(of(running, name), of(fresh, name))) out.push_back({dotted("policy", name), false});
    return out;
}

void adopt_reloadable(Config& running, const Config& fresh) {
    for_each_section([&](std::string_view name, std::string_view, const auto& keys, auto member) {
        for (const auto& key : keys) {
            if (!key.reloadable) continue;
            assign(key, running.*member, value_of(key, fresh.*member));
            const std::string path = dotted(name, key.name);
            running.origins.erase(path);
            if (const auto at = fresh.origins.find(path); at != fresh.origins.end())
                running.origins[path] = at->second;
        }
    });
}

}  // namespace picket

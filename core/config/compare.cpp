// SPDX-License-Identifier: Apache-2.0
// Comparison and adoption, key by key, by tables.hpp. Any thread.
#include "core/config/compare.hpp"

#include <set>

#include "core/config/tables.hpp"

namespace picket {
namespace {

std::string dotted(std::string_view section, std::string_view key) {
    return std::string(section) + "." + std::string(key);
}

/// Values only: a key that has moved to another file has not changed.
std::map<std::string, RawValue> values_of(const Settings& settings) {
    std::map<std::string, RawValue> out;
    for (const auto& [name, setting] : settings) out[name] = setting.value;
    return out;
}

template <typename Key>
std::map<Key, std::map<std::string, RawValue>> values_of(const std::map<Key, Settings>& groups) {
    std::map<Key, std::map<std::string, RawValue>> out;
    for (const auto& [group, settings] : groups) out[group] = values_of(settings);
    return out;
}

bool same(const PolicySection& a, const PolicySection& b) {
    return a.mode == b.mode && values_of(a.params) == values_of(b.params) &&
           values_of(a.groups) == values_of(b.groups) && values_of(a.prefixes) == values_of(b.prefixes);
}

bool same(const GroupSection& a, const GroupSection& b) {
    return a.prefixes == b.prefixes && a.tags == b.tags;
}

/// Names of tables that are not the same in both.
template <typename Section>
void compare_named(std::string_view table, const std::map<std::string, Section>& running,
                   const std::map<std::string, Section>& fresh, std::vector<ConfigDifference>& out) {
    std::set<std::string> names;
    for (const auto& [name, section] : running) names.insert(name);
    for (const auto& [name, section] : fresh) names.insert(name);
    const Section none;
    const auto of = [&](const std::map<std::string, Section>& sections,
                        const std::string& name) -> const Section& {
        const auto found = sections.find(name);
        return found == sections.end() ? none : found->second;
    };
    for (const std::string& name : names)
        if (!same(of(running, name), of(fresh, name))) out.push_back({dotted(table, name), true});
}

}  // namespace

std::vector<ConfigDifference> compare_config(const Config& running, const Config& fresh) {
    std::vector<ConfigDifference> out;
    for_each_section([&](std::string_view name, std::string_view, const auto& keys, auto member) {
        for (const auto& key : keys)
            if (value_of(key, running.*member) != value_of(key, fresh.*member))
                out.push_back({dotted(name, key.name), key.reloadable});
    });
    compare_named("group", running.group, fresh.group, out);
    compare_named("policy", running.policy, fresh.policy, out);
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
    running.group = fresh.group;
    running.policy = fresh.policy;
}

}  // namespace picket

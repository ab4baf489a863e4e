// SPDX-License-Identifier: Apache-2.0
// From nodes to members by the tables of tables.hpp, and from policy and plugin tables to settings that their
// owners check later. Any thread.
#include "core/config/bind.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/config/option_text.hpp"
#include "core/config/tables.hpp"

namespace picket {
namespace {

std::string dotted(const std::vector<std::string>& path) {
    std::string out;
    for (const std::string& part : path) out += (out.empty() ? "" : ".") + key_text(part);
    return out;
}

std::string unknown(std::string_view kind, const std::string& name, const std::vector<std::string>& known) {
    const auto near = nearest_name(name, known);
    const std::string shown = name.substr(0, 64);
    return near ? fmt::format("unknown {} '{}', did you mean '{}'?", kind, shown, *near)
                : fmt::format("unknown {} '{}'", kind, shown);
}

std::string what_it_is(const DocumentNode& node) {
    if (node.table) return "a table";
    return node.unusable.empty() ? shown_text(node.value) : node.unusable;
}

Error error_at(const std::string& where, std::string what, std::string hint = {}) {
    return Error{ErrorCode::invalid, std::move(what), where, std::move(hint)};
}

Error not_a_value(const DocumentNode& node) {
    return error_at(node.origin, fmt::format("{}: a value, is {}", dotted(node.path), what_it_is(node)));
}

bool is_named_table(std::string_view name) {
    return std::find(named_tables.begin(), named_tables.end(), name) != named_tables.end();
}

/// The tables of a policy that hold values for some addresses only.
bool is_override(std::string_view name) { return name == "group" || name == "prefix"; }

template <typename Keys>
auto find_key(const Keys& keys, std::string_view name) -> const typename Keys::value_type* {
    for (const auto& key : keys)
        if (key.name == name) return &key;
    return nullptr;
}

template <typename S, typename Keys>
std::optional<Error> bind_key(const Keys& keys, S& section, const DocumentNode& node) {
    const std::string& name = node.path.back();
    const auto* key = find_key(keys, name);
    if (key == nullptr) {
        std::vector<std::string> known;
        known.reserve(keys.size());
        for (const auto& each : keys) known.emplace_back(each.name);
        const std::vector<std::string> table(node.path.begin(), node.path.end() - 1);
        return error_at(node.key_origin, dotted(table) + ": " + unknown("key", name, known));
    }
    if (node.table || !node.unusable.empty()) return not_a_value(node);
    const auto value = check_option(spec_of(*key), node.value);
    if (!value)
        return error_at(node.origin, dotted(node.path) + ": " + value.error().what, value.error().hint);
    assign(*key, section, *value);
    return std::nullopt;
}

}  // namespace

void Binder::problem(Error error) {
    if (result_.problems.size() < config_problems_max)
        result_.problems.push_back(std::move(error));
    else
        ++not_shown_;
}

void Binder::finish() {
    if (not_shown_ > 0)
        result_.problems.push_back(
            Error{ErrorCode::limit, fmt::format("{} more problems", not_shown_), {}, {}});
}

void Binder::bind(const std::vector<DocumentNode>& nodes) {
    for (const DocumentNode& node : nodes) {
        const bool named = is_named_table(node.path.front());
        if (node.path.size() == 1)
            bind_top(node);
        else if (named && node.path.size() == 2)
            bind_named(node);
        else if (named && node.path.size() == 3)
            bind_setting(node);
        else if (node.path.front() == "policy" && is_override(node.path.at(2)))
            bind_override(node);
        else if (node.path.size() == 2)
            for_each_section([&](std::string_view name, std::string_view, const auto& keys, auto member) {
                if (name != node.path.front()) return;
                if (auto error = bind_key(keys, result_.config.*member, node))
                    problem(std::move(*error));
                else
                    result_.config.origins[dotted(node.path)] = node.origin;
            });
    }
}

void Binder::bind_top(const DocumentNode& node) {
    std::vector<std::string> known(named_tables.begin(), named_tables.end());
    for_each_section([&](std::string_view name, auto&&...) { known.emplace_back(name); });
    const std::string& name = node.path.front();
    const bool is_known = std::find(known.begin(), known.end(), name) != known.end();
    if (!is_known)
        problem(error_at(node.key_origin, unknown(node.table ? "table" : "key", name, known)));
    else if (!node.table)
        problem(error_at(node.origin, fmt::format("{}: a table, is {}", name, what_it_is(node))));
}

void Binder::bind_named(const DocumentNode& node) {
    if (!node.table) {
        problem(
            error_at(node.origin, fmt::format("{}: a table, is {}", dotted(node.path), what_it_is(node))));
        return;
    }
    const std::string& name = node.path.at(1);
    if (node.path.front() == "policy")
        result_.config.policy[name].origin = node.origin;
    else if (node.path.front() == "group")
        result_.config.group[name].origin = node.origin;
    else
        (node.path.front() == "capture" ? result_.config.capture : result_.config.action)[name].origin =
            node.origin;
}

void Binder::bind_group(const DocumentNode& node) {
    if (auto error = bind_key(group_keys, result_.config.group[node.path.at(1)], node))
        problem(std::move(*error));
}

/// [policy.flood.group.customers] and [policy.flood.prefix."203.0.113.0/24"].
void Binder::bind_override(const DocumentNode& node) {
    const std::string& name = node.path.at(3);
    const bool is_table = node.path.size() == 4;
    if (is_table != node.table) {
        problem(is_table ? error_at(node.origin,
                                    fmt::format("{}: a table, is {}", dotted(node.path), what_it_is(node)))
                         : not_a_value(node));
        return;
    }
    PolicySection& policy = result_.config.policy[node.path.at(1)];
    Settings* settings = nullptr;
    if (node.path.at(2) == "group") {
        settings = &policy.groups[name];
    } else if (const auto prefix = Prefix::parse(name)) {
        settings = &policy.prefixes[*prefix];
    } else {
        if (is_table) problem(error_at(node.key_origin, dotted(node.path) + ": " + prefix.error().what));
        return;
    }
    if (is_table) return;
    if (node.unusable.empty())
        (*settings)[node.path.at(4)] = Setting{node.value, node.origin};
    else
        problem(not_a_value(node));
}

void Binder::bind_setting(const DocumentNode& node) {
    if (node.path.front() == "group") return bind_group(node);
    if (node.table && node.path.front() == "policy" && is_override(node.path.at(2))) return;
    if (node.table || !node.unusable.empty()) {
        problem(not_a_value(node));
        return;
    }
    const std::string& name = node.path.at(1);
    const std::string& key = node.path.at(2);
    const Setting setting{node.value, node.origin};
    if (node.path.front() == "policy" && key == "mode")
        bind_mode(node);
    else if (node.path.front() == "policy")
        result_.config.policy[name].params[key] = setting;
    else if (node.path.front() == "capture")
        result_.config.capture[name].values[key] = setting;
    else
        result_.config.action[name].values[key] = setting;
}

void Binder::bind_mode(const DocumentNode& node) {
    const auto mode = check_option(policy_mode_spec(), node.value);
    if (!mode) {
        problem(error_at(node.origin, dotted(node.path) + ": " + mode.error().what, mode.error().hint));
        return;
    }
    PolicySection& policy = result_.config.policy[node.path.at(1)];
    policy.mode = policy_mode_named(std::get<std::string>(*mode));
    policy.mode_origin = node.origin;
}

}  // namespace picket

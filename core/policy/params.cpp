// SPDX-License-Identifier: Apache-2.0
// One table says for each param.* which option type it is and what holds unless the policy says otherwise: no
// count, rate or size may be 0 by accident, since a limit of 0 makes everything an attack. Engine thread.
#include "core/policy/params.hpp"

#include <array>
#include <cmath>

#include <fmt/format.h>

#include "core/config/option_text.hpp"
#include "core/model/duration.hpp"

namespace picket {
namespace {

struct ParamType {
    std::string_view name;
    OptionType type;
    std::optional<double> min, max;
    std::string_view unit;
};
constexpr std::array<ParamType, 11> param_types{{
    {"duration", OptionType::duration, 0.1, 86400, ""},
    {"count", OptionType::integer, 1, 1e12, ""},
    {"rate", OptionType::number, 0.001, 1e12, "per second"},
    {"number", OptionType::number, std::nullopt, std::nullopt, ""},
    {"bytes", OptionType::size, 1, 1e15, "bytes"},
    {"ratio", OptionType::number, 0, 1, ""},
    {"ports", OptionType::ports, std::nullopt, std::nullopt, "ports"},
    {"prefixes", OptionType::prefixes, std::nullopt, std::nullopt, "prefixes"},
    {"flag", OptionType::boolean, std::nullopt, std::nullopt, ""},
    {"choice", OptionType::choice, std::nullopt, std::nullopt, ""},
    {"text", OptionType::text, std::nullopt, std::nullopt, ""},
}};

Complaint read_bound(const LuaValue& value, std::optional<double>& out) {
    if (value.is(LuaValue::Type::number)) {
        out = value.number;
        return std::nullopt;
    }
    // "1s" for durations, "1MB" for sizes.
    if (value.is(LuaValue::Type::text)) {
        if (const auto duration_ns = parse_duration_ns(value.text)) {
            out = static_cast<double>(*duration_ns) / static_cast<double>(ns_per_second);
            return std::nullopt;
        }
        if (const auto bytes = parse_size(value.text)) {
            out = static_cast<double>(*bytes);
            return std::nullopt;
        }
    }
    return fmt::format("a number, a duration or a size, is {}", value.shown());
}

Complaint read_choices(const LuaValue& value, OptionSpec& out) {
    for (const LuaValue* entry : one_or_many(value)) {
        if (!entry->is(LuaValue::Type::text)) return fmt::format("a list of texts, holds {}", entry->shown());
        out.choices.push_back(entry->text);
    }
    return std::nullopt;
}

constexpr std::array<FieldReader<OptionSpec>, 5> param_fields{{
    {"min", [](const LuaValue& value, OptionSpec& out) { return read_bound(value, out.min); }},
    {"max", [](const LuaValue& value, OptionSpec& out) { return read_bound(value, out.max); }},
    {"unit", [](const LuaValue& value, OptionSpec& out) { return read_text(value, out.unit, 40); }},
    {"doc", [](const LuaValue& value, OptionSpec& out) { return read_text(value, out.help, 400); }},
    {"choices", read_choices},
}};

bool is_port(const LuaValue& value) {
    return value.is(LuaValue::Type::number) && value.number >= 0 && value.number <= 65535 &&
           std::trunc(value.number) == value.number;
}

/// Ports as numbers, "a-b" texts or {a, b} pairs.
RawValue raw_ports(const LuaValue& value) {
    std::vector<PortRange> out;
    for (const LuaValue* entry : one_or_many(value)) {
        const bool pair = entry->list.size() == 2 && is_port(entry->list[0]) && is_port(entry->list[1]);
        if (is_port(*entry)) {
            const auto port = static_cast<uint16_t>(entry->number);
            out.push_back({port, port});
        } else if (pair) {
            out.push_back(
                {static_cast<uint16_t>(entry->list[0].number), static_cast<uint16_t>(entry->list[1].number)});
        } else if (const auto range = parse_port_range(entry->text); range && !entry->text.empty()) {
            out.push_back(*range);
        } else {
            return entry->text.empty() ? entry->shown() : entry->text;  // for the check to refuse
        }
    }
    return out;
}

RawValue raw_of(const LuaValue& value, OptionType type) {
    if (type == OptionType::ports) return raw_ports(value);
    // Lua has one type of number; the checks and their messages know whole ones.
    if (value.is(LuaValue::Type::number) && std::trunc(value.number) == value.number &&
        std::abs(value.number) <= 1e15)
        return static_cast<int64_t>(value.number);
    switch (value.type) {
    case LuaValue::Type::boolean:
        return value.boolean;
    case LuaValue::Type::number:
        return value.number;
    case LuaValue::Type::text:
        return value.text;
    case LuaValue::Type::table: {
        std::vector<std::string> texts;
        for (const LuaValue& entry : value.list) texts.push_back(entry.text);
        return texts;
    }
    default:
        return std::monostate{};
    }
}

void read_param(const LuaField& entry, const std::string& file, std::vector<PolicyParam>& out,
                std::vector<Error>& errors) {
    const LuaValue& value = entry.value;
    const Problems problems(errors, value.where.empty() ? file : value.where,
                            fmt::format("parameter '{:.60}'", entry.name));
    if (value.kind != "param") return problems.add(fmt::format("one of param.*, is {}", value.shown()));
    if (entry.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != std::string::npos)
        return problems.add("a name of a-z, 0-9 and _");
    PolicyParam param;
    for (const ParamType& type : param_types) {
        if (type.name != value.what) continue;
        param.spec.type = type.type;
        param.spec.min = type.min;
        param.spec.max = type.max;
        param.spec.unit = type.unit;
    }
    param.spec.name = entry.name;
    param.spec.reloadable = true;
    const size_t before = errors.size();
    read_fields<OptionSpec>(value, param_fields, param.spec, problems);
    if (param.spec.help.empty()) problems.add("doc is missing: say what it does");
    if (value.list.size() != 1) return problems.add("one default value, first in the braces");
    auto checked = check_option(param.spec, raw_of(value.list[0], param.spec.type));
    if (!checked) return problems.inner("default").add(checked.error().what);
    param.value = std::move(*checked);
    param.origin = "default";
    if (errors.size() == before) out.push_back(std::move(param));
}

}  // namespace

std::vector<PolicyParam> read_params(const LuaValue& params, const std::string& file,
                                     std::vector<Error>& errors) {
    std::vector<PolicyParam> out;
    if (!params.list.empty())
        errors.push_back(Error{ErrorCode::invalid, "params: names, not a list", file, {}});
    for (const LuaField* entry : in_order(params)) read_param(*entry, file, out, errors);
    return out;
}

namespace {

/// `name` of `origin` reads "policy.flood" or "policy.flood.group.customers".
void apply(const std::string& table, const std::map<std::string, PolicySetting>& settings,
           std::vector<PolicyParam>& params, std::vector<Error>& errors) {
    std::vector<std::string> known;
    for (const PolicyParam& param : params) known.push_back(param.spec.name);
    for (const auto& [name, setting] : settings) {
        const Problems problems(errors, setting.origin, table);
        const auto found = std::ranges::find(
            params, name, [](const PolicyParam& param) -> const std::string& { return param.spec.name; });
        if (found == params.end()) {
            problems.unknown("parameter", name, known);
            continue;
        }
        auto checked = check_option(found->spec, setting.value);
        if (!checked) {
            const Error& wrong = checked.error();
            errors.push_back(Error{ErrorCode::invalid, fmt::format("{}.{}: {}", table, name, wrong.what),
                                   setting.origin, wrong.hint});
            continue;
        }
        found->value = std::move(*checked);
        found->origin = setting.origin;
    }
}

}  // namespace

void apply_settings(const std::string& policy, const PolicySettings& settings,
                    std::vector<PolicyParam>& params, std::vector<Error>& errors) {
    apply("policy." + policy, settings.params, params, errors);
}

void apply_group_settings(const std::string& policy, const PolicySettings& settings,
                          const std::vector<PolicyParam>& params, std::vector<PolicyGroup>& groups,
                          std::vector<Error>& errors) {
    for (const GroupSettings& group : settings.groups) {
        groups.push_back({group.group, group.prefixes, params});
        apply(fmt::format("policy.{}: {}", policy, group.group), group.params, groups.back().params, errors);
    }
}

namespace {

void push_texts(lua_State* lua, const std::vector<std::string>& texts) {
    lua_createtable(lua, static_cast<int>(texts.size()), 0);
    for (size_t i = 0; i < texts.size(); ++i) {
        lua_pushlstring(lua, texts[i].data(), texts[i].size());
        lua_rawseti(lua, -2, static_cast<int>(i + 1));
    }
}

void push_ports(lua_State* lua, const std::vector<PortRange>& ports) {
    lua_createtable(lua, static_cast<int>(ports.size()), 0);
    for (size_t i = 0; i < ports.size(); ++i) {
        lua_createtable(lua, 2, 0);
        lua_pushinteger(lua, ports[i].first);
        lua_rawseti(lua, -2, 1);
        lua_pushinteger(lua, ports[i].last);
        lua_rawseti(lua, -2, 2);
        lua_rawseti(lua, -2, static_cast<int>(i + 1));
    }
}

void push_duration(lua_State* lua, uint64_t duration_ns) {
    char text[64];
    const std::string whole = duration_text(duration_ns);
    const size_t length = whole.copy(text, sizeof text);
    lua_getfield(lua, LUA_REGISTRYINDEX, "picket.make_duration");
    lua_pushnumber(lua, static_cast<double>(duration_ns) / static_cast<double>(ns_per_second));
    lua_pushlstring(lua, text, length);
    lua_call(lua, 2, 1);
}

void push_value(lua_State* lua, const PolicyParam& param) {
    const OptionValue& value = param.value;
    if (const auto* flag = std::get_if<bool>(&value)) return lua_pushboolean(lua, *flag ? 1 : 0);
    if (const auto* whole = std::get_if<int64_t>(&value))
        return lua_pushnumber(lua, static_cast<double>(*whole));
    if (const auto* number = std::get_if<double>(&value)) return lua_pushnumber(lua, *number);
    if (const auto* text = std::get_if<std::string>(&value)) {
        lua_pushlstring(lua, text->data(), text->size());
        return;
    }
    if (const auto* texts = std::get_if<std::vector<std::string>>(&value)) return push_texts(lua, *texts);
    if (const auto* ports = std::get_if<std::vector<PortRange>>(&value)) return push_ports(lua, *ports);
    const uint64_t units = std::get<uint64_t>(value);
    if (param.spec.type == OptionType::duration) return push_duration(lua, units);
    lua_pushnumber(lua, static_cast<double>(units));
}

}  // namespace

int make_params_table(lua_State* lua) {
    auto& out = *static_cast<ParamsTable*>(lua_touserdata(lua, 1));
    lua_getfield(lua, LUA_REGISTRYINDEX, "picket.make_params");
    lua_createtable(lua, 0, static_cast<int>(out.params->size()));
    for (const PolicyParam& param : *out.params) {
        lua_pushlstring(lua, param.spec.name.data(), param.spec.name.size());
        push_value(lua, param);
        lua_rawset(lua, -3);
    }
    if (out.watched) {
        lua_newtable(lua);
        lua_pushvalue(lua, -1);
        out.read = luaL_ref(lua, LUA_REGISTRYINDEX);
    } else {
        lua_pushnil(lua);
    }
    lua_call(lua, 2, 1);
    out.table = luaL_ref(lua, LUA_REGISTRYINDEX);
    return 0;
}

}  // namespace picket

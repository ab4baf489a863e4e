// SPDX-License-Identifier: Apache-2.0
// Walks a table with lua_next, which neither allocates nor calls metamethods. A table that holds itself ends
// at the limit of depth. Engine thread.
#include "core/policy/lua_value.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/config/option_text.hpp"

namespace picket {
namespace {

constexpr int depth_max = 6;
constexpr size_t values_max = 200'000;
constexpr size_t text_bytes_max = 64u << 10;

struct Copy {
    lua_State* lua;
    size_t left = values_max;

    Result<void> value(int index, int depth, LuaValue& out);
    Result<void> table(int index, int depth, LuaValue& out);
    Result<void> entry(int depth, LuaValue& out, std::vector<std::pair<double, LuaValue>>& numbered);
};

bool take_mark(std::string_view name, LuaValue& value, LuaValue& out) {
    if (name.empty() || name.front() != '#') return false;
    if (name == "#kind") out.kind = std::move(value.text);
    if (name == "#type" || name == "#measure") out.what = std::move(value.text);
    if (name == "#where") out.where = std::move(value.text);
    if (name == "#order" && value.number >= 0 && value.number < 4e9)
        out.order = static_cast<uint32_t>(value.number);
    return true;
}

/// The entry whose key is at -2 and value at -1 of the Lua stack.
Result<void> Copy::entry(int depth, LuaValue& out, std::vector<std::pair<double, LuaValue>>& numbered) {
    LuaValue copied;
    if (auto done = value(lua_gettop(lua), depth + 1, copied); !done) return done;
    const int key_type = lua_type(lua, -2);
    if (key_type == LUA_TNUMBER) {
        numbered.emplace_back(lua_tonumber(lua, -2), std::move(copied));
        return {};
    }
    if (key_type != LUA_TSTRING)
        return fail(ErrorCode::invalid,
                    fmt::format("a table with a key that is a {}", luaL_typename(lua, -2)));
    size_t length = 0;
    const char* text = lua_tolstring(lua, -2, &length);
    std::string name(text, std::min(length, text_bytes_max));
    if (!take_mark(name, copied, out)) out.fields.push_back(LuaField{std::move(name), std::move(copied)});
    return {};
}

Result<void> Copy::table(int index, int depth, LuaValue& out) {
    if (depth >= depth_max) return fail(ErrorCode::limit, "tables nested too deep");
    std::vector<std::pair<double, LuaValue>> numbered;
    lua_pushnil(lua);
    while (lua_next(lua, index) != 0) {
        if (auto done = entry(depth, out, numbered); !done) {
            lua_pop(lua, 2);
            return done;
        }
        lua_pop(lua, 1);
    }
    std::sort(numbered.begin(), numbered.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    for (size_t i = 0; i < numbered.size(); ++i) {
        if (numbered[i].first != static_cast<double>(i + 1))
            return fail(ErrorCode::invalid, fmt::format("a list with a gap before [{}]", numbered[i].first));
        out.list.push_back(std::move(numbered[i].second));
    }
    std::sort(out.fields.begin(), out.fields.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
    return {};
}

Result<void> Copy::value(int index, int depth, LuaValue& out) {
    if (left == 0) return fail(ErrorCode::limit, fmt::format("more than {} values", values_max));
    --left;
    switch (lua_type(lua, index)) {
    case LUA_TBOOLEAN:
        out.type = LuaValue::Type::boolean;
        out.boolean = lua_toboolean(lua, index) != 0;
        return {};
    case LUA_TNUMBER:
        out.type = LuaValue::Type::number;
        out.number = lua_tonumber(lua, index);
        return {};
    case LUA_TSTRING: {
        out.type = LuaValue::Type::text;
        size_t length = 0;
        const char* text = lua_tolstring(lua, index, &length);
        if (length > text_bytes_max) return fail(ErrorCode::limit, "a text of more than 64 KiB");
        out.text.assign(text, length);
        return {};
    }
    case LUA_TTABLE:
        out.type = LuaValue::Type::table;
        return table(index, depth, out);
    case LUA_TFUNCTION:
        out.type = LuaValue::Type::function;
        return {};
    case LUA_TUSERDATA:
        out.type = LuaValue::Type::row;
        out.row = lua_touserdata(lua, index);
        return {};
    default:
        return {};
    }
}

}  // namespace

const LuaValue* LuaValue::field(std::string_view name) const {
    const auto at =
        std::lower_bound(fields.begin(), fields.end(), name,
                         [](const LuaField& entry, std::string_view wanted) { return entry.name < wanted; });
    return at != fields.end() && at->name == name ? &at->value : nullptr;
}

std::string LuaValue::shown() const {
    switch (type) {
    case Type::nil:
        return "missing";
    case Type::boolean:
        return boolean ? "true" : "false";
    case Type::number:
        return number_text(number);
    case Type::text:
        return fmt::format("'{:.60}'", text);
    case Type::table:
        return kind.empty() ? "a table" : "a " + kind;
    case Type::function:
        return "a function";
    case Type::row:
        return "a row";
    }
    return "?";
}

Result<LuaValue> copy_value(lua_State* lua, int index) {
    Copy copy{lua};
    LuaValue out;
    const int absolute = index < 0 ? lua_gettop(lua) + index + 1 : index;
    if (auto done = copy.value(absolute, 0, out); !done)
        return tl::unexpected<Error>(std::move(done.error()));
    return out;
}

std::vector<const LuaField*> in_order(const LuaValue& table) {
    std::vector<const LuaField*> out;
    for (const LuaField& entry : table.fields) out.push_back(&entry);
    std::stable_sort(out.begin(), out.end(),
                     [](const auto* a, const auto* b) { return a->value.order < b->value.order; });
    return out;
}

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// Each guard checks what its original would not, then calls it. A C function cannot be interrupted, so its
// cost is bounded before it starts; an overrun budget passes through pcall; nothing prints an address of
// memory, which would differ on every run. Engine thread.
#include "core/policy/guards.hpp"

#include <array>
#include <cstring>
#include <string_view>

#include "core/policy/lua_state.hpp"
#include "core/policy/sandbox.hpp"

namespace picket {
namespace {

int call_original(lua_State* lua) {
    lua_pushvalue(lua, lua_upvalueindex(1));
    lua_insert(lua, 1);
    lua_call(lua, lua_gettop(lua) - 1, LUA_MULTRET);
    return lua_gettop(lua);
}

void check_pattern(lua_State* lua, const char* function, bool can_anchor) {
    LuaState::of(lua).check_budget();
    size_t subject = 0;
    size_t length = 0;
    luaL_checklstring(lua, 1, &subject);
    const char* pattern = luaL_checklstring(lua, 2, &length);
    if (subject > subject_bytes_max)
        luaL_error(lua, "string.%s: a subject of at most %d bytes, is %d", function,
                   static_cast<int>(subject_bytes_max), static_cast<int>(subject));
    if (length > pattern_bytes_max)
        luaL_error(lua, "string.%s: a pattern of at most %d bytes, is %d", function,
                   static_cast<int>(pattern_bytes_max), static_cast<int>(length));
    if (pattern_cost(std::string_view(pattern, length), subject, can_anchor) > pattern_cost_max)
        luaL_error(lua,
                   "string.%s: this pattern could take too long on %d bytes; anchor it with ^, or use fewer "
                   "of * + - ?",
                   function, static_cast<int>(subject));
}

int guarded_find(lua_State* lua) {
    if (lua_toboolean(lua, 4) == 0) {
        check_pattern(lua, "find", true);
        return call_original(lua);
    }
    // A plain search compares the pattern at every byte.
    LuaState::of(lua).check_budget();
    size_t subject = 0;
    size_t length = 0;
    luaL_checklstring(lua, 1, &subject);
    luaL_checklstring(lua, 2, &length);
    if (static_cast<double>(subject) * static_cast<double>(length) > pattern_cost_max)
        luaL_error(lua, "string.find: %d bytes in %d bytes could take too long", static_cast<int>(length),
                   static_cast<int>(subject));
    return call_original(lua);
}

int guarded_match(lua_State* lua) {
    check_pattern(lua, "match", true);
    return call_original(lua);
}

// The iterator goes over each start once, so all its steps together cost what was checked here.
int guarded_gmatch(lua_State* lua) {
    check_pattern(lua, "gmatch", false);
    return call_original(lua);
}

int guarded_gsub(lua_State* lua) {
    check_pattern(lua, "gsub", true);
    return call_original(lua);
}

int guarded_rep(lua_State* lua) {
    LuaState::of(lua).check_budget();
    size_t length = 0;
    size_t separator = 0;
    luaL_checklstring(lua, 1, &length);
    const double times = luaL_checknumber(lua, 2);
    luaL_optlstring(lua, 3, "", &separator);
    if (!(times * static_cast<double>(length + separator) <= static_cast<double>(repeat_bytes_max)) ||
        times > 1e6)
        return luaL_error(lua, "string.rep: a result of at most %d bytes",
                          static_cast<int>(repeat_bytes_max));
    return call_original(lua);
}

/// Replaces the value at `index` by its text, when there is one that is the same on every run.
bool make_text(lua_State* lua, int index) {
    if (luaL_callmeta(lua, index, "__tostring") != 0) {
        lua_replace(lua, index);
        return true;
    }
    const int type = lua_type(lua, index);
    return type == LUA_TSTRING || type == LUA_TNUMBER || type == LUA_TBOOLEAN || type == LUA_TNIL;
}

int guarded_tostring(lua_State* lua) {
    luaL_checkany(lua, 1);
    lua_settop(lua, 1);
    if (!make_text(lua, 1)) {
        lua_pushstring(lua, luaL_typename(lua, 1));
        return 1;
    }
    return lua_type(lua, 1) == LUA_TSTRING ? 1 : call_original(lua);
}

int guarded_format(lua_State* lua) {
    LuaState::of(lua).check_budget();
    size_t length = 0;
    const char* format = luaL_checklstring(lua, 1, &length);
    // "%p" shows an address; flags and widths may stand between.
    for (const char *at = format, *end = format + length; at < end; ++at) {
        if (*at != '%') continue;
        ++at;
        while (at < end && std::strchr("-+ #0123456789.", *at) != nullptr && *at != '\0') ++at;
        if (at < end && *at == 'p') return luaL_error(lua, "string.format: %%p is not available");
    }
    for (int i = 2, n = lua_gettop(lua); i <= n; ++i)
        if (!make_text(lua, i)) return luaL_argerror(lua, i, "a table or function has no text");
    return call_original(lua);
}

// Looping in a protected call must not outlive the budget: what pcall caught is raised again.
int guarded_pcall(lua_State* lua) {
    luaL_checkany(lua, 1);
    const int status = lua_pcall(lua, lua_gettop(lua) - 1, LUA_MULTRET, 0);
    if (LuaState::of(lua).overrun() && status != 0) return lua_error(lua);
    lua_pushboolean(lua, status == 0 ? 1 : 0);
    lua_insert(lua, 1);
    return lua_gettop(lua);
}

// The handler runs after unwinding: in the midst of an error a loop in it could not be told from the error.
int guarded_xpcall(lua_State* lua) {
    luaL_checkany(lua, 2);
    lua_pushvalue(lua, 2);
    lua_remove(lua, 2);  // function, arguments, handler
    lua_insert(lua, 1);  // handler, function, arguments
    const int status = lua_pcall(lua, lua_gettop(lua) - 2, LUA_MULTRET, 0);
    if (status == 0) {
        lua_pushboolean(lua, 1);
        lua_replace(lua, 1);
        return lua_gettop(lua);
    }
    if (LuaState::of(lua).overrun()) return lua_error(lua);
    lua_call(lua, 1, 1);
    lua_pushboolean(lua, 0);
    lua_insert(lua, 1);
    return 2;
}

struct Guard {
    const char* library;  ///< nullptr: base
    const char* name;
    lua_CFunction function;
};
constexpr std::array<Guard, 9> guards{{
    {nullptr, "tostring", guarded_tostring},
    {nullptr, "pcall", guarded_pcall},
    {nullptr, "xpcall", guarded_xpcall},
    {"string", "find", guarded_find},
    {"string", "match", guarded_match},
    {"string", "gmatch", guarded_gmatch},
    {"string", "gsub", guarded_gsub},
    {"string", "rep", guarded_rep},
    {"string", "format", guarded_format},
}};

}  // namespace

void add_guards(lua_State* lua, int globals) {
    for (const Guard& guard : guards) {
        if (guard.library == nullptr) {
            lua_getglobal(lua, guard.name);
            lua_pushcclosure(lua, guard.function, 1);
            lua_setfield(lua, globals, guard.name);
            continue;
        }
        lua_getfield(lua, globals, guard.library);
        lua_getglobal(lua, guard.library);
        lua_getfield(lua, -1, guard.name);
        lua_pushcclosure(lua, guard.function, 1);
        lua_setfield(lua, -3, guard.name);
        lua_pop(lua, 2);
    }
}

}  // namespace picket

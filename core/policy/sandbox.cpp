// SPDX-License-Identifier: Apache-2.0
// The sandbox of design chapter 6. Names are copied from the opened libraries by allow-list into tables of
// our own; what could run long in C, show an address, or depend on the hash seed is wrapped or left out.
// Engine thread.
#include "core/policy/sandbox.hpp"

#include <array>
#include <cstring>
#include <string_view>

#include "core/policy/guards.hpp"
#include "core/policy/lua_state.hpp"

namespace picket {
namespace {

constexpr const char* globals_key = "picket.globals";

struct AllowList {
    const char* library;  ///< nullptr: the base library, copied into the globals themselves
    lua_CFunction open;
    const char* open_name;
    std::array<const char*, 32> names;
};

// Left out of `base`, beside the obvious: next (its order is that of a seeded hash), raw* and *metatable.
// `table` and `string` get their other functions from the guards and the prelude.
constexpr std::array<AllowList, 5> allowed{{
    {nullptr, luaopen_base, "", {"assert", "error", "ipairs", "select", "tonumber", "type", "unpack"}},
    {"string", luaopen_string, LUA_STRLIBNAME, {"byte", "char", "len", "lower", "reverse", "sub", "upper"}},
    {"table", luaopen_table, LUA_TABLIBNAME, {"concat", "maxn", "remove"}},
    {"math", luaopen_math, LUA_MATHLIBNAME, {"abs",   "acos", "asin",  "atan",  "atan2", "ceil",  "cos",
                                             "cosh",  "deg",  "exp",   "floor", "fmod",  "frexp", "huge",
                                             "ldexp", "log",  "log10", "max",   "min",   "modf",  "pi",
                                             "pow",   "rad",  "sin",   "sinh",  "sqrt",  "tan",   "tanh"}},
    {"bit",
     luaopen_bit,
     LUA_BITLIBNAME,
     {"arshift", "band", "bnot", "bor", "bswap", "bxor", "lshift", "rol", "ror", "rshift", "tobit", "tohex"}},
}};

/// Opens the library, and copies its allowed names to the table on top of the stack.
void copy_names(lua_State* lua, const AllowList& list) {
    const int target = lua_gettop(lua);
    lua_pushcfunction(lua, list.open);
    lua_pushstring(lua, list.open_name);
    lua_call(lua, 1, 0);
    if (list.library == nullptr)
        lua_pushvalue(lua, LUA_GLOBALSINDEX);
    else
        lua_getglobal(lua, list.library);
    for (const char* name : list.names) {
        if (name == nullptr) break;
        lua_getfield(lua, -1, name);
        lua_setfield(lua, target, name);
    }
    lua_settop(lua, target);
}

int refuse_read(lua_State* lua) {
    return luaL_error(lua, "global '%s' does not exist",
                      lua_type(lua, 2) == LUA_TSTRING ? lua_tostring(lua, 2) : "?");
}

int refuse_write(lua_State* lua) {
    return luaL_error(lua, "global '%s' may not be assigned; write 'local %s'",
                      lua_type(lua, 2) == LUA_TSTRING ? lua_tostring(lua, 2) : "?",
                      lua_type(lua, 2) == LUA_TSTRING ? lua_tostring(lua, 2) : "?");
}

/// Strings find their methods in the metatable: it must lead to the guarded table, not to the library's.
void guard_string_methods(lua_State* lua, int globals) {
    lua_pushliteral(lua, "");
    lua_getmetatable(lua, -1);
    lua_getfield(lua, globals, "string");
    lua_setfield(lua, -2, "__index");
    lua_pop(lua, 2);
}

}  // namespace

int open_sandbox(lua_State* lua) {
    auto* environment = static_cast<int*>(lua_touserdata(lua, 1));
    lua_settop(lua, 0);
    lua_newtable(lua);
    constexpr int globals = 1;
    for (const AllowList& list : allowed) {
        if (list.library == nullptr) {
            copy_names(lua, list);
            continue;
        }
        lua_newtable(lua);
        copy_names(lua, list);
        lua_setfield(lua, globals, list.library);
    }
    add_guards(lua, globals);
    guard_string_methods(lua, globals);

    lua_newtable(lua);  // metatable of the globals
    lua_pushcfunction(lua, &refuse_read);
    lua_setfield(lua, -2, "__index");
    lua_setmetatable(lua, globals);
    lua_pushvalue(lua, globals);
    lua_setfield(lua, LUA_REGISTRYINDEX, globals_key);

    lua_newtable(lua);  // the environment, empty so that every assignment is seen
    lua_newtable(lua);
    lua_pushvalue(lua, globals);
    lua_setfield(lua, -2, "__index");
    lua_pushcfunction(lua, &refuse_write);
    lua_setfield(lua, -2, "__newindex");
    lua_setmetatable(lua, -2);
    *environment = luaL_ref(lua, LUA_REGISTRYINDEX);
    return 0;
}

void push_globals(lua_State* lua) { lua_getfield(lua, LUA_REGISTRYINDEX, globals_key); }

}  // namespace picket

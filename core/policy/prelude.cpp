// SPDX-License-Identifier: Apache-2.0
// The words of a policy file make plain tables with three marks: "#kind" says which word made it, "#order" in
// which order they stand in the file, "#where" at which line. C++ reads those tables; nothing else is done
// here. Engine thread.
#include "core/policy/prelude.hpp"

#include "core/policy/sandbox.hpp"

namespace picket {
namespace {

constexpr std::string_view prelude_text = R"lua(
local globals, where, with_metatable, raw_get, next, raw_sort, raw_insert = ...
local type, error, tostring, select = type, error, tostring, select
local format = string.format

local made = 0
local function mark(kind, fields, level)
  if type(fields) ~= "table" then
    error(format("%s takes a table in braces, is a %s", kind, type(fields)), level + 1)
  end
  local out = {}
  for name, value in next, fields do out[name] = value end
  made = made + 1
  out["#kind"], out["#order"], out["#where"] = kind, made, where(level + 1)
  return out
end

-- Policies and tests --------------------------------------------------------------------------------------

-- mark() must not be called in a tail position: it counts levels to find the policy's line.
for _, name in next, { "detector", "counter", "none_of" } do
  globals[name] = function(fields)
    local out = mark(name, fields, 2)
    return out
  end
end

local types = { "duration", "count", "rate", "number", "bytes", "ratio", "ports", "prefixes", "flag", "choice", "text" }
local param = {}
for i = 1, #types do
  local name = types[i]
  param[name] = function(fields)
    local out = mark("param", fields, 2)
    out["#type"] = name
    return out
  end
end
globals.param = with_metatable(param, {
  __index = function(_, name) error(format("param.%s does not exist", tostring(name)), 2) end,
})

-- Measures without a field: packets(), packets { tcp = "syn" }.
for _, name in next, { "packets", "bytes", "flows" } do
  globals[name] = function(filter)
    local out = mark("measure", filter == nil and {} or filter, 2)
    out["#measure"] = name
    return out
  end
end
-- Measures of something: distinct "dst_port", distinct { "dst_port", values_max = 1000 }.
for _, name in next, { "distinct", "longest_run", "entropy", "new", "baseline" } do
  globals[name] = function(fields)
    if type(fields) == "string" then fields = { fields } end
    local out = mark("measure", fields, 2)
    out["#measure"] = name
    return out
  end
end

-- Durations: seconds in arithmetic, "10s" as text ---------------------------------------------------------

local function seconds(value)
  if type(value) == "table" then return value.seconds end
  return value
end
local duration = {
  __tostring = function(self) return self.text end,
  __concat = function(a, b) return tostring(a) .. tostring(b) end,
  __add = function(a, b) return seconds(a) + seconds(b) end,
  __sub = function(a, b) return seconds(a) - seconds(b) end,
  __mul = function(a, b) return seconds(a) * seconds(b) end,
  __div = function(a, b) return seconds(a) / seconds(b) end,
  __unm = function(a) return -seconds(a) end,
  __eq = function(a, b) return seconds(a) == seconds(b) end,
  __lt = function(a, b) return seconds(a) < seconds(b) end,
  __le = function(a, b) return seconds(a) <= seconds(b) end,
}
local function make_duration(count, text)
  return with_metatable({ ["#kind"] = "duration", seconds = count, text = text }, duration)
end

-- The parameters as a policy sees them: a wrong name is an error, not nil. `read`, if given, gets the names
-- that are read.
local function make_params(values, read)
  local function undeclared(_, name) error(format("parameter '%s' is not declared", tostring(name)), 2) end
  local index = with_metatable(values, { __index = undeclared })
  if read then
    index = function(_, name)
      local value = raw_get(values, name)
      if value == nil then error(format("parameter '%s' is not declared", tostring(name)), 2) end
      read[name] = true
      return value
    end
  end
  return with_metatable({}, {
    __index = index,
    __newindex = function(_, name) error(format("parameter '%s' may not be assigned", tostring(name)), 2) end,
  })
end

-- What the base and table libraries would do in an order, or for a time, of their own ----------------------

local function before(a, b)
  local type_a, type_b = type(a), type(b)
  if type_a == type_b then return a < b end
  return type_a < type_b
end

-- Like pairs, in order of key, so that the same input gives the same output.
function globals.pairs(t)
  if type(t) ~= "table" then error(format("pairs takes a table, is a %s", type(t)), 2) end
  local keys, n = {}, 0
  for key in next, t do
    local kind = type(key)
    if kind ~= "number" and kind ~= "string" then
      error(format("pairs: keys are numbers or texts, one is a %s", kind), 2)
    end
    n = n + 1
    keys[n] = key
  end
  raw_sort(keys, before)
  local i = 0
  return function()
    i = i + 1
    local key = keys[i]
    if key ~= nil then return key, t[key] end
  end
end

local function ascending(a, b) return a < b end
-- Always with a comparison in Lua, which the budget sees.
function globals.table.sort(t, compare) raw_sort(t, compare or ascending) end

function globals.table.insert(t, ...)
  if select("#", ...) == 1 then return raw_insert(t, (...)) end
  local at, value = ...
  local n = #t
  if type(at) ~= "number" or at < 1 or at > n + 1 then
    error(format("table.insert: a position of 1…%d", n + 1), 2)
  end
  for i = n, at, -1 do t[i + 1] = t[i] end
  t[at] = value
end

return make_duration, make_params
)lua";

int push_where(lua_State* lua) {
    luaL_where(lua, luaL_checkint(lua, 1));
    // "file.lua:12: " without what follows the line.
    size_t length = 0;
    const char* text = lua_tolstring(lua, -1, &length);
    lua_pushlstring(lua, text, length >= 2 ? length - 2 : 0);
    return 1;
}

int set_metatable(lua_State* lua) {
    lua_settop(lua, 2);
    lua_setmetatable(lua, 1);
    return 1;
}

int raw_get(lua_State* lua) {
    lua_settop(lua, 2);
    lua_rawget(lua, 1);
    return 1;
}

int run_prelude(lua_State* lua) {
    if (luaL_loadbufferx(lua, prelude_text.data(), prelude_text.size(), "=picket", "t") != 0)
        return lua_error(lua);
    push_globals(lua);
    // The prelude may read and write globals; its own names stand in what is handed to it.
    lua_pushvalue(lua, -1);
    lua_setfenv(lua, -3);
    lua_pushcfunction(lua, &push_where);
    lua_pushcfunction(lua, &set_metatable);
    lua_pushcfunction(lua, &raw_get);
    lua_getglobal(lua, "next");
    lua_getglobal(lua, "table");
    lua_getfield(lua, -1, "sort");
    lua_getfield(lua, -2, "insert");
    lua_remove(lua, -3);
    lua_call(lua, 7, 2);
    lua_setfield(lua, LUA_REGISTRYINDEX, "picket.make_params");
    lua_setfield(lua, LUA_REGISTRYINDEX, "picket.make_duration");
    return 0;
}

}  // namespace

Result<void> open_prelude(LuaState& state) { return state.protect(&run_prelude, nullptr); }

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// What a policy can name: an allow-list, nothing else. Engine thread.
#pragma once
#include <cstddef>
#include <string_view>

#include <lua.hpp>

namespace picket {

/// lua_CFunction for LuaState::protect: opens the libraries and builds the allow-listed globals. Its argument
/// is an int*, which gets the registry reference of the environment for chunks: empty, reads fall through to
/// the globals, every assignment to a global is an error.
int open_sandbox(lua_State* lua);
/// Pushes the table of globals, to add to it before a policy runs.
void push_globals(lua_State* lua);

/// An upper estimate of the steps that matching `pattern` in a subject of `subject_bytes` takes, as the cost
/// grows: subject ^ (unbounded quantifiers, one more when unanchored) x 2 ^ optional items x pattern bytes.
double pattern_cost(std::string_view pattern, size_t subject_bytes, bool can_anchor);
/// Above it a pattern function refuses: one such call takes tens of milliseconds, and nothing can interrupt
/// it.
inline constexpr double pattern_cost_max = 1e8;
inline constexpr size_t pattern_bytes_max = 256;
inline constexpr size_t subject_bytes_max = 64u << 10;
inline constexpr size_t repeat_bytes_max = 64u << 10;

}  // namespace picket

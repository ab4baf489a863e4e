// SPDX-License-Identifier: Apache-2.0
// The library functions that a policy gets in a bounded or deterministic form. Engine thread.
#pragma once
#include <lua.hpp>

namespace picket {

/// Adds pcall, xpcall, tostring, and the guarded functions of `string` and `table`, to the table of globals
/// at stack index `globals`. The base, string and table libraries must be open.
void add_guards(lua_State* lua, int globals);

}  // namespace picket

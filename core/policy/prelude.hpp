// SPDX-License-Identifier: Apache-2.0
// The small language that policies and their tests are written in, itself written in Lua. Engine thread.
#pragma once
#include "core/model/result.hpp"
#include "core/policy/lua_state.hpp"

namespace picket {

/// Runs the prelude in `state`: adds detector, param, counter, the measures, none_of, pairs, and what the
/// sandbox takes from `table` to the globals. It builds only plain tagged tables; see lua_value.hpp.
Result<void> open_prelude(LuaState& state);

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// The parameters of a policy: from `params = { … }` to a schema, from the configuration to values, and from
// values to what Lua sees as `p`. Engine thread.
#pragma once
#include <vector>

#include <lua.hpp>

#include "core/policy/policy_host.hpp"
#include "core/policy/read.hpp"

namespace picket {

/// Reads the schema with its defaults. Wrong entries are left out, and said.
std::vector<PolicyParam> read_params(const LuaValue& params, const std::string& file,
                                     std::vector<Error>& errors);

/// Sets the values that the configuration gives; unknown and wrong ones are said with their origin.
void apply_settings(const std::string& policy, const PolicySettings& settings,
                    std::vector<PolicyParam>& params, std::vector<Error>& errors);

/// `groups[…].params` from those that hold for all.
void apply_group_settings(const std::string& policy, const PolicySettings& settings,
                          const std::vector<PolicyParam>& params, std::vector<PolicyGroup>& groups,
                          std::vector<Error>& errors);

/// A table `p` to be made, as references in the registry.
struct ParamsTable {
    const std::vector<PolicyParam>* params = nullptr;
    bool watched = false;   ///< note which of them are read
    int table = LUA_NOREF;  ///< `p`
    int read = LUA_NOREF;   ///< names that were read, as keys
};
/// lua_CFunction body for LuaState::protect with a ParamsTable*.
int make_params_table(lua_State* lua);

}  // namespace picket

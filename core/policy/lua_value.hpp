// SPDX-License-Identifier: Apache-2.0
// A Lua value copied to C++: what a policy returns is read from here, so that no reader touches the Lua stack
// or can be unwound by it. Bounded in depth and size. Engine thread.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <lua.hpp>

#include "core/model/result.hpp"

namespace picket {

struct LuaField;

struct LuaValue {
    enum class Type : uint8_t { nil, boolean, number, text, table, function, row };
    Type type = Type::nil;
    bool boolean = false;
    double number = 0;
    std::string text;
    const void* row = nullptr;     ///< the userdata; see RowBindings::row_of
    std::vector<LuaValue> list;    ///< values at 1, 2, ...
    std::vector<LuaField> fields;  ///< values at text keys, sorted
    // The marks of the prelude; empty on plain tables.
    std::string kind;   ///< "counter", "measure", "param", "none_of", "duration", "detector"
    std::string what;   ///< "#type" or "#measure": which of that kind
    std::string where;  ///< "port_scan.lua:12"
    uint32_t order = 0;

    [[nodiscard]] const LuaValue* field(std::string_view name) const;
    [[nodiscard]] bool is(Type other) const { return type == other; }
    /// "10", "'abc'", "a table": for messages.
    [[nodiscard]] std::string shown() const;
};

struct LuaField {
    std::string name;
    LuaValue value;
};

/// Copies the value at `index`. Allocates nothing in Lua, so it may be called outside of a protected call.
Result<LuaValue> copy_value(lua_State* lua, int index);

/// The fields of `table` in the order in which the prelude made them, then by name.
std::vector<const LuaField*> in_order(const LuaValue& table);

}  // namespace picket

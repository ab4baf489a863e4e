// SPDX-License-Identifier: Apache-2.0
// The three questions a detector can ask a counter: over, top, get. Engine thread.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/policy/rows.hpp"

namespace picket {
namespace {

constexpr int top_max = 100'000;

/// State of one `for row in …`; an upvalue, so that no other userdata can stand in for it.
struct RowsHandle {
    HandleKind kind = HandleKind::rows;
    uint32_t set = 0;
    uint64_t generation = 0;
    size_t next = 0;
};

}  // namespace

const CounterHandle* RowBindings::counter_arg(lua_State* lua) {
    const auto* handle = lua_type(lua, 1) == LUA_TUSERDATA
                             ? static_cast<const CounterHandle*>(lua_touserdata(lua, 1))
                             : nullptr;
    if (handle == nullptr || handle->kind != HandleKind::counter)
        luaL_argerror(lua, 1, "a counter: write c.name:over { … } with a colon");
    lua_.check_budget();
    return handle;
}

bool RowBindings::measure_arg(lua_State* lua, int index, uint32_t counter, uint32_t& out) {
    const char* text = lua_type(lua, index) == LUA_TSTRING ? lua_tostring(lua, index) : nullptr;
    const Name* name = name_of(counter, text);
    if (name == nullptr || name->meaning != Meaning::measure)
        return unknown_name(counter, "measure", text, true);
    out = name->index;
    return true;
}

bool RowBindings::read_limits(lua_State* lua, int index, uint32_t counter, std::vector<Limit>& out) {
    error_ =
        fmt::format("counter '{}': over takes limits: over {{ packets = 100 }}", declarations_[counter].name);
    if (lua_type(lua, index) != LUA_TTABLE) return false;
    lua_pushnil(lua);
    while (lua_next(lua, index) != 0) {
        if (lua_type(lua, -2) != LUA_TSTRING) return false;
        uint32_t measure = 0;
        if (!measure_arg(lua, lua_gettop(lua) - 1, counter, measure)) return false;
        const double at_least = lua_type(lua, -1) == LUA_TNUMBER ? lua_tonumber(lua, -1) : std::nan("");
        if (std::isnan(at_least)) {
            error_ = fmt::format("counter '{}': the limit of '{}' is a {}, not a number",
                                 declarations_[counter].name, lua_tostring(lua, -2), luaL_typename(lua, -1));
            return false;
        }
        out.push_back(Limit{measure, at_least});
        lua_pop(lua, 1);
    }
    // In order of declaration: the order of a Lua table is not the same on every run.
    std::sort(out.begin(), out.end(), [](const Limit& a, const Limit& b) { return a.measure < b.measure; });
    return !out.empty();
}

int RowBindings::push_iterator(lua_State* lua, uint32_t set) {
    auto* rows = static_cast<RowsHandle*>(lua_newuserdata(lua, sizeof(RowsHandle)));
    *rows = RowsHandle{HandleKind::rows, set, generation_, 0};
    lua_getfield(lua, LUA_REGISTRYINDEX, "picket.row");
    lua_pushcclosure(lua, &RowBindings::next_row, 2);
    return 1;
}

int RowBindings::next_row(lua_State* lua) {
    RowBindings& self = of(lua);
    auto* rows = static_cast<RowsHandle*>(lua_touserdata(lua, lua_upvalueindex(1)));
    if (rows->generation != self.generation_) return luaL_error(lua, "these rows are of an earlier tick");
    const RowSet& set = *self.sets_[rows->set];
    if (rows->next == set.rows.size()) return 0;
    self.push_row(lua, set.counter, set.rows[rows->next++], rows->set);
    lua_pushvalue(lua, lua_upvalueindex(2));
    lua_setmetatable(lua, -2);
    return 1;
}

uint32_t RowBindings::group_of(uint32_t counter, uint32_t row) const {
    uint32_t group = 0;
    unsigned longest = 0;
    const std::vector<KeyPart>& by = declarations_[counter].by;
    for (uint32_t i = 0; i < by.size(); ++i) {
        if (!info_of(by[i].field).is_address) continue;
        const auto* found = groups_.find(counters_->key_part({ids_[counter], row}, i).address);
        if (found == nullptr || (group != 0 && found->bits <= longest)) continue;
        group = found->group;
        longest = found->bits;
    }
    return group;
}

void RowBindings::keep_group(uint32_t counter, std::vector<uint32_t>& rows) const {
    if (groups_.empty()) return;
    std::erase_if(rows, [&](uint32_t row) { return group_of(counter, row) != group_; });
}

int RowBindings::over(lua_State* lua) {
    RowBindings& self = of(lua);
    const uint32_t counter = self.counter_arg(lua)->counter;
    RowSet* set = self.new_set(counter);
    if (set == nullptr || !self.read_limits(lua, 2, counter, set->limits)) return self.raise(lua);
    self.counters_->over(self.ids_[counter], set->limits, set->rows);
    self.keep_group(counter, set->rows);
    return self.push_iterator(lua, self.sets_used_ - 1);
}

int RowBindings::top(lua_State* lua) {
    RowBindings& self = of(lua);
    const uint32_t counter = self.counter_arg(lua)->counter;
    RowSet* set = self.new_set(counter);
    uint32_t measure = 0;
    if (set == nullptr || !self.measure_arg(lua, 2, counter, measure)) return self.raise(lua);
    const int n = luaL_checkint(lua, 3);
    if (n < 1 || n > top_max) return luaL_error(lua, "top: 1…%d rows, is %d", top_max, n);
    const size_t asked = self.groups_.empty() ? static_cast<size_t>(n) : SIZE_MAX;
    self.counters_->top(self.ids_[counter], measure, asked, set->rows);
    self.keep_group(counter, set->rows);
    set->rows.resize(std::min(set->rows.size(), static_cast<size_t>(n)));
    return self.push_iterator(lua, self.sets_used_ - 1);
}

/// The value at `index` as part of a key.
bool RowBindings::read_key_part(lua_State* lua, int index, const KeyPart& part) {
    const FieldInfo& field = info_of(part.field);
    KeyValue value;
    value.field = part.field;
    if (!field.is_address) {
        const double number = lua_type(lua, index) == LUA_TNUMBER ? lua_tonumber(lua, index) : -1;
        error_ = fmt::format("get: '{}' is a number", field.name);
        if (!(number >= 0 && number < 4294967296.0)) return false;
        value.number = static_cast<uint64_t>(number);
        key_.push_back(value);
        return true;
    }
    error_ = fmt::format("get: '{}' is an address such as \"10.0.0.5\"", field.name);
    if (lua_type(lua, index) != LUA_TSTRING) return false;
    std::string_view text = lua_tostring(lua, index);
    // A row of a prefix shows itself as "10.0.0.0/24"; the key knows its length.
    const auto address = Address::parse(text.substr(0, text.find('/')));
    if (!address) return false;
    value.address = address->masked(address->is_v4() ? 96u + part.v4_bits : part.v6_bits);
    key_.push_back(value);
    return true;
}

/// get(), get("10.0.0.5"), get { src = …, dst = … }: into key_, parts in the order of `by`.
bool RowBindings::read_key(lua_State* lua, int index, uint32_t counter) {
    const CounterDecl& decl = declarations_[counter];
    key_.clear();
    if (decl.by.empty()) return true;
    if (lua_type(lua, index) != LUA_TTABLE) {
        if (decl.by.size() == 1) return read_key_part(lua, index, decl.by[0]);
        error_ = fmt::format("counter '{}': get takes {} names in braces", decl.name, decl.by.size());
        return false;
    }
    for (const KeyPart& part : decl.by) {
        const std::string_view name = info_of(part.field).name;
        lua_pushlstring(lua, name.data(), name.size());
        lua_rawget(lua, index);
        const bool right = read_key_part(lua, lua_gettop(lua), part);
        lua_pop(lua, 1);
        if (!right) return false;
    }
    return true;
}

int RowBindings::get(lua_State* lua) {
    RowBindings& self = of(lua);
    const uint32_t counter = self.counter_arg(lua)->counter;
    if (self.counters_ == nullptr) return luaL_error(lua, "counters can be asked in detect() only");
    lua_settop(lua, 2);
    if (!self.read_key(lua, 2, counter)) return self.raise(lua);
    RowRef found;
    if (!self.counters_->find(self.ids_[counter], self.key_, found)) {
        lua_pushnil(lua);
        return 1;
    }
    self.push_row(lua, counter, found.row, no_set);
    lua_getfield(lua, LUA_REGISTRYINDEX, "picket.row");
    lua_setmetatable(lua, -2);
    return 1;
}

}  // namespace picket

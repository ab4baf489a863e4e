// SPDX-License-Identifier: Apache-2.0
// Rows and their fields. This is the hot path of detection: a field read is one C call, a search by pointer
// in a handful of names, and one look into the counters. Engine thread.
#include "core/policy/rows.hpp"

#include <fmt/format.h>

#include "core/config/option.hpp"

namespace picket {
namespace {

constexpr const char* counters_key = "picket.counters";
constexpr const char* row_meta_key = "picket.row";
constexpr const char* names_key = "picket.names";
// More than that in one detect() is a loop that asks the same again and again.
constexpr uint32_t sets_max = 64;

/// Interns `text` for the life of the state: the table at `anchor` holds it.
const char* intern(lua_State* lua, std::string_view text, int anchor) {
    lua_pushlstring(lua, text.data(), text.size());
    const char* out = lua_tostring(lua, -1);
    lua_pushboolean(lua, 1);
    lua_rawset(lua, anchor);
    return out;
}

}  // namespace

RowBindings::RowBindings(LuaState& lua, const std::vector<CounterDecl>& declarations)
    : lua_(lua)
    , declarations_(declarations)
    , names_(declarations.size()) {
    lua_.owner = this;
}

RowBindings& RowBindings::of(lua_State* lua) { return *static_cast<RowBindings*>(LuaState::of(lua).owner); }

Result<void> RowBindings::open() { return lua_.protect(&RowBindings::build, nullptr); }

void RowBindings::intern_names(lua_State* lua, uint32_t counter, int anchor) {
    const CounterDecl& decl = declarations_[counter];
    std::vector<Name>& names = names_[counter];
    for (uint32_t i = 0; i < decl.measures.size(); ++i)
        names.push_back({intern(lua, decl.measures[i].name, anchor), Meaning::measure, i});
    for (uint32_t i = 0; i < decl.by.size(); ++i)
        names.push_back({intern(lua, info_of(decl.by[i].field).name, anchor), Meaning::key, i});
    names.push_back({intern(lua, "limit", anchor), Meaning::limit, 0});
    names.push_back({intern(lua, "samples", anchor), Meaning::samples, 0});
    names.push_back({intern(lua, "error", anchor), Meaning::error, 0});
    names.push_back({intern(lua, "past", anchor), Meaning::past, 0});
}

int RowBindings::build(lua_State* lua) {
    RowBindings& self = of(lua);
    lua_settop(lua, 0);
    lua_newtable(lua);  // 1: interned names
    lua_pushvalue(lua, 1);
    lua_setfield(lua, LUA_REGISTRYINDEX, names_key);
    lua_newtable(lua);  // 2: metatable of rows
    lua_pushcfunction(lua, &RowBindings::row_past);
    lua_pushcclosure(lua, &RowBindings::row_index, 1);
    lua_setfield(lua, 2, "__index");
    lua_pushvalue(lua, 2);
    lua_setfield(lua, LUA_REGISTRYINDEX, row_meta_key);
    lua_newtable(lua);  // 3: metatable of counters
    lua_newtable(lua);
    constexpr luaL_Reg methods[] = {{"over", &RowBindings::over},
                                    {"top", &RowBindings::top},
                                    {"get", &RowBindings::get},
                                    {nullptr, nullptr}};
    luaL_register(lua, nullptr, methods);
    lua_setfield(lua, 3, "__index");
    lua_newtable(lua);  // 4: c
    for (uint32_t i = 0; i < self.declarations_.size(); ++i) {
        self.intern_names(lua, i, 1);
        lua_pushlstring(lua, self.declarations_[i].name.data(), self.declarations_[i].name.size());
        auto* handle = static_cast<CounterHandle*>(lua_newuserdata(lua, sizeof(CounterHandle)));
        *handle = CounterHandle{HandleKind::counter, i};
        lua_pushvalue(lua, 3);
        lua_setmetatable(lua, -2);
        lua_rawset(lua, 4);
    }
    lua_newtable(lua);
    lua_pushcfunction(lua, &RowBindings::unknown_counter);
    lua_setfield(lua, -2, "__index");
    lua_setmetatable(lua, 4);
    lua_setfield(lua, LUA_REGISTRYINDEX, counters_key);
    return 0;
}

void RowBindings::bind(Counters& counters, std::vector<CounterId> ids) {
    counters_ = &counters;
    ids_ = std::move(ids);
    next_tick();
}

bool RowBindings::touched() const {
    if (counters_ == nullptr) return false;
    for (const CounterId id : ids_)
        if (counters_->touched(id)) return true;
    return false;
}

void RowBindings::next_tick() {
    ++generation_;
    sets_used_ = 0;
}

RowSet* RowBindings::new_set(uint32_t counter) {
    if (counters_ == nullptr) {
        error_ = "counters can be asked in detect() only";
        return nullptr;
    }
    if (sets_used_ == sets_max) {
        error_ = fmt::format("at most {} calls of over() and top() in one detect()", sets_max);
        return nullptr;
    }
    if (sets_used_ == sets_.size()) sets_.push_back(std::make_unique<RowSet>());
    RowSet* set = sets_[sets_used_++].get();
    set->counter = counter;
    set->limits.clear();
    set->rows.clear();
    return set;
}

const std::vector<Limit>& RowBindings::limits(const RowHandle& row) const {
    static const std::vector<Limit> none;
    return row.set < sets_used_ ? sets_[row.set]->limits : none;
}

const RowHandle* RowBindings::row_of(const void* userdata) {
    const auto* row = static_cast<const RowHandle*>(userdata);
    if (row == nullptr || row->kind != HandleKind::row) {
        error_ = "a row, as over(), top() and get() give it";
        return nullptr;
    }
    if (row->generation != generation_) {
        error_ = "this row is of an earlier tick: rows must not be kept";
        return nullptr;
    }
    return row;
}

void RowBindings::push_row(lua_State* lua, uint32_t counter, uint32_t row, uint32_t set) {
    auto* handle = static_cast<RowHandle*>(lua_newuserdata(lua, sizeof(RowHandle)));
    *handle = RowHandle{HandleKind::row, counter, row, set, generation_};
}

const RowBindings::Name* RowBindings::name_of(uint32_t counter, const char* interned) const {
    for (const Name& name : names_[counter])
        if (name.name == interned) return &name;
    return nullptr;
}

bool RowBindings::unknown_name(uint32_t counter, std::string_view kind, const char* name,
                               bool measures_only) {
    std::vector<std::string> known;
    for (const Name& one : names_[counter])
        if (!measures_only || one.meaning == Meaning::measure) known.emplace_back(one.name);
    const std::string text = name != nullptr ? std::string(name).substr(0, 60) : "?";
    const auto near = nearest_name(text, known);
    error_ = fmt::format("counter '{}': unknown {} '{}'", declarations_[counter].name, kind, text);
    if (near) error_ += fmt::format(", did you mean '{}'?", *near);
    return false;
}

int RowBindings::raise(lua_State* lua) const { return luaL_error(lua, "%s", error_.c_str()); }

int RowBindings::unknown_counter(lua_State* lua) {
    RowBindings& self = of(lua);
    {
        std::vector<std::string> known;
        for (const CounterDecl& decl : self.declarations_) known.push_back(decl.name);
        const char* name = lua_type(lua, 2) == LUA_TSTRING ? lua_tostring(lua, 2) : "?";
        const auto near = nearest_name(name, known);
        self.error_ = fmt::format("unknown counter '{:.60}'", name);
        if (near) self.error_ += fmt::format(", did you mean '{}'?", *near);
    }
    return self.raise(lua);
}

int RowBindings::row_index(lua_State* lua) {
    RowBindings& self = of(lua);
    const RowHandle* row = self.row_of(lua_touserdata(lua, 1));
    if (row == nullptr) return self.raise(lua);
    const char* text = lua_type(lua, 2) == LUA_TSTRING ? lua_tostring(lua, 2) : nullptr;
    const Name* name = self.name_of(row->counter, text);
    if (name == nullptr) {
        self.unknown_name(row->counter, "field of a row", text, false);
        return self.raise(lua);
    }
    const RowRef ref = self.ref(*row);
    switch (name->meaning) {
    case Meaning::measure:
        lua_pushnumber(lua, self.counters_->value(ref, name->index));
        return 1;
    case Meaning::key: {
        const KeyValue key = self.counters_->key_part(ref, name->index);
        const KeyPart& part = self.declarations_[row->counter].by[name->index];
        if (!info_of(part.field).is_address) {
            lua_pushnumber(lua, static_cast<double>(key.number));
            return 1;
        }
        self.error_ = key_text(key, part);
        lua_pushlstring(lua, self.error_.data(), self.error_.size());
        return 1;
    }
    case Meaning::limit:
        lua_newtable(lua);
        for (const Limit& limit : self.limits(*row)) {
            lua_pushnumber(lua, limit.at_least);
            lua_setfield(lua, -2, self.names_[row->counter][limit.measure].name);
        }
        return 1;
    case Meaning::samples:
        lua_pushnumber(lua, static_cast<double>(self.counters_->samples(ref)));
        return 1;
    case Meaning::error:
        lua_pushnumber(lua, self.counters_->error(ref));
        return 1;
    case Meaning::past:
        lua_pushvalue(lua, lua_upvalueindex(1));
        return 1;
    }
    return 0;
}

int RowBindings::row_past(lua_State* lua) {
    RowBindings& self = of(lua);
    const RowHandle* row = lua_type(lua, 1) == LUA_TUSERDATA ? self.row_of(lua_touserdata(lua, 1)) : nullptr;
    if (row == nullptr) return luaL_argerror(lua, 1, "a row: write row:past(\"packets\", 1)");
    uint32_t measure = 0;
    if (!self.measure_arg(lua, 2, row->counter, measure)) return self.raise(lua);
    const int back = luaL_optint(lua, 3, 1);
    const uint32_t history = self.declarations_[row->counter].history;
    if (back < 1 || static_cast<uint32_t>(back) > history)
        return luaL_error(lua, "counter '%s': past windows 1…%d, is %d",
                          self.declarations_[row->counter].name.c_str(), static_cast<int>(history), back);
    lua_pushnumber(lua, self.counters_->past(self.ref(*row), measure, static_cast<uint32_t>(back)));
    return 1;
}

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// What a detector sees of the counters: `c.tries:over { … }`, rows and their fields. Rows are small userdata
// that hold a number, valid in their tick only. Engine thread.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/counters/counters.hpp"
#include "core/model/prefix.hpp"
#include "core/policy/lua_state.hpp"

namespace picket {

/// All userdata of a policy's state begin with this, so that none can be taken for another.
enum class HandleKind : uint32_t { counter = 0x70636b43, row = 0x70636b52, rows = 0x70636b53 };

struct CounterHandle {
    HandleKind kind = HandleKind::counter;
    uint32_t counter = 0;  ///< index into the policy's declarations
};
struct RowHandle {
    HandleKind kind = HandleKind::row;
    uint32_t counter = 0;
    uint32_t row = 0;
    uint32_t set = 0;  ///< the RowSet with the limits that it reached; no_set: it came from get()
    uint64_t generation = 0;
};
inline constexpr uint32_t no_set = UINT32_MAX;

/// The answer to one over() or top().
struct RowSet {
    uint32_t counter = 0;
    std::vector<Limit> limits;
    std::vector<uint32_t> rows;
};

/// Where a prefix leads: to a group, by so many bits.
struct RowGroup {
    uint32_t group = 0;
    unsigned bits = 0;
};

class RowBindings {
  public:
    RowBindings(LuaState& lua, const std::vector<CounterDecl>& declarations);

    /// Builds the table `c` in the registry as `picket.counters`.
    Result<void> open();
    void bind(Counters& counters, std::vector<CounterId> ids);
    [[nodiscard]] bool touched() const;
    /// A new tick: all rows handed out before are stale.
    void next_tick();
    /// Rows of which an address lies in a prefix belong to the group with the longest such prefix, those of
    /// no group to group 0. over() and top() give the rows of one group.
    void set_groups(PrefixMap<RowGroup> groups) { groups_ = std::move(groups); }
    void see_group(uint32_t group) {
        group_ = group;
        next_tick();
    }
    void set_passive() { passive_ = true; }
    /// May what is found have an effect on the counters?
    [[nodiscard]] bool passive() const { return passive_; }

    /// The valid row behind a userdata, or nullptr with the reason in error().
    const RowHandle* row_of(const void* userdata);
    [[nodiscard]] const std::string& error() const { return error_; }
    [[nodiscard]] const CounterDecl& declaration(const RowHandle& row) const {
        return declarations_[row.counter];
    }
    [[nodiscard]] const std::vector<Limit>& limits(const RowHandle& row) const;
    [[nodiscard]] RowRef ref(const RowHandle& row) const { return {ids_[row.counter], row.row}; }
    [[nodiscard]] Counters& counters() const { return *counters_; }

  private:
    /// What a name means on a row of a counter. `name` is the text as Lua has interned it: names are
    /// compared as pointers.
    enum class Meaning : uint8_t { measure, key, limit, samples, error, past };
    struct Name {
        const char* name;
        Meaning meaning;
        uint32_t index;
    };

    static RowBindings& of(lua_State* lua);
    static int build(lua_State* lua);
    static int over(lua_State* lua);
    static int top(lua_State* lua);
    static int get(lua_State* lua);
    static int next_row(lua_State* lua);
    static int row_index(lua_State* lua);
    static int row_past(lua_State* lua);
    static int unknown_counter(lua_State* lua);

    void intern_names(lua_State* lua, uint32_t counter, int anchor);
    void push_row(lua_State* lua, uint32_t counter, uint32_t row, uint32_t set);
    int push_iterator(lua_State* lua, uint32_t set);
    const CounterHandle* counter_arg(lua_State* lua);
    RowSet* new_set(uint32_t counter);
    const Name* name_of(uint32_t counter, const char* interned) const;
    [[nodiscard]] uint32_t group_of(uint32_t counter, uint32_t row) const;
    void keep_group(uint32_t counter, std::vector<uint32_t>& rows) const;
    bool read_limits(lua_State* lua, int index, uint32_t counter, std::vector<Limit>& out);
    bool read_key(lua_State* lua, int index, uint32_t counter);
    bool read_key_part(lua_State* lua, int index, const KeyPart& part);
    bool measure_arg(lua_State* lua, int index, uint32_t counter, uint32_t& out);
    bool unknown_name(uint32_t counter, std::string_view kind, const char* name, bool measures_only);
    int raise(lua_State* lua) const;

    LuaState& lua_;
    const std::vector<CounterDecl>& declarations_;
    Counters* counters_ = nullptr;
    std::vector<CounterId> ids_;
    std::vector<std::vector<Name>> names_;  ///< per counter
    std::vector<std::unique_ptr<RowSet>> sets_;
    uint32_t sets_used_ = 0;
    PrefixMap<RowGroup> groups_;
    uint32_t group_ = 0;
    bool passive_ = false;
    uint64_t generation_ = 0;
    std::vector<KeyValue> key_;  ///< of the running get()
    // Members, not locals: an error that Lua raises must not have to unwind them.
    std::string error_;
};

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// One Lua state with what bounds it: an allocator with a limit, a clock that a count hook asks, and the
// sandbox. Whoever calls into Lua does it here. Engine thread.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <lua.hpp>

#include "core/model/result.hpp"
#include "core/policy/policy_host.hpp"

namespace picket {

/// The processor time of the calling thread, within a millisecond: a policy does not pay for what else the
/// machine does.
BudgetClock thread_budget_clock();

class LuaState {
  public:
    /// A state with the JIT off and the sandbox open. Fails only for want of memory. Past `memory_max_bytes`
    /// the running call ends at its next look at the budget; it never gets more than 4 MiB beyond.
    static Result<std::unique_ptr<LuaState>> create(uint64_t memory_max_bytes, BudgetClock clock);
    ~LuaState();
    LuaState(const LuaState&) = delete;
    LuaState& operator=(const LuaState&) = delete;

    [[nodiscard]] lua_State* get() const { return lua_; }
    /// The object behind a running lua_State.
    static LuaState& of(lua_State* lua);

    /// Compiles text (never bytecode) for the sandbox, and leaves the function on the stack. `chunk` is how
    /// messages name it.
    Result<void> compile(std::string_view text, const std::string& chunk);
    /// Calls the function below `args` on the stack; on success `results` are there instead. The budget is
    /// for this call with all that it calls. On an error the stack is as it was without function and
    /// arguments.
    Result<void> call(int args, int results, uint64_t budget_ns);
    /// Runs `body` protected, so that its Lua API calls may fail for want of memory. `context` is its
    /// argument, as light userdata; `body` must own nothing that needs a destructor.
    Result<void> protect(lua_CFunction body, void* context);

    /// Has the running call overrun? Raises the error that no pcall holds back.
    void check_budget();
    [[nodiscard]] bool overrun() const { return overrun_ != nullptr; }
    [[nodiscard]] uint64_t memory_bytes() const { return memory_bytes_; }

    /// What the owner's bindings find again through of().
    void* owner = nullptr;

  private:
    LuaState(uint64_t memory_max_bytes, BudgetClock clock);
    static void* allocate(void* self, void* block, size_t old_bytes, size_t new_bytes);
    static void on_count(lua_State* lua, lua_Debug* at);
    static int explain(lua_State* lua);
    bool past_deadline();
    Error take_error();

    lua_State* lua_ = nullptr;
    int environment_ = LUA_NOREF;  ///< reference of the environment of chunks
    BudgetClock clock_;
    uint64_t memory_max_bytes_, memory_bytes_ = 0;
    uint64_t deadline_ns_ = UINT64_MAX, budget_ns_ = 0;
    const char* overrun_ = nullptr;  ///< what was overrun, once it is
};

/// Splits "port_scan.lua:12: what" into an Error with its place.
Error error_from_lua(std::string_view message);

}  // namespace picket

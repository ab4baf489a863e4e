// SPDX-License-Identifier: Apache-2.0
// The bounds of a Lua state. A count hook asks the clock every hook_instructions, and so does every large
// allocation, because one instruction that copies megabytes is not seen by a count. Once a budget is overrun,
// every further look raises again, and the sandbox's pcall passes it on. Engine thread.
#include "core/policy/lua_state.hpp"

#include <algorithm>
#include <cstdlib>
#include <ctime>

#include <fmt/format.h>

#include "core/model/duration.hpp"
#include "core/policy/sandbox.hpp"

namespace picket {
namespace {

// Between two looks at the clock: each instruction may touch at most one block.
constexpr int hook_instructions = 100;
// No single table part or string is larger, so that no single instruction takes more than about a
// millisecond.
constexpr size_t block_max_bytes = 4u << 20;
constexpr size_t clocked_block_bytes = 64u << 10;

// Where the main stack holds the message handler: pushing it anew would allocate outside of a protected call.
constexpr int handler_index = 1;

constexpr const char* time_overrun = "time";
constexpr const char* memory_overrun = "memory";

uint64_t clock_ns(clockid_t clock) {
    timespec now{};
    clock_gettime(clock, &now);
    return static_cast<uint64_t>(now.tv_sec) * ns_per_second + static_cast<uint64_t>(now.tv_nsec);
}

}  // namespace

BudgetClock thread_budget_clock() {
    // Asking for the thread's time is a system call; between two of them, at most 1 ms apart, the steady
    // clock stands in for it. It never goes back.
    struct Sample {
        uint64_t steady_ns = 0, thread_ns = 0, answered_ns = 0;
    };
    return [last = Sample{}]() mutable {
        constexpr uint64_t sample_every_ns = ns_per_ms;
        const uint64_t steady_ns = clock_ns(CLOCK_MONOTONIC);
        if (last.steady_ns == 0 || steady_ns - last.steady_ns >= sample_every_ns) {
            last.thread_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID);
            last.steady_ns = steady_ns;
        }
        last.answered_ns = std::max(last.answered_ns, last.thread_ns + (steady_ns - last.steady_ns));
        return last.answered_ns;
    };
}

LuaState::LuaState(uint64_t memory_max_bytes, BudgetClock clock)
    : clock_(std::move(clock))
    , memory_max_bytes_(memory_max_bytes) {}

LuaState::~LuaState() {
    if (lua_ != nullptr) lua_close(lua_);
}

Result<std::unique_ptr<LuaState>> LuaState::create(uint64_t memory_max_bytes, BudgetClock clock) {
    // The bare state stands outside of the limit: there is no call yet in which to fail.
    std::unique_ptr<LuaState> state(new LuaState(UINT64_MAX, std::move(clock)));
    state->lua_ = lua_newstate(&LuaState::allocate, state.get());
    if (state->lua_ == nullptr) return fail(ErrorCode::limit, "not enough memory for a Lua state");
    // Count hooks never fire in compiled traces, and hardened services forbid writable code.
    luaJIT_setmode(state->lua_, 0, LUAJIT_MODE_ENGINE | LUAJIT_MODE_OFF);
    lua_pushcfunction(state->lua_, &LuaState::explain);
    if (auto opened = state->protect(&open_sandbox, &state->environment_); !opened)
        return tl::unexpected<Error>(std::move(opened.error()));
    state->memory_max_bytes_ = memory_max_bytes;
    lua_sethook(state->lua_, &LuaState::on_count, LUA_MASKCOUNT, hook_instructions);
    return state;
}

LuaState& LuaState::of(lua_State* lua) {
    void* self = nullptr;
    lua_getallocf(lua, &self);
    return *static_cast<LuaState*>(self);
}

void* LuaState::allocate(void* self, void* block, size_t old_bytes, size_t new_bytes) {
    auto& state = *static_cast<LuaState*>(self);
    if (new_bytes == 0) {
        std::free(block);
        state.memory_bytes_ -= old_bytes;
        return nullptr;
    }
    if (new_bytes > old_bytes) {
        const size_t total_bytes = state.memory_bytes_ - old_bytes + new_bytes;
        const bool over = total_bytes > state.memory_max_bytes_ || new_bytes > block_max_bytes;
        if (over && state.overrun_ == nullptr) state.overrun_ = memory_overrun;
        // A refused allocation cannot say where it was: past the limit the hook speaks first, one block later
        // the allocator.
        if (over && (new_bytes > block_max_bytes || total_bytes - state.memory_max_bytes_ > block_max_bytes))
            return nullptr;
        if (new_bytes > clocked_block_bytes && state.past_deadline()) return nullptr;
    }
    void* moved = std::realloc(block, new_bytes);
    if (moved != nullptr) state.memory_bytes_ = state.memory_bytes_ - old_bytes + new_bytes;
    return moved;
}

bool LuaState::past_deadline() {
    if (overrun_ != nullptr) return true;
    if (deadline_ns_ == UINT64_MAX || clock_() < deadline_ns_) return false;
    overrun_ = time_overrun;
    return true;
}

void LuaState::check_budget() {
    if (!past_deadline()) return;
    if (overrun_ == memory_overrun)
        luaL_error(lua_, "more than %d MiB of memory", static_cast<int>(memory_max_bytes_ >> 20));
    luaL_error(lua_, "longer than %d ms", static_cast<int>(budget_ns_ / ns_per_ms));
}

void LuaState::on_count(lua_State* lua, lua_Debug*) {
    LuaState& state = of(lua);
    if (!state.past_deadline()) return;
    lua_Debug at{};
    // The hook runs inside of the Lua function at level 0; luaL_error would name its caller.
    if (lua_getstack(lua, 0, &at) != 0 && lua_getinfo(lua, "Sl", &at) != 0 && at.currentline > 0)
        lua_pushfstring(lua, "%s:%d: ", at.short_src, at.currentline);
    else
        lua_pushliteral(lua, "");
    if (state.overrun_ == memory_overrun)
        lua_pushfstring(lua, "more than %d MiB of memory", static_cast<int>(state.memory_max_bytes_ >> 20));
    else
        lua_pushfstring(lua, "longer than %d ms", static_cast<int>(state.budget_ns_ / ns_per_ms));
    lua_concat(lua, 2);
    lua_error(lua);
}

// The message handler of all calls: errors of C functions that were called by C functions come without a
// place, so the nearest Lua line is put before them.
int LuaState::explain(lua_State* lua) {
    if (lua_type(lua, 1) != LUA_TSTRING) {
        lua_pushfstring(lua, "an error that is a %s, not a text", luaL_typename(lua, 1));
        lua_replace(lua, 1);
    }
    const std::string_view message = lua_tostring(lua, 1);
    if (message.find(".lua:") != std::string_view::npos) return 1;
    lua_Debug at{};
    for (int level = 0; lua_getstack(lua, level, &at) != 0; ++level) {
        lua_getinfo(lua, "Sl", &at);
        const bool of_a_file = at.currentline > 0 && std::string_view(at.short_src).ends_with(".lua");
        if (!of_a_file) continue;
        lua_pushfstring(lua, "%s:%d: %s", at.short_src, at.currentline, lua_tostring(lua, 1));
        break;
    }
    return 1;
}

Error LuaState::take_error() {
    size_t length = 0;
    const char* text = lua_tolstring(lua_, -1, &length);
    Error error =
        error_from_lua(text != nullptr ? std::string_view(text, length) : "an error without a text");
    lua_pop(lua_, 1);
    if (overrun_ == memory_overrun)
        error.what = fmt::format("more than {} MiB of memory, or {} MiB in one piece",
                                 memory_max_bytes_ >> 20, block_max_bytes >> 20);
    if (overrun_ == time_overrun) error.what = fmt::format("longer than {}", duration_text(budget_ns_));
    if (overrun_ != nullptr) error.code = ErrorCode::limit;
    return error;
}

Result<void> LuaState::call(int args, int results, uint64_t budget_ns) {
    overrun_ = nullptr;
    budget_ns_ = budget_ns;
    const uint64_t now_ns = clock_();
    deadline_ns_ = budget_ns < UINT64_MAX - now_ns ? now_ns + budget_ns : UINT64_MAX;
    const int status = lua_pcall(lua_, args, results, handler_index);
    deadline_ns_ = UINT64_MAX;
    if (status == 0) return {};
    return tl::unexpected<Error>(take_error());
}

Result<void> LuaState::protect(lua_CFunction body, void* context) {
    overrun_ = nullptr;
    if (lua_cpcall(lua_, body, context) == 0) return {};
    return tl::unexpected<Error>(take_error());
}

Result<void> LuaState::compile(std::string_view text, const std::string& chunk) {
    if (!text.empty() && text.front() == LUA_SIGNATURE[0])
        return fail(ErrorCode::invalid, "is bytecode; a policy is a text", chunk);
    overrun_ = nullptr;
    const std::string name = "@" + chunk;
    const int status = luaL_loadbufferx(lua_, text.data(), text.size(), name.c_str(), "t");
    if (status == 0) {
        lua_rawgeti(lua_, LUA_REGISTRYINDEX, environment_);
        lua_setfenv(lua_, -2);
        return {};
    }
    Error error = take_error();
    if (error.where.empty()) error.where = chunk;
    return tl::unexpected<Error>(std::move(error));
}

Error error_from_lua(std::string_view message) {
    Error error{ErrorCode::invalid, std::string(message), {}, {}};
    const size_t at = message.find(".lua:");
    const size_t end = at == std::string_view::npos ? at : message.find(": ", at);
    if (end != std::string_view::npos && message.find_first_not_of("0123456789", at + 5) == end) {
        error.where = message.substr(0, end);
        error.what = message.substr(end + 2);
    }
    return error;
}

}  // namespace picket

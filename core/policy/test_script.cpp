// SPDX-License-Identifier: Apache-2.0
// The sandbox of policies, with `test` and the object `t`. A failed expectation is raised as an error, so it
// has the line of the test, and ends it. Each test runs on a new bench, per family. Calling thread.
#include "core/policy/test_script.hpp"

#include <fstream>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "core/model/duration.hpp"
#include "core/policy/lua_state.hpp"
#include "core/policy/prelude.hpp"
#include "core/policy/sandbox.hpp"
#include "core/policy/test_traffic.hpp"

namespace picket {
namespace {

constexpr uint64_t memory_max_bytes = 64u << 20;
// A test that loops should end; how fast the machine is must not decide.
constexpr uint64_t test_budget_ns = 120 * ns_per_second;
constexpr uint64_t advance_max_ns = 7 * 24 * 3600 * ns_per_second;
constexpr size_t shown_max = 5;

struct Script;
using Verb = Result<void> (*)(Script&, const LuaValue&);

struct Registered {
    std::string name;
    int function = LUA_NOREF;
    bool v4_only = false;
};

/// A file while it runs.
struct Script {
    std::vector<Registered> tests;
    PolicyTestBench* bench = nullptr;
    bool v6 = false;
    std::string error;  ///< for the binding to raise, when nothing is left to unwind
};

/// The first finding of each type, subject, target and severity.
std::string shown(const std::vector<Finding>& findings, uint64_t start_ns) {
    std::string out;
    std::set<std::tuple<std::string, std::string, std::string, Severity>> seen;
    for (const Finding& one : findings) {
        if (!seen.emplace(one.type, one.subject, one.target, one.severity).second || seen.size() > shown_max)
            continue;
        out += fmt::format("{}{} of {}{}{} ({}, after {}: {})", out.empty() ? "" : "; ", one.type,
                           one.subject, one.target.empty() ? "" : " > ", one.target, name_of(one.severity),
                           duration_text((one.time_ns - start_ns) / ns_per_ms * ns_per_ms), one.reason);
    }
    if (seen.size() > shown_max) out += fmt::format("; and {} more", seen.size() - shown_max);
    return out.empty() ? "nothing" : out;
}

tl::unexpected<Error> wrong(std::string what) { return fail(ErrorCode::invalid, std::move(what)); }

Result<void> do_traffic(Script& script, const LuaValue& value) {
    auto traffic = read_traffic(value, script.v6);
    if (!traffic) return tl::unexpected<Error>(traffic.error());
    return script.bench->add_traffic(*traffic);
}

Result<void> do_local_prefixes(Script& script, const LuaValue& value) {
    auto local = read_local_prefixes(value, script.v6);
    if (!local) return tl::unexpected<Error>(local.error());
    return script.bench->set_local(*local);
}

Result<void> do_params(Script& script, const LuaValue& value) {
    auto params = read_test_params(value, script.v6);
    if (!params) return tl::unexpected<Error>(params.error());
    return script.bench->set_params(*params);
}

Result<void> do_advance(Script& script, const LuaValue& value) {
    uint64_t duration_ns = 0;
    if (const Complaint complaint = read_duration(value, ns_per_ms, advance_max_ns, duration_ns))
        return wrong("advance: " + *complaint);
    return script.bench->advance(duration_ns);
}

Result<void> do_expect(Script& script, const LuaValue& value) {
    const auto expected = read_expectation(value, script.v6);
    if (!expected) return tl::unexpected<Error>(expected.error());
    const auto findings = script.bench->findings();
    if (!findings) return tl::unexpected<Error>(findings.error());
    const uint64_t start_ns = script.bench->start_ns();
    for (const Finding& finding : **findings)
        if (expected->matches(finding, start_ns)) return {};
    return wrong(fmt::format("expected {}; found {}", expected->text(), shown(**findings, start_ns)));
}

Result<void> do_expect_nothing(Script& script, const LuaValue& value) {
    const auto refused = read_expectation(value, script.v6);
    if (!refused) return tl::unexpected<Error>(refused.error());
    const auto findings = script.bench->findings();
    if (!findings) return tl::unexpected<Error>(findings.error());
    const uint64_t start_ns = script.bench->start_ns();
    std::vector<Finding> matching;
    for (const Finding& finding : **findings)
        if (refused->matches(finding, start_ns)) matching.push_back(finding);
    if (matching.empty()) return {};
    return wrong(fmt::format("expected nothing{}; found {}",
                             refused->text() == "anything" ? "" : " with " + refused->text(),
                             shown(matching, start_ns)));
}

Result<void> do_forget(Script& script, const LuaValue&) {
    const auto findings = script.bench->findings();
    if (!findings) return tl::unexpected<Error>(findings.error());
    script.bench->forget();
    return {};
}

bool run_verb(Script& script, lua_State* lua, Verb verb) {
    if (script.bench == nullptr) {
        script.error = "t can be used within its test only";
        return false;
    }
    const auto argument = copy_value(lua, 2);
    const auto done =
        argument ? verb(script, *argument) : Result<void>(tl::unexpected<Error>(argument.error()));
    if (!done) script.error = done.error().text();
    return done.has_value();
}

template <Verb Do>
int verb(lua_State* lua) {
    auto& script = *static_cast<Script*>(lua_touserdata(lua, lua_upvalueindex(1)));
    LuaState::of(lua).check_budget();
    luaL_checktype(lua, 1, LUA_TTABLE);
    lua_settop(lua, 2);
    if (!run_verb(script, lua, Do)) return luaL_error(lua, "%s", script.error.c_str());
    return 0;
}

constexpr luaL_Reg verbs[] = {{"traffic", verb<do_traffic>}, {"local_prefixes", verb<do_local_prefixes>},
                              {"params", verb<do_params>},   {"advance", verb<do_advance>},
                              {"expect", verb<do_expect>},   {"expect_nothing", verb<do_expect_nothing>},
                              {"forget", verb<do_forget>},   {nullptr, nullptr}};

bool read_options(Script& script, lua_State* lua, Registered& out) {
    size_t length = 0;
    const char* name = lua_tolstring(lua, 1, &length);
    out.name.assign(name, length);
    const auto options = copy_value(lua, 3);
    if (!options) {
        script.error = options.error().what;
        return false;
    }
    for (const LuaField& entry : options->fields) {
        out.v4_only = entry.name == "family" && entry.value.text == "v4";
        if (!out.v4_only) script.error = "test: the one option is family = \"v4\"";
        if (!out.v4_only) return false;
    }
    return true;
}

int register_test(lua_State* lua) {
    auto& script = *static_cast<Script*>(lua_touserdata(lua, lua_upvalueindex(1)));
    luaL_checktype(lua, 1, LUA_TSTRING);
    luaL_checktype(lua, 2, LUA_TFUNCTION);
    lua_settop(lua, 3);
    script.tests.emplace_back();
    if (!read_options(script, lua, script.tests.back())) return luaL_error(lua, "%s", script.error.c_str());
    lua_pushvalue(lua, 2);
    script.tests.back().function = luaL_ref(lua, LUA_REGISTRYINDEX);
    return 0;
}

int refuse_verb(lua_State* lua) {
    return luaL_error(lua,
                      "t:%s does not exist; there is traffic, local_prefixes, params, advance, expect, "
                      "expect_nothing, forget",
                      lua_type(lua, 2) == LUA_TSTRING ? lua_tostring(lua, 2) : "?");
}

int open_test_words(lua_State* lua) {
    push_globals(lua);
    lua_pushvalue(lua, 1);
    lua_pushcclosure(lua, &register_test, 1);
    lua_setfield(lua, -2, "test");
    lua_newtable(lua);
    for (const luaL_Reg* at = verbs; at->name != nullptr; ++at) {
        lua_pushvalue(lua, 1);
        lua_pushcclosure(lua, at->func, 1);
        lua_setfield(lua, -2, at->name);
    }
    lua_newtable(lua);
    lua_pushcfunction(lua, &refuse_verb);
    lua_setfield(lua, -2, "__index");
    lua_setmetatable(lua, -2);
    lua_setfield(lua, LUA_REGISTRYINDEX, "picket.t");
    return 0;
}

TestOutcome run_one(LuaState& lua, Script& script, const Registered& test, bool v6, PolicyTestBench& bench) {
    script.bench = &bench;
    script.v6 = v6;
    TestOutcome out{test.name, v6 ? "v6" : "v4", true, {}};
    lua_rawgeti(lua.get(), LUA_REGISTRYINDEX, test.function);
    lua_getfield(lua.get(), LUA_REGISTRYINDEX, "picket.t");
    if (auto ran = lua.call(1, 0, test_budget_ns); !ran) {
        out.passed = false;
        out.message = ran.error().text();
    }
    script.bench = nullptr;
    return out;
}

Result<std::string> read_text_file(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) return fail(ErrorCode::not_found, "cannot be read", file.string());
    return std::string(std::istreambuf_iterator<char>(in), {});
}

}  // namespace

Result<void> run_test_script(const std::filesystem::path& file,
                             const std::function<std::unique_ptr<PolicyTestBench>()>& make_bench,
                             const std::function<void(const TestOutcome&)>& sink) {
    const auto text = read_text_file(file);
    if (!text) return tl::unexpected<Error>(text.error());
    const std::string chunk = (file.parent_path().filename() / file.filename()).string();
    Script script;
    auto created = LuaState::create(memory_max_bytes, thread_budget_clock());
    if (!created) return tl::unexpected<Error>(created.error());
    LuaState& lua = **created;
    if (auto done = open_prelude(lua); !done) return done;
    if (auto done = lua.protect(&open_test_words, &script); !done) return done;
    if (auto done = lua.compile(*text, chunk); !done) return done;
    if (auto done = lua.call(0, 0, test_budget_ns); !done) return done;
    if (script.tests.empty())
        return fail(ErrorCode::invalid, "holds no test(\"name\", function(t) … end)", chunk);
    for (const Registered& test : script.tests)
        for (const bool v6 : {false, true}) {
            if (v6 && test.v4_only) continue;
            const auto bench = make_bench();
            sink(run_one(lua, script, test, v6, *bench));
        }
    return {};
}

}  // namespace picket

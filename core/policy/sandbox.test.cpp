// SPDX-License-Identifier: Apache-2.0
// Proves that a policy can name nothing but the allow-list, cannot loop or grow past its budget by any way
// known to us, and gets the same answers on every run.
#include <boost/test/unit_test.hpp>

#include "core/policy/lua_state.hpp"
#include "core/policy/prelude.hpp"
#include "core/policy/sandbox.hpp"
#include "core/policy/test_support.hpp"

namespace picket {
namespace {

constexpr uint64_t memory_bytes = 16u << 20;

/// A state whose clock steps 1 ms per look, so that a budget of 50 ms ends after 50 looks.
std::unique_ptr<LuaState> make_state() {
    auto state = LuaState::create(memory_bytes, testing::StepClock(1'000'000));
    BOOST_REQUIRE(state);
    BOOST_REQUIRE(open_prelude(**state));
    return std::move(*state);
}

/// Runs a chunk; what it returned as a text, or "error: …".
std::string run(LuaState& state, const std::string& text) {
    const int before = lua_gettop(state.get());
    if (auto compiled = state.compile(text, "x.lua"); !compiled) return "error: " + compiled.error().text();
    if (auto ran = state.call(0, 1, 50'000'000); !ran) {
        BOOST_TEST(lua_gettop(state.get()) == before);
        return "error: " + ran.error().text();
    }
    const char* answer = lua_tostring(state.get(), -1);
    std::string out = answer != nullptr ? answer : lua_typename(state.get(), lua_type(state.get(), -1));
    lua_settop(state.get(), before);
    return out;
}

std::string run(const std::string& text) { return run(*make_state(), text); }

struct Snippet {
    const char* description;
    std::string text, expected;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(sandbox)

BOOST_AUTO_TEST_CASE(what_is_not_on_the_list_does_not_exist) {
    for (const char* name : {"io",
                             "os",
                             "ffi",
                             "jit",
                             "debug",
                             "package",
                             "require",
                             "load",
                             "loadstring",
                             "loadfile",
                             "dofile",
                             "module",
                             "collectgarbage",
                             "gcinfo",
                             "getfenv",
                             "setfenv",
                             "rawget",
                             "rawset",
                             "rawequal",
                             "rawlen",
                             "getmetatable",
                             "setmetatable",
                             "newproxy",
                             "coroutine",
                             "print",
                             "next",
                             "_G",
                             "_VERSION"})
        BOOST_TEST(run("return " + std::string(name)) ==
                   "error: x.lua:1: global '" + std::string(name) + "' does not exist");
    for (const char* name : {"string.dump", "string.gfind", "math.random", "math.randomseed", "table.foreach",
                             "table.getn", "table.new", "bit.nothing", "(''):dump()", "('').rep.dump"})
        BOOST_TEST(run("local ok, v = pcall(function() return " + std::string(name) +
                       " end) return tostring(ok and v or nil)") == "nil");
}

BOOST_AUTO_TEST_CASE(escapes_are_refused) {
    const std::vector<Snippet> snippets{
        {"an undeclared global is read", "return tries", "error: x.lua:1: global 'tries' does not exist"},
        {"an undeclared global is assigned", "tries = 1",
         "error: x.lua:1: global 'tries' may not be assigned; write 'local tries'"},
        {"a library is replaced", "string = nil",
         "error: x.lua:1: global 'string' may not be assigned; write 'local string'"},
        {"a function is declared global", "function detect() end",
         "error: x.lua:1: global 'detect' may not be assigned; write 'local detect'"},
        {"the metatable of strings", "return getmetatable('').__index",
         "error: x.lua:1: global 'getmetatable' does not exist"},
        {"bytecode", "\x1bLJ\x02", "error: x.lua: is bytecode; a policy is a text"},
        {"a syntax error", "return {", "error: x.lua:1: unexpected symbol near '<eof>'"},
        {"an address of memory", "local a = string.format('%p', {})",
         "error: x.lua:1: string.format: %p is not available"},
        {"a table as a text", "local a = string.format('%s', {})",
         "error: x.lua:1: bad argument #2 to 'format' (a table or function has no text)"},
        {"tostring of a table shows no address", "return tostring({})", "table"},
        {"tostring of a function shows no address", "return tostring(pairs)", "function"},
        {"an error that is a table", "error({})", "error: x.lua:1: an error that is a table, not a text"},
        {"unpack of too much", "local a = unpack({}, 1, 1e8)", "error: x.lua:1: too many results to unpack"},
        {"an upper bound on nesting", "local t = {} t.t = t return 'made'", "made"},
    };
    for (const Snippet& snippet : snippets) {
        const std::string got = run(snippet.text);
        BOOST_TEST(got == snippet.expected, snippet.description << ": " << got);
    }
}

BOOST_AUTO_TEST_CASE(loops_end_with_the_budget) {
    const std::vector<Snippet> snippets{
        {"a loop", "while true do end", ""},
        {"a loop in pcall", "while true do pcall(function() while true do end end) end", ""},
        {"a loop in xpcall's handler", "xpcall(error, function() while true do end end)", ""},
        {"xpcall in xpcall", "local f; f = function() return xpcall(f, f) end; while true do f() end", ""},
        {"recursion in pcall", "local f; f = function() pcall(f) return f() end; f()", ""},
        {"a loop in a comparison", "table.sort({3, 2, 1}, function() while true do end end)", ""},
        {"a loop in gsub", "('x'):gsub('x', function() while true do end end)", ""},
        {"a loop in a metamethod of an argument", "for i = 1, 1e9 do tostring(i) end", ""},
        {"many plain searches",
         "local s = ('a'):rep(60000) while true do s:find(('a'):rep(1000) .. 'b', 1, true) end", ""},
        {"many pattern searches", "local s = ('a'):rep(3000) while true do s:find('^a*b') end", ""},
        {"sorting a long list again and again",
         "local t = {} for i = 1, 5000 do t[i] = -i end while true do table.sort(t) table.sort(t, "
         "function(a, b) "
         "return a > b end) end",
         ""},
    };
    for (const Snippet& snippet : snippets) {
        const std::string got = run(snippet.text);
        BOOST_TEST(got.ends_with(": longer than 50ms"), snippet.description << ": " << got);
        BOOST_TEST(got.starts_with("error: x.lua"), snippet.description << ": " << got);
    }
}

BOOST_AUTO_TEST_CASE(growth_ends_with_the_budget) {
    const std::vector<Snippet> snippets{
        {"a table", "local t = {} for i = 1, 1e9 do t[i] = {} end", ""},
        {"a table in pcall",
         "pcall(function() local t = {} for i = 1, 1e9 do t[i] = {} end end) return 'survived'", ""},
        {"a text that doubles", "local s = 'x' while true do s = s .. s end", ""},
        {"many texts", "local t = {} for i = 1, 1e9 do t[i] = ('x'):rep(60000) .. i end", ""},
        {"concat", "local t = {} for i = 1, 1000 do t[i] = ('x'):rep(60000) end return table.concat(t)", ""},
        {"gsub", "return (('x'):rep(60000):gsub('x', ('y'):rep(60000)))", ""},
    };
    for (const Snippet& snippet : snippets) {
        // A clock that stands: only memory can end these.
        auto state = LuaState::create(memory_bytes, [] { return uint64_t{0}; });
        BOOST_REQUIRE(state);
        BOOST_REQUIRE(open_prelude(**state));
        const std::string got = run(**state, snippet.text);
        BOOST_TEST(got.ends_with("more than 16 MiB of memory, or 4 MiB in one piece"),
                   snippet.description << ": " << got);
        BOOST_TEST((*state)->memory_bytes() <= memory_bytes + (4u << 20));
    }
}

BOOST_AUTO_TEST_CASE(c_functions_are_bounded_before_they_start) {
    const std::string too_long = "this pattern could take too long on ";
    const std::vector<Snippet> snippets{
        {"backtracking", "local a = ('a'):rep(1000):find('.-.-.-.-b')", too_long},
        {"backtracking in match", "local a = ('a'):rep(1000):match('^.*.*.*b')", too_long},
        {"backtracking in gmatch", "local a = ('a'):rep(1000):gmatch('a*a*b')", too_long},
        {"backtracking in gsub", "local a = ('a'):rep(1000):gsub('a*a*b', '')", too_long},
        {"optional items", "local a = ('a'):rep(30):find(('a?'):rep(30) .. ('a'):rep(30))", too_long},
        {"balanced items", "local a = ('('):rep(60000):find('%b()%b()')", too_long},
        {"back references", "local a = ('a'):rep(3000):find('(a*)%1b')", too_long},
        {"a long subject", "local a = (('a'):rep(60000) .. ('a'):rep(60000)):find('^a')",
         "a subject of at most 65536 bytes, is 120000"},
        {"a long pattern", "local a = ('a'):find(('a'):rep(300))", "a pattern of at most 256 bytes, is 300"},
        {"a plain search", "local a = ('a'):rep(60000):find(('a'):rep(30000), 1, true)",
         "could take too long"},
        {"a repetition", "local a = ('x'):rep(1e9)", "string.rep: a result of at most 65536 bytes"},
        {"a repetition of nothing", "local a = (''):rep(1e12)",
         "string.rep: a result of at most 65536 bytes"},
        {"a repetition with a separator", "local a = ('x'):rep(5000, ('y'):rep(5000))",
         "string.rep: a result of at most 65536 bytes"},
        {"a wide number", "local a = ('%500d'):format(1)", "invalid"},
        {"an insertion far away", "table.insert({}, -2147483648, 1)", "table.insert: a position of 1…1"},
    };
    for (const Snippet& snippet : snippets) {
        const std::string got = run(snippet.text);
        BOOST_TEST(got.find(snippet.expected) != std::string::npos, snippet.description << ": " << got);
        BOOST_TEST(got.starts_with("error: x.lua:1: "), snippet.description << ": " << got);
    }
}

BOOST_AUTO_TEST_CASE(ordinary_lua_works) {
    const std::vector<Snippet> snippets{
        {"format", "return ('%d ports of %s, %.1f %%'):format(3, 'a', 2.5)", "3 ports of a, 2.5 %"},
        {"find", "return ('10.0.0.5'):find('.', 1, true)", "3"},
        {"match", "return (('10.0.0.5/24'):match('^(%d+%.%d+%.%d+%.%d+)/%d+$'))", "10.0.0.5"},
        {"gsub", "return (('a-b-c'):gsub('%-', '+'))", "a+b+c"},
        {"gmatch", "local n = 0 for _ in ('a,b,c'):gmatch('[^,]+') do n = n + 1 end return n", "3"},
        {"rep", "return ('ab'):rep(3)", "ababab"},
        {"pcall", "local ok, what = pcall(error, 'no', 0) return tostring(ok) .. what", "falseno"},
        {"pcall with results", "local ok, a, b = pcall(function(...) return ... end, 1, 2) return a + b",
         "3"},
        {"xpcall",
         "local _, what = xpcall(error, function(e) return 'caught ' .. tostring(e) end) return what",
         "caught nil"},
        {"xpcall with results", "local ok, a = xpcall(function(x) return x end, error, 7) return a", "7"},
        {"sort", "local t = {3, 1, 2} table.sort(t) return table.concat(t, ' ')", "1 2 3"},
        {"sort by",
         "local t = {3, 1, 2} table.sort(t, function(a, b) return a > b end) return table.concat(t, ' ')",
         "3 2 1"},
        {"insert and remove",
         "local t = {1, 3} table.insert(t, 2, 2) table.insert(t, 4) table.remove(t, 1) return "
         "table.concat(t, ' ')",
         "2 3 4"},
        {"bit and math", "return bit.band(12, 10) + math.floor(2.7)", "10"},
        {"a constant", "return math.huge > 1e300 and 'huge'", "huge"},
        {"closures", "local function f(n) return n < 2 and n or f(n - 1) + f(n - 2) end return f(10)", "55"},
    };
    for (const Snippet& snippet : snippets) {
        auto state = LuaState::create(memory_bytes, [] { return uint64_t{0}; });
        BOOST_REQUIRE(state && open_prelude(**state));
        const std::string got = run(**state, snippet.text);
        BOOST_TEST(got == snippet.expected, snippet.description << ": " << got);
    }
}

BOOST_AUTO_TEST_CASE(pairs_goes_in_order_of_key) {
    BOOST_TEST(run("local out = {} for k, v in pairs { b = 2, a = 1, [2] = 'y', [1] = 'x', zz = 3 } do "
                   "out[#out + 1] = k .. '=' .. v end return table.concat(out, ' ')") ==
               "1=x 2=y a=1 b=2 zz=3");
    BOOST_TEST(run("for _ in pairs { [{}] = 1 } do end") ==
               "error: x.lua:1: pairs: keys are numbers or texts, one is a table");
}

BOOST_AUTO_TEST_CASE(pattern_cost_follows_the_quantifiers) {
    BOOST_TEST(pattern_cost("^abc$", 100, true) == 6);              // nothing to try again
    BOOST_TEST(pattern_cost("abc", 99, true) == 100 * 4);           // every start
    BOOST_TEST(pattern_cost("^a*", 99, true) == 100 * 4);           // every rest
    BOOST_TEST(pattern_cost("^a*", 99, false) == 100.0 * 100 * 4);  // gmatch knows no anchor
    BOOST_TEST(pattern_cost("^[*+-]x", 99, true) == 8);             // quantifiers in a set are letters
    BOOST_TEST(pattern_cost("^[]*]x", 99, true) == 7);
    BOOST_TEST(pattern_cost("^%*%+x", 99, true) == 7);  // escaped ones too
    BOOST_TEST(pattern_cost("^a?b?", 99, true) == 4 * 6);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// Loading goes: text, chunk, head (name, params), settings, counters(p), declarations. What each call needs
// stays in fixed slots of the main stack, so that nothing is allocated outside of a protected call. Engine
// thread.
#include "core/policy/policy.hpp"

#include <algorithm>
#include <fstream>

#include <fmt/format.h>

#include "core/policy/declare.hpp"
#include "core/policy/findings.hpp"
#include "core/policy/params.hpp"
#include "core/policy/prelude.hpp"
#include "core/policy/sandbox.hpp"

namespace picket {
namespace {

constexpr size_t file_bytes_max = 1u << 20;

/// Slots of the main stack; slot 1 is the message handler of LuaState.
enum Slot : int { detect_slot = 2, counters_function_slot, counters_slot, slots_end };

/// 64-bit FNV-1a: names the content of a file, no more.
std::string content_hash(std::string_view text) {
    uint64_t hash = 0xcbf29ce484222325;
    for (const char byte : text) hash = (hash ^ static_cast<uint8_t>(byte)) * 0x100000001b3;
    return fmt::format("{:016x}", hash);
}

/// Moves the function `name` of the table on top of the stack to `slot`. Pushing the name could allocate, so
/// it is looked for.
bool take_function(lua_State* lua, std::string_view name, int slot) {
    const int table = lua_gettop(lua);
    bool found = false;
    lua_pushnil(lua);
    while (lua_next(lua, table) != 0) {
        if (lua_type(lua, -2) == LUA_TSTRING && lua_tostring(lua, -2) == name && lua_isfunction(lua, -1)) {
            lua_pushvalue(lua, -1);
            lua_replace(lua, slot);
            found = true;
        }
        lua_pop(lua, 1);
    }
    return found;
}

/// `key` is in the registry already, so reading it allocates nothing.
void take_registered(lua_State* lua, const char* key, int slot) {
    lua_getfield(lua, LUA_REGISTRYINDEX, key);
    lua_replace(lua, slot);
}

struct Head {
    std::string name, summary;
};
Complaint read_anything(const LuaValue&, Head&) { return std::nullopt; }
Complaint read_function(const LuaValue& value, Head&) {
    if (value.is(LuaValue::Type::function)) return std::nullopt;
    return fmt::format("a function, is {}", value.shown());
}
constexpr std::array<FieldReader<Head>, 5> head_fields{{
    {"name", [](const LuaValue& value, Head& out) { return read_text(value, out.name, 40); }},
    {"summary", [](const LuaValue& value, Head& out) { return read_text(value, out.summary, 200); }},
    {"params", read_anything},
    {"counters", read_function},
    {"detect", read_function},
}};

}  // namespace

bool Policy::load_text(const std::filesystem::path& file, std::string& text, std::vector<Error>& errors) {
    std::ifstream in(file, std::ios::binary);
    if (!in) {
        errors.push_back(Error{ErrorCode::not_found, "cannot be read", file.string(), {}});
        return false;
    }
    text.resize(file_bytes_max + 1);
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<size_t>(in.gcount()));
    if (text.size() > file_bytes_max) {
        errors.push_back(Error{ErrorCode::limit, "a policy of at most 1 MiB", file.string(), {}});
        return false;
    }
    status_.file = file.string();
    status_.hash = content_hash(text);
    return true;
}

bool Policy::evaluate(const std::string& text, std::vector<Error>& errors) {
    const auto failed = [&](Error error) {
        if (error.where.empty()) error.where = chunk_;
        errors.push_back(std::move(error));
        return false;
    };
    auto created = LuaState::create(budget_.memory_bytes, clock_);
    if (!created) return failed(created.error());
    lua_ = std::move(*created);
    if (auto opened = open_prelude(*lua_); !opened) return failed(opened.error());
    if (auto opened = lua_->protect(&Policy::open_finding, this); !opened) return failed(opened.error());
    lua_settop(lua_->get(), slots_end - 1);
    if (auto compiled = lua_->compile(text, chunk_); !compiled) return failed(compiled.error());
    if (auto ran = lua_->call(0, 1, budget_.load_ns); !ran) return failed(ran.error());
    auto copied = copy_value(lua_->get(), -1);
    if (!copied) return failed(copied.error());
    head_ = std::move(*copied);
    return true;
}

bool Policy::read_head(std::vector<Error>& errors) {
    const size_t before = errors.size();
    const std::string stem = status_.name;
    const Problems problems(errors, chunk_, "");
    if (head_.kind != "detector") {
        problems.add(fmt::format("the file returns detector {{ … }}, is {}", head_.shown()));
        return false;
    }
    Head head;
    read_fields<Head>(head_, head_fields, head, problems);
    for (const std::string_view name : {"name", "summary", "counters", "detect"})
        if (head_.field(name) == nullptr) problems.add(fmt::format("{} is missing", name));
    if (!head.name.empty() && head.name != stem)
        problems.add(fmt::format("name: '{}', as the file is called, is '{:.60}'", stem, head.name));
    status_.summary = head.summary;
    if (const LuaValue* params = head_.field("params")) status_.params = read_params(*params, chunk_, errors);
    take_function(lua_->get(), "detect", detect_slot);
    take_function(lua_->get(), "counters", counters_function_slot);
    lua_settop(lua_->get(), slots_end - 1);
    return errors.size() == before;
}

bool Policy::configure(const PolicySettings& settings, std::vector<Error>& errors) {
    const size_t before = errors.size();
    apply_settings(status_.name, settings, status_.params, errors);
    apply_group_settings(status_.name, settings, status_.params, status_.groups, errors);
    status_.mode = settings.mode;
    status_.mode_origin = settings.mode_origin;
    if (settings.mode == PolicyMode::off) status_.state = PolicyState::off;
    return errors.size() == before;
}

/// `p` for all, and for each group.
Result<void> Policy::make_params() {
    const auto make = [this](const std::vector<PolicyParam>& params) -> Result<void> {
        ParamsTable table;
        table.params = &params;
        if (auto made = lua_->protect(&make_params_table, &table); !made) return made;
        params_refs_.push_back(table.table);
        return {};
    };
    if (auto made = make(status_.params); !made) return made;
    std::vector<std::pair<Prefix, RowGroup>> prefixes;
    for (uint32_t i = 0; i < status_.groups.size(); ++i) {
        if (auto made = make(status_.groups[i].params); !made) return made;
        for (const Prefix& prefix : status_.groups[i].prefixes)
            prefixes.emplace_back(prefix, RowGroup{i + 1, prefix.bits()});
    }
    rows_->set_groups(PrefixMap<RowGroup>(std::move(prefixes)));
    return {};
}

/// What counters(p) reads shapes what is counted, once for all rows.
void Policy::refuse_shaping_groups(const LuaValue& read, std::vector<Error>& errors) const {
    for (const PolicyGroup& group : status_.groups)
        for (size_t i = 0; i < group.params.size(); ++i) {
            const PolicyParam& param = group.params[i];
            if (param.value == status_.params[i].value || read.field(param.spec.name) == nullptr) continue;
            errors.push_back(
                Error{ErrorCode::invalid,
                      fmt::format("policy.{}: '{}' says what is counted, for all alike; {} cannot "
                                  "have its own",
                                  status_.name, param.spec.name, group.name),
                      param.origin, "what detect() alone reads can differ by group"});
        }
}

bool Policy::declare(std::vector<Error>& errors) {
    const size_t before = errors.size();
    lua_State* lua = lua_->get();
    const auto failed = [&](Error error) {
        if (error.where.empty()) error.where = chunk_;
        errors.push_back(std::move(error));
        return false;
    };
    ParamsTable table;
    table.params = &status_.params;
    table.watched = true;
    if (auto made = lua_->protect(&make_params_table, &table); !made) return failed(made.error());
    lua_pushvalue(lua, counters_function_slot);
    lua_rawgeti(lua, LUA_REGISTRYINDEX, table.table);
    if (auto ran = lua_->call(1, 1, budget_.load_ns); !ran) return failed(ran.error());
    auto copied = copy_value(lua, -1);
    lua_rawgeti(lua, LUA_REGISTRYINDEX, table.read);
    const auto read = copy_value(lua, -1);
    lua_settop(lua, slots_end - 1);
    if (!copied) return failed(copied.error());
    if (!read) return failed(read.error());
    declarations_ = read_counters(status_.name, *copied, chunk_, errors);
    refuse_shaping_groups(*read, errors);
    if (errors.size() != before) return false;
    rows_ = std::make_unique<RowBindings>(*lua_, declarations_);
    if (auto opened = rows_->open(); !opened) return failed(opened.error());
    if (auto made = make_params(); !made) return failed(made.error());
    take_registered(lua, "picket.counters", counters_slot);
    return true;
}

std::unique_ptr<Policy> Policy::load(const std::filesystem::path& file, const PolicySettings& settings,
                                     const PolicyBudget& budget, const BudgetClock& clock,
                                     std::vector<Error>& errors) {
    std::unique_ptr<Policy> policy(new Policy(budget, clock));
    policy->chunk_ = (file.parent_path().filename() / file.filename()).string();
    policy->status_.name = file.stem().string();
    std::string text;
    if (!policy->load_text(file, text, errors) || !policy->evaluate(text, errors)) return nullptr;
    if (!policy->read_head(errors)) return nullptr;
    if (!policy->configure(settings, errors) || !policy->declare(errors)) return nullptr;
    policy->head_ = LuaValue{};
    if (policy->status_.state == PolicyState::off) policy->declarations_.clear();
    return policy;
}

void Policy::bind(Counters& counters, std::vector<CounterId> ids) { rows_->bind(counters, std::move(ids)); }

void Policy::stop(const Error& why) {
    status_.state = PolicyState::stopped;
    status_.last_error = why.text();
    ++status_.errors;
}

Result<void> Policy::detect(uint32_t group) {
    rows_->see_group(group);
    lua_State* lua = lua_->get();
    lua_pushvalue(lua, detect_slot);
    lua_rawgeti(lua, LUA_REGISTRYINDEX, params_refs_[group]);
    lua_pushvalue(lua, counters_slot);
    return lua_->call(2, 0, budget_.call_ns);
}

void Policy::run(uint64_t tick_end_ns, std::vector<Finding>& out) {
    if (status_.state != PolicyState::running || !rows_->touched()) return;
    findings_ = &out;
    findings_left_ = budget_.findings_per_tick;
    tick_end_ns_ = tick_end_ns;
    const uint64_t before_ns = clock_();
    Result<void> ran;
    for (uint32_t group = 0; ran && group < params_refs_.size(); ++group) ran = detect(group);
    const uint64_t took_ns = clock_() - before_ns;
    findings_ = nullptr;
    ++status_.calls;
    status_.call_ns += took_ns;
    status_.longest_call_ns = std::max(status_.longest_call_ns, took_ns);
    if (!ran) {
        Error why = ran.error();
        if (why.where.empty()) why.where = chunk_;
        stop(why);
    }
}

bool Policy::is_same_as(const Policy& running) const {
    const auto same_params = [](const std::vector<PolicyParam>& a, const std::vector<PolicyParam>& b) {
        return std::ranges::equal(a, b, [](const PolicyParam& x, const PolicyParam& y) {
            return x.value == y.value && x.origin == y.origin;
        });
    };
    const PolicyStatus& other = running.status_;
    return status_.file == other.file && status_.hash == other.hash && status_.state == other.state &&
           status_.mode == other.mode && status_.mode_origin == other.mode_origin &&
           same_params(status_.params, other.params) &&
           std::ranges::equal(status_.groups, other.groups, [&](const PolicyGroup& a, const PolicyGroup& b) {
               return a.name == b.name && a.prefixes == b.prefixes && same_params(a.params, b.params);
           });
}

void Policy::go_on_from(std::unique_ptr<Policy> before) {
    const PolicyStatus& numbers = before->status_;
    status_.calls = numbers.calls;
    status_.call_ns = numbers.call_ns;
    status_.longest_call_ns = numbers.longest_call_ns;
    status_.findings = numbers.findings;
    status_.findings_dropped = numbers.findings_dropped;
    status_.errors = numbers.errors;
    // One version back, and none that never ran without fault.
    const bool was_in_order = numbers.state == PolicyState::running && numbers.calls > 0;
    before->previous_ = nullptr;
    if (was_in_order && numbers.hash != status_.hash) previous_ = std::move(before);
}

bool Policy::fall_back(std::unique_ptr<Policy>& policy) {
    if (policy->status_.state != PolicyState::stopped || !policy->previous_) return false;
    std::unique_ptr<Policy> previous = std::move(policy->previous_);
    const PolicyStatus& failed = policy->status_;
    previous->status_.fell_back = true;
    previous->status_.last_error = fmt::format("version {} stopped, version {} runs again: {}", failed.hash,
                                               previous->status_.hash, failed.last_error);
    previous->status_.errors = failed.errors;
    previous->status_.findings = failed.findings;
    previous->status_.findings_dropped = failed.findings_dropped;
    previous->status_.calls = failed.calls;
    previous->status_.call_ns = failed.call_ns;
    policy = std::move(previous);
    return true;
}

PolicyStatus Policy::status() const {
    PolicyStatus out = status_;
    out.memory_bytes = lua_->memory_bytes();
    return out;
}

int Policy::open_finding(lua_State* lua) {
    push_globals(lua);
    lua_pushvalue(lua, 1);
    lua_pushcclosure(lua, &Policy::add_finding, 1);
    lua_setfield(lua, -2, "finding");
    return 0;
}

bool Policy::take_finding(lua_State* lua) {
    if (findings_ == nullptr) {
        finding_error_ = "finding can be called in detect() only";
        return false;
    }
    if (findings_left_ == 0) {
        ++status_.findings_dropped;
        return true;
    }
    const auto copied = copy_value(lua, 1);
    if (!copied) {
        finding_error_ = "finding: " + copied.error().what;
        return false;
    }
    std::vector<Error> errors;
    Finding finding = read_finding(*copied, *rows_, tick_end_ns_, errors);
    if (!errors.empty()) {
        finding_error_ = errors.front().what;
        return false;
    }
    finding.policy = status_.name;
    findings_->push_back(std::move(finding));
    --findings_left_;
    ++status_.findings;
    return true;
}

int Policy::add_finding(lua_State* lua) {
    auto& policy = *static_cast<Policy*>(lua_touserdata(lua, lua_upvalueindex(1)));
    policy.lua_->check_budget();
    luaL_checktype(lua, 1, LUA_TTABLE);
    lua_settop(lua, 1);
    // All objects that need a destructor end in take_finding, before an error is raised.
    if (!policy.take_finding(lua)) return luaL_error(lua, "%s", policy.finding_error_.c_str());
    return 0;
}

}  // namespace picket

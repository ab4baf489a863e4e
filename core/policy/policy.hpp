// SPDX-License-Identifier: Apache-2.0
// One policy: a file, its Lua state, what it declared, and the calls of its detector. Engine thread.
#pragma once
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/policy/lua_state.hpp"
#include "core/policy/lua_value.hpp"
#include "core/policy/policy_host.hpp"
#include "core/policy/rows.hpp"

namespace picket {

class Policy {
  public:
    /// Loads a file, with the settings of its name. On problems, all of which are added to `errors`, there is
    /// no policy.
    static std::unique_ptr<Policy> load(const std::filesystem::path& file,
                                        const std::map<std::string, PolicySettings>& settings,
                                        const PolicyBudget& budget, const BudgetClock& clock,
                                        std::vector<Error>& errors);
    Policy(const Policy&) = delete;
    Policy& operator=(const Policy&) = delete;

    /// Empty unless it runs.
    [[nodiscard]] const std::vector<CounterDecl>& declarations() const { return declarations_; }
    void bind(Counters& counters, std::vector<CounterId> ids);
    void run(uint64_t tick_end_ns, std::vector<Finding>& out);
    [[nodiscard]] PolicyStatus status() const;

  private:
    Policy(const PolicyBudget& budget, BudgetClock clock)
        : budget_(budget)
        , clock_(std::move(clock)) {}
    bool load_text(const std::filesystem::path& file, std::string& text, std::vector<Error>& errors);
    bool evaluate(const std::string& text, std::vector<Error>& errors);
    bool read_head(std::vector<Error>& errors);
    bool declare(std::vector<Error>& errors);
    void stop(const Error& why);
    static int open_finding(lua_State* lua);
    static int add_finding(lua_State* lua);
    bool take_finding(lua_State* lua);

    PolicyBudget budget_;
    BudgetClock clock_;
    std::string chunk_;  ///< how messages name the file: "detectors/port_scan.lua"
    PolicyStatus status_;
    std::vector<CounterDecl> declarations_;
    std::unique_ptr<LuaState> lua_;
    std::unique_ptr<RowBindings> rows_;
    LuaValue head_;  ///< what the file returned, while loading
    // Of the running detect().
    std::vector<Finding>* findings_ = nullptr;
    uint32_t findings_left_ = 0;
    uint64_t tick_end_ns_ = 0;
    std::string finding_error_;
};

}  // namespace picket

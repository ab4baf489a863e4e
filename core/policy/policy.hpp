// SPDX-License-Identifier: Apache-2.0
// One policy: a file, its Lua state, what it declared, and the calls of its detector. Engine thread.
#pragma once
#include <filesystem>
#include <functional>
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
    /// Loads a file. On problems, all of which are added to `errors`, there is no policy.
    static std::unique_ptr<Policy> load(const std::filesystem::path& file, const PolicySettings& settings,
                                        const PolicyBudget& budget, const BudgetClock& clock,
                                        std::vector<Error>& errors);
    Policy(const Policy&) = delete;
    Policy& operator=(const Policy&) = delete;

    /// Empty unless it runs.
    [[nodiscard]] const std::vector<CounterDecl>& declarations() const { return declarations_; }
    void bind(Counters& counters, std::vector<CounterId> ids);
    void run(uint64_t tick_end_ns, std::vector<Finding>& out);
    [[nodiscard]] PolicyStatus status() const;
    [[nodiscard]] const std::string& name() const { return status_.name; }

    /// Would it do just what `running` does? Then that one can go on in its place.
    [[nodiscard]] bool is_same_as(const Policy& running) const;
    /// Takes the numbers of the version before, and keeps it to fall back on if it was in order.
    void go_on_from(std::unique_ptr<Policy> before);
    /// If `policy` has stopped and has a version to fall back on, puts that in its place.
    static bool fall_back(std::unique_ptr<Policy>& policy);
    void set_passive() { rows_->set_passive(); }

  private:
    Policy(const PolicyBudget& budget, BudgetClock clock)
        : budget_(budget)
        , clock_(std::move(clock)) {}
    bool load_text(const std::filesystem::path& file, std::string& text, std::vector<Error>& errors);
    bool evaluate(const std::string& text, std::vector<Error>& errors);
    bool read_head(std::vector<Error>& errors);
    bool configure(const PolicySettings& settings, std::vector<Error>& errors);
    bool declare(std::vector<Error>& errors);
    Result<void> make_params();
    void refuse_shaping_groups(const LuaValue& read, std::vector<Error>& errors) const;
    /// One call of detect(), for the rows of one group.
    Result<void> detect(uint32_t group);
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
    std::vector<int> params_refs_;      ///< `p` for all, then for each group; references in Lua's registry
    std::unique_ptr<Policy> previous_;  ///< what ran before it, to fall back on
    LuaValue head_;                     ///< what the file returned, while loading
    // Of the running detect().
    std::vector<Finding>* findings_ = nullptr;
    uint32_t findings_left_ = 0;
    uint64_t tick_end_ns_ = 0;
    std::string finding_error_;
};

}  // namespace picket

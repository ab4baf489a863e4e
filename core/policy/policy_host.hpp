// SPDX-License-Identifier: Apache-2.0
// The host of all policies: loads a directory of Lua files, each into a sandboxed state of its own, says what
// they want counted, and runs their detectors once a tick within budgets. Engine thread.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/config/option.hpp"
#include "core/counters/counters.hpp"
#include "core/model/finding.hpp"
#include "core/model/policy_mode.hpp"
#include "core/model/prefix.hpp"

namespace picket {

/// Bounds of one call into a policy.
struct PolicyBudget {
    uint64_t call_ns = 50'000'000;        ///< processor time of one detect() call
    uint64_t load_ns = 1'000'000'000;     ///< time of loading a file
    uint64_t memory_bytes = 64ull << 20;  ///< of one Lua state
    uint32_t findings_per_tick = 1000;
};

/// Monotonic time in nanoseconds, for budgets only: no result may depend on it.
using BudgetClock = std::function<uint64_t()>;

/// A parameter as it stands: its schema, its value, and where the value comes from.
struct PolicyParam {
    OptionSpec spec;
    OptionValue value;
    std::string origin;  ///< "default", "picket.toml:12:8"
};

/// What the configuration says of one policy: `[policy.NAME]`.
struct PolicySetting {
    RawValue value;
    std::string origin;  ///< file:line:column
};
/// Other values for the rows of some addresses: `[policy.NAME.group.GROUP]`, `[policy.NAME.prefix."P"]`.
struct GroupSettings {
    std::string group;  ///< its name, or the prefix itself
    std::vector<Prefix> prefixes;
    std::map<std::string, PolicySetting> params;
};
struct PolicySettings {
    std::map<std::string, PolicySetting> params;
    std::vector<GroupSettings> groups;
    PolicyMode mode = PolicyMode::observe;
    std::string mode_origin = "default";
    std::string origin;
};

enum class PolicyState : uint8_t { running, off, stopped };

/// The parameters as they stand for some addresses; those that the group leaves alone are as for all.
struct PolicyGroup {
    std::string name;
    std::vector<Prefix> prefixes;
    std::vector<PolicyParam> params;
};

struct PolicyStatus {
    std::string name, summary, file, hash;
    PolicyState state = PolicyState::running;
    PolicyMode mode = PolicyMode::observe;
    std::string mode_origin;
    bool fell_back = false;  ///< the version of `file` has failed, and the one before it runs again
    std::string last_error;  ///< why it is stopped or fell back: file, line, reason
    uint64_t calls = 0, call_ns = 0, longest_call_ns = 0;
    uint64_t memory_bytes = 0;
    uint64_t findings = 0, findings_dropped = 0, errors = 0;
    std::vector<PolicyParam> params;
    std::vector<PolicyGroup> groups;
};

class PolicyHost {
  public:
    /// An empty clock is the processor time of the calling thread.
    explicit PolicyHost(const PolicyBudget& budget, BudgetClock clock = {});
    ~PolicyHost();

    /// Loads every `detectors/*.lua` below `dir` (tests excepted), in order of file name. All problems of all
    /// files and settings are reported at once; on any, nothing is changed. `others`: for the policies that
    /// `settings` does not name.
    std::vector<Error> load(const std::filesystem::path& dir,
                            const std::map<std::string, PolicySettings>& settings,
                            const PolicySettings& others = {});
    /// Loads one file (for `picket test`).
    std::vector<Error> load_file(const std::filesystem::path& file,
                                 const std::map<std::string, PolicySettings>& settings);

    /// Goes on where the policies of `running` are: one that is the same in file, text and parameters is
    /// taken over as it is, one that has changed keeps its numbers, and the version before to fall back on.
    void take_over(PolicyHost& running);
    /// Puts the version before in place of policies that have stopped. True: there was one, so what is
    /// declared has changed. A policy without one stands still.
    bool fall_back();
    /// A host of policies that are only tried: what they find has no effect on baselines.
    void set_passive();

    /// Everything the loaded policies want counted.
    [[nodiscard]] std::vector<CounterDecl> declarations() const;
    /// `ids` in the order of declarations(), as Counters::configure returned them.
    void bind(Counters& counters, std::vector<CounterId> ids);

    /// Runs every detector of which a counter was touched in this tick. A policy that fails or overruns is
    /// stopped, with its reason in status(); the others run on.
    void run(uint64_t tick_end_ns, std::vector<Finding>& out);

    [[nodiscard]] std::vector<PolicyStatus> status() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace picket

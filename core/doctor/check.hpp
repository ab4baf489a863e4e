// SPDX-License-Identifier: Apache-2.0
// What `picket doctor` looks at: one table of checks, each a function that says what it found and what to do
// next. Nothing is changed, and no daemon is needed. Main thread.
#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/client/api_client.hpp"
#include "core/service/setup.hpp"

namespace picket {

enum class CheckState : uint8_t {
    ok,
    info,     ///< good to know
    warning,  ///< works, but not as well as it could
    problem,  ///< keeps picket from doing its work
};
inline constexpr std::array<std::string_view, 4> check_state_names{"ok", "info", "warning", "problem"};
constexpr std::string_view name_of(CheckState state) {
    return check_state_names.at(static_cast<size_t>(state));
}

struct Outcome {
    CheckState state = CheckState::ok;
    std::string what;
    std::string hint{};  ///< what to do next; empty: nothing
};
using Outcomes = std::vector<Outcome>;

/// What the checks look at.
struct CheckContext {
    std::filesystem::path root = "/";  ///< of the files that are read; a test makes its own
    SetupOptions setup;
    Config config;  ///< loaded by `setup`
    std::vector<Error> config_problems;
    std::string config_summary;  ///< "2 configuration files, …"
    bool captures = false;       ///< there is a plugin that captures
    ApiAddress address;
};

struct Check {
    std::string_view name;
    Outcomes (*run)(const CheckContext& context);
};

struct CheckResult {
    std::string_view name;
    Outcome outcome;
};

/// Loads what `setup` names into the context.
void load_configuration(CheckContext& context);
/// Every check, in the order of the table.
std::vector<CheckResult> run_checks(const CheckContext& context);

// kernel.cpp
Outcomes check_capabilities(const CheckContext& context);
Outcomes check_packet_socket(const CheckContext& context);
Outcomes check_bpf_jit(const CheckContext& context);
Outcomes check_cgroup(const CheckContext& context);
Outcomes check_nftables(const CheckContext& context);
Outcomes check_clock(const CheckContext& context);
// network.cpp
Outcomes check_interfaces(const CheckContext& context);
Outcomes check_default_route(const CheckContext& context);
Outcomes check_offloads(const CheckContext& context);
// picket.cpp
Outcomes check_directories(const CheckContext& context);
Outcomes check_configuration(const CheckContext& context);
Outcomes check_daemon(const CheckContext& context);
Outcomes check_other_daemons(const CheckContext& context);

}  // namespace picket

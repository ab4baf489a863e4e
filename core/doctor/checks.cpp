// SPDX-License-Identifier: Apache-2.0
// The table of checks. Main thread.
#include "core/doctor/check.hpp"

#include <utility>

#include <fmt/format.h>

namespace picket {
namespace {

constexpr std::array<Check, 13> checks{{
    {"capabilities", check_capabilities},
    {"packet socket", check_packet_socket},
    {"bpf jit", check_bpf_jit},
    {"cgroup", check_cgroup},
    {"nftables", check_nftables},
    {"interfaces", check_interfaces},
    {"default route", check_default_route},
    {"offloads", check_offloads},
    {"clock", check_clock},
    {"directories", check_directories},
    {"configuration", check_configuration},
    {"daemon", check_daemon},
    {"other daemons", check_other_daemons},
}};

}  // namespace

void load_configuration(CheckContext& context) {
    Setup setup = load_setup(context.setup);
    context.config_problems = std::move(setup.problems);
    context.config_summary =
        fmt::format("{} configuration files, {} policies, {} plugins", setup.config.files.size(),
                    setup.policies->status().size(), setup.plugins ? setup.plugins->libraries().size() : 0);
    if (setup.plugins)
        for (const PluginLibrary& library : setup.plugins->libraries())
            context.captures = context.captures || (library.plugin().kinds & PICKET_KIND_SOURCE) != 0;
    context.config = std::move(setup.config);
}

std::vector<CheckResult> run_checks(const CheckContext& context) {
    std::vector<CheckResult> out;
    for (const Check& check : checks)
        for (Outcome& outcome : check.run(context)) out.push_back({check.name, std::move(outcome)});
    return out;
}

}  // namespace picket

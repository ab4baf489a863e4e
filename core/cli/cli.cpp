// SPDX-License-Identifier: Apache-2.0
// From argv to a command and back to an exit code. CLI11's exceptions end here. Main thread.
#include "core/cli/cli.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <optional>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include "core/client/commands.hpp"
#include "core/config/option.hpp"
#include "core/terminal/command.hpp"

namespace picket {
namespace {

constexpr const char* watch = "Watch";
constexpr const char* look = "Look at a running picket";
constexpr const char* make_sure = "Make sure";
constexpr const char* set_up = "Set up";

constexpr std::array<Command, 14> commands{{
    {"run", watch, "Watch this machine's traffic until stopped", define_run},
    {"replay", watch, "Read capture files and report what they show", define_replay},
    {"status", look, "How it is, what is wrong first", define_status},
    {"top", look, "Who talks most, live", define_top},
    {"incident", look, "List incidents, and say what you make of them", define_incident},
    {"explain", look, "Why there is an incident, and what would have kept it silent", define_explain},
    {"reload", look, "Have it read its configuration again", define_reload},
    {"policy", look, "Show the policies, and change what they may do", define_policy},
    {"check", make_sure, "Check the configuration and the policies", define_check},
    {"test", make_sure, "Run the tests that stand beside the policies", define_test},
    {"doctor", make_sure, "Whether this machine lets picket work, and what to do", define_doctor},
    {"plugin", make_sure, "Show the plugins and their options", define_plugin},
    {"completion", set_up, "Print what makes a shell complete picket's commands", define_completion},
    {"manual", set_up, "Print the manual pages' source", define_manual},
}};

constexpr const char* footer = R"(Examples:
  picket replay --local 10.0.0.0/8 traffic.pcap    what a capture shows, seen from 10.0.0.0/8
  picket replay --json a.pcap b.pcap | jq .        the same for programs, one JSON object a line
  picket run --interface eth0                      watch an interface; needs CAP_NET_RAW
  picket status                                    is it well, and what is going on
  picket explain 3fa9                              why there is the incident that begins with 3fa9
  picket check                                     every problem of configuration and policies
  picket COMMAND --help                            the options of a command

Files:
  /etc/picket/picket.toml, /etc/picket/conf.d/*.toml    configuration; later files win, key by key
  /usr/share/picket/policies                            the bundled policies

Exit codes:
  0  done
  1  done, and something was found that should not be there (failed tests, an unhealthy daemon)
  2  the command line, the configuration, a policy or an input file is wrong
  3  the system, a plugin or a policy failed while running)";

/// The first word that is no option, if it is no command either.
std::optional<std::string> unknown_command(const std::vector<std::string>& arguments,
                                           const std::vector<std::string>& names) {
    const auto word = std::find_if(arguments.begin(), arguments.end(),
                                   [](const std::string& argument) { return !argument.starts_with('-'); });
    if (word == arguments.end() || std::find(names.begin(), names.end(), *word) != names.end())
        return std::nullopt;
    return *word;
}

void explain_parse_error(const CLI::ParseError& error, const std::vector<std::string>& arguments) {
    std::vector<std::string> names;
    names.reserve(commands.size());
    for (const Command& command : commands) names.emplace_back(command.name);
    const auto word = unknown_command(arguments, names);
    if (!word) {
        fmt::print(stderr, "picket: {}\n", error.what());
        return;
    }
    const auto near = nearest_name(*word, names);
    fmt::print(stderr, "picket: unknown command '{}'{}\n", *word,
               near ? fmt::format(", did you mean '{}'?", *near) : "");
}

int report_parse_error(const CLI::App& app, const CLI::ParseError& error,
                       const std::vector<std::string>& arguments) {
    const bool asked_for = error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success);
    if (asked_for) {
        // --help and --version arrive as errors too.
        app.exit(error);
        return flush_output(exit_ok);
    }
    explain_parse_error(error, arguments);
    fmt::print(stderr, "picket: 'picket --help' says what can be asked for\n");
    return exit_input;
}

}  // namespace

int run_cli(int argc, const char* const* argv) {
    // A reader that has seen enough (picket replay … | head) ends the program, quietly.
    std::signal(SIGPIPE, SIG_DFL);
    CLI::App app("Picket watches network traffic and reports abuse.", "picket");
    app.set_version_flag("--version", "picket " PICKET_VERSION);
    app.require_subcommand(1);
    std::vector<std::pair<CLI::App*, Run>> runs;
    for (const Command& command : commands) {
        CLI::App* sub = app.add_subcommand(command.name, command.summary)->group(command.group);
        runs.emplace_back(sub, command.define(*sub));
    }
    app.footer(footer);  // commands made before do not inherit it
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return report_parse_error(app, error,
                                  std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc));
    }
    for (const auto& [sub, run] : runs)
        if (sub->parsed()) return flush_output(run());
    return exit_input;
}

}  // namespace picket

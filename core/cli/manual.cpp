// SPDX-License-Identifier: Apache-2.0
// picket(1) from the command tree, in a short frame. Main thread.
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/cli/command_tree.hpp"
#include "core/config/manual_text.hpp"

namespace picket {
namespace {

constexpr const char* head = R"(picket(1) "" "Picket"

# NAME

picket - packet sentry: watches traffic, finds abuse by Lua policies

# SYNOPSIS

*picket* _COMMAND_ [_OPTION_...] [_OPERAND_...]

# DESCRIPTION

{0} It folds packets into flow records, keeps windowed counters of them, and runs Lua
policies over the counters. *picket run* is the daemon, which systemd starts as picket.service; *picket replay* does the
same with capture files; the other commands ask the running daemon or help to set it up.
)";

constexpr const char* tail = R"(
# SEE ALSO

*picket.toml*(5), *systemctl*(1), *journalctl*(1), *pcap-filter*(7)
)";

/// "*--config* _FILE_"
std::string option_title(const OptionInfo& option) {
    std::vector<std::string> names;
    for (const std::string& name : option.names) names.push_back(fmt::format("*{}*", manual_text(name)));
    std::string out = fmt::format("{}", fmt::join(names, ", "));
    if (!option.value.empty())
        out += fmt::format("{}_{}_", out.empty() ? "" : " ", manual_text(option.value));
    return out;
}

std::string option_text(const OptionInfo& option) {
    std::string help = manual_text(option.help);
    if (!option.choices.empty())
        help += fmt::format(": {}", manual_text(fmt::format("{}", fmt::join(option.choices, ", "))));
    if (!option.fallback.empty()) help += fmt::format("; default: {}", manual_text(option.fallback));
    return fmt::format("{}\n\t{}.\n\n", option_title(option), help);
}

/// "[_OPTION_...] _ID_"
std::string usage(const CommandInfo& command) {
    std::string out = fmt::format("*{}* [_OPTION_...]", path_text(command));
    for (const OptionInfo& operand : command.operands) {
        const std::string name =
            fmt::format("_{}_{}", manual_text(operand.value), operand.repeatable ? "..." : "");
        out += operand.required ? " " + name : fmt::format(" [{}]", name);
    }
    return out;
}

std::string command_text(const CommandInfo& command) {
    std::string out = fmt::format("## picket {}\n\n{}\n\n{}.\n\n",
                                  fmt::join(command.path.begin() + 1, command.path.end(), " "),
                                  usage(command), manual_text(command.summary));
    for (const OptionInfo& operand : command.operands) out += option_text(operand);
    for (const OptionInfo& option : command.options)
        if (option.names.back() != "--help") out += option_text(option);
    for (size_t at = 0; at < command.footer.size();) {
        const size_t end = std::min(command.footer.find('\n', at), command.footer.size());
        out += manual_text(command.footer.substr(at, end - at)) + "\n\n";
        at = end + 1;
    }
    return out;
}

/// The program's footer is a list of "Title:\n  line\n  line" with empty lines between: a chapter each.
std::string chapters(const std::string& footer) {
    std::string out;
    for (size_t at = 0; at < footer.size();) {
        const size_t end = std::min(footer.find("\n\n", at), footer.size());
        const std::string chapter = footer.substr(at, end - at);
        const size_t title = std::min(chapter.find(":\n"), chapter.size());
        std::string name = chapter.substr(0, title);
        for (char& c : name) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        out += fmt::format("\n# {}\n\n```\n{}\n```\n", name,
                           title < chapter.size() ? chapter.substr(title + 2) : std::string());
        at = end + 2;
    }
    return out;
}

}  // namespace

std::string manual_page(const CommandInfo& program) {
    std::string out = fmt::format(head, manual_text(program.summary));
    out += "\n# COMMANDS\n\n";
    for (const CommandInfo& command : program.commands)
        for_each_command(command, [&](const CommandInfo& each) {
            // Of a command that is only a heading, the ones below it say everything.
            if (each.commands.empty()) out += command_text(each);
        });
    return out + chapters(program.footer) + tail;
}

}  // namespace picket

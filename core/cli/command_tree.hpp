// SPDX-License-Identifier: Apache-2.0
// The commands and their options as plain data, read from what the parser was given: completion and manual
// are made from it, so that neither lists anything of its own. Main thread.
#pragma once
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace picket {

struct OptionInfo {
    std::vector<std::string> names;    ///< "-h", "--help"; empty: an operand
    std::string value;                 ///< what follows, such as FILE; empty: nothing does
    std::vector<std::string> choices;  ///< the only values there are; empty: any
    std::string fallback;              ///< the default, where it is shown
    std::string help, group;
    bool repeatable = false, required = false;
};

struct CommandInfo {
    std::vector<std::string> path;  ///< "picket", "incident", "list"
    std::string summary, group, footer;
    std::vector<OptionInfo> options, operands;
    std::vector<CommandInfo> commands;
};

/// `app` is the whole program: the one that has no parent.
CommandInfo command_tree(const CLI::App& app);
/// The program that `app` is a part of.
const CLI::App& whole_program(const CLI::App& app);

/// "picket incident list"
std::string path_text(const CommandInfo& command, const char* between = " ");
/// Calls `use` for the command and all below it, parents first.
template <typename Use>
void for_each_command(const CommandInfo& command, const Use& use) {
    use(command);
    for (const CommandInfo& below : command.commands) for_each_command(below, use);
}

/// Whether the value is the name of a file or a folder.
bool is_file(const OptionInfo& option);
bool is_folder(const OptionInfo& option);

/// For bash 4 and later; needs no bash-completion package.
std::string bash_completion(const CommandInfo& program);
/// For zsh's compsys.
std::string zsh_completion(const CommandInfo& program);
/// picket(1), as scdoc(5).
std::string manual_page(const CommandInfo& program);

}  // namespace picket

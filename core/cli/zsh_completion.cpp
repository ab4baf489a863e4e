// SPDX-License-Identifier: Apache-2.0
// The command tree as functions for zsh's _arguments, one a command. Main thread.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/cli/command_tree.hpp"

namespace picket {
namespace {

/// Within single quotes, where _arguments gives the characters of `special` a meaning.
std::string escaped(const std::string& text, std::string_view special) {
    std::string out;
    for (const char c : text) {
        if (c == '\'') {
            out += "'\\''";
            continue;
        }
        if (special.find(c) != std::string_view::npos) out += '\\';
        out += c;
    }
    return out;
}

/// ":FILE:_files"
std::string value_text(const OptionInfo& option) {
    if (option.value.empty()) return {};
    std::string action = " ";
    if (!option.choices.empty())
        action = fmt::format("({})", escaped(fmt::format("{}", fmt::join(option.choices, " ")), ":"));
    else if (is_file(option))
        action = "_files";
    else if (is_folder(option))
        action = "_files -/";
    return fmt::format(":{}:{}", escaped(option.value, ":"), action);
}

std::string option_lines(const OptionInfo& option) {
    std::string out;
    for (const std::string& name : option.names)
        out += fmt::format(" \\\n        '{}{}[{}]{}'", option.repeatable ? "*" : "", name,
                           escaped(option.help, "[]:\\"), value_text(option));
    return out;
}

std::string function_text(const CommandInfo& command) {
    const std::string name = "_" + path_text(command, "_");
    std::string out = fmt::format(
        "{}() {{\n    local context state state_descr line\n    typeset -A opt_args\n    _arguments -S",
        name);
    for (const OptionInfo& option : command.options) out += option_lines(option);
    for (const OptionInfo& operand : command.operands)
        out += fmt::format(" \\\n        '{}{}'", operand.repeatable ? "*" : "", value_text(operand));
    if (command.commands.empty()) return out + "\n}\n";
    out += " \\\n        '1: :->command' '*:: :->rest'\n    case $state in\n        command)\n"
           "            local -a commands=(\n";
    for (const CommandInfo& below : command.commands)
        out += fmt::format("                '{}:{}'\n", below.path.back(), escaped(below.summary, ""));
    return out + fmt::format("            )\n            _describe -t commands command commands ;;\n"
                             "        rest)\n            if (( $+functions[{0}_$words[1]] )); then\n"
                             "                {0}_$words[1]\n            fi ;;\n    esac\n}}\n",
                             name);
}

}  // namespace

std::string zsh_completion(const CommandInfo& program) {
    std::string out = "#compdef picket\n# zsh completion for picket, made by `picket completion zsh`\n";
    for_each_command(program, [&](const CommandInfo& command) { out += "\n" + function_text(command); });
    // Loaded from $fpath it is the body of a function; sourced it registers that function.
    return out + "\nif [[ $zsh_eval_context[-1] == loadautofunc ]]; then\n    _picket \"$@\"\nelse\n"
                 "    compdef _picket picket\nfi\n";
}

}  // namespace picket

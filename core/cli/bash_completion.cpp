// SPDX-License-Identifier: Apache-2.0
// The command tree as tables of a bash script, and the one function that reads them. Main thread.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/cli/command_tree.hpp"

namespace picket {
namespace {

constexpr const char* head = R"(# bash completion for picket, made by `picket completion bash`
)";

constexpr const char* body = R"bash(
_picket() {
    local current=${COMP_WORDS[COMP_CWORD]} command=picket word i
    local before=${COMP_WORDS[COMP_CWORD - 1]}
    # --option=value comes as three words.
    if [[ $current == = ]]; then
        current=
    elif [[ $before == = ]]; then
        before=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    for ((i = 1; i < COMP_CWORD; ++i)); do
        word=${COMP_WORDS[i]}
        if [[ $word == -* ]]; then
            [[ -z $(_picket_value "$command $word") ]] || ((++i))
        elif [[ " $(_picket_commands "$command") " == *" $word "* ]]; then
            command+=" $word"
        fi
    done
    local value
    value=$(_picket_value "$command $before")
    if [[ -z $value ]]; then
        if [[ $current == -* ]]; then
            value="words $(_picket_options "$command")"
        else
            value=$(_picket_operand "$command")
            value=${value:-words $(_picket_commands "$command")}
        fi
    fi
    case $value in
        words*) mapfile -t COMPREPLY < <(compgen -W "${value#words}" -- "$current") ;;
        files) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
        folders) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
    esac
}
complete -F _picket picket
)bash";

/// What may stand in a value's place; "nothing" takes a value of which nothing is known.
std::string value_text(const OptionInfo& option) {
    if (!option.choices.empty()) return fmt::format("words {}", fmt::join(option.choices, " "));
    if (is_file(option)) return "files";
    return is_folder(option) ? "folders" : "nothing";
}

/// A bash function that prints what stands under its argument.
class Table {
  public:
    explicit Table(const char* name)
        : out_(fmt::format("{}() {{\n    case $1 in\n", name)) {}
    void add(const std::string& key, const std::string& text) {
        out_ += fmt::format("        \"{}\") echo \"{}\" ;;\n", key, text);
    }
    std::string text() const { return out_ + "    esac\n}\n"; }

  private:
    std::string out_;
};

}  // namespace

std::string bash_completion(const CommandInfo& program) {
    Table commands("_picket_commands"), options("_picket_options"), values("_picket_value"),
        operands("_picket_operand");
    for_each_command(program, [&](const CommandInfo& command) {
        const std::string path = path_text(command);
        std::string names;
        for (const CommandInfo& below : command.commands)
            names += (names.empty() ? "" : " ") + below.path.back();
        if (!names.empty()) commands.add(path, names);
        names.clear();
        for (const OptionInfo& option : command.options)
            for (const std::string& name : option.names) {
                names += (names.empty() ? "" : " ") + name;
                if (!option.value.empty()) values.add(fmt::format("{} {}", path, name), value_text(option));
            }
        options.add(path, names);
        if (!command.operands.empty()) operands.add(path, value_text(command.operands.front()));
    });
    return head + commands.text() + options.text() + values.text() + operands.text() + body;
}

}  // namespace picket

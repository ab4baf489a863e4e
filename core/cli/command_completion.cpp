// SPDX-License-Identifier: Apache-2.0
// `picket completion` and `picket manual`: what a package installs beside the program, made by the program
// itself. Main thread.
#include <array>
#include <memory>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include "core/cli/cli.hpp"
#include "core/cli/command_tree.hpp"
#include "core/config/config.hpp"

namespace picket {
namespace {

struct Text {
    const char* name;
    std::string (*make)(const CommandInfo& program);
};

constexpr std::array<Text, 2> shells{{{"bash", bash_completion}, {"zsh", zsh_completion}}};
constexpr std::array<Text, 2> pages{
    {{"picket", manual_page}, {"picket.toml", [](const CommandInfo&) { return config_manual(); }}}};

/// One operand that names which of the texts to print.
Run define_choice(CLI::App& app, const char* what, const char* help, const std::array<Text, 2>& texts) {
    auto chosen = std::make_shared<std::string>();
    std::vector<std::string> names;
    names.reserve(texts.size());
    for (const Text& text : texts) names.emplace_back(text.name);
    app.add_option(what, *chosen, help)->type_name("NAME")->required()->check(CLI::IsMember(names));
    return [&app, chosen, texts] {
        const CommandInfo program = command_tree(whole_program(app));
        for (const Text& text : texts)
            if (*chosen == text.name) fmt::print("{}", text.make(program));
        return static_cast<int>(exit_ok);
    };
}

}  // namespace

Run define_completion(CLI::App& app) {
    app.footer("For this shell only: source <(picket completion bash). The package installs both.");
    return define_choice(app, "shell", "Whose script to print", shells);
}

Run define_manual(CLI::App& app) {
    app.footer("For reading: picket manual picket | scdoc | man -l -. The package installs both.");
    return define_choice(app, "page", "Which page's source to print, as scdoc(5)", pages);
}

}  // namespace picket

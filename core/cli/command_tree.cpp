// SPDX-License-Identifier: Apache-2.0
// CLI11's tree of parsers as plain data. Main thread.
#include "core/cli/command_tree.hpp"

#include <algorithm>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace picket {
namespace {

/// What CLI11 says of a value, "STATUS:{open,archived}" or "N:UINT in [1 - 9]", in its parts.
void read_value(OptionInfo& out, const std::string& type) {
    out.value = type.substr(0, type.find(':'));
    const size_t open = type.find('{'), close = type.rfind('}');
    if (open == std::string::npos || close == std::string::npos || close < open) return;
    std::string all = type.substr(open + 1, close - open - 1);
    for (size_t comma = 0; comma != std::string::npos;) {
        comma = all.find(',');
        out.choices.push_back(all.substr(0, comma));
        all.erase(0, comma == std::string::npos ? comma : comma + 1);
    }
}

OptionInfo option_info(const CLI::Option& option) {
    OptionInfo out;
    for (const std::string& name : option.get_snames()) out.names.push_back("-" + name);
    for (const std::string& name : option.get_lnames()) out.names.push_back("--" + name);
    const bool is_flag = option.get_items_expected_max() == 0;
    if (!is_flag) read_value(out, option.get_type_name());
    out.fallback = option.get_default_str();
    out.help = option.get_description();
    out.group = option.get_group();
    out.repeatable = option.get_items_expected_max() > 1;
    out.required = option.get_required();
    return out;
}

CommandInfo command_info(const CLI::App& app, std::vector<std::string> path) {
    CommandInfo out;
    path.push_back(app.get_name());
    out.path = std::move(path);
    out.summary = app.get_description();
    out.group = app.get_group();
    out.footer = app.get_footer();
    for (const CLI::Option* option : app.get_options())
        (option->nonpositional() ? out.options : out.operands).push_back(option_info(*option));
    for (const CLI::App* below : app.get_subcommands(std::function<bool(const CLI::App*)>{}))
        out.commands.push_back(command_info(*below, out.path));
    return out;
}

}  // namespace

CommandInfo command_tree(const CLI::App& app) { return command_info(app, {}); }

const CLI::App& whole_program(const CLI::App& app) {
    const CLI::App* out = &app;
    while (out->get_parent() != nullptr) out = out->get_parent();
    return *out;
}

std::string path_text(const CommandInfo& command, const char* between) {
    return fmt::format("{}", fmt::join(command.path, between));
}

bool is_file(const OptionInfo& option) { return option.value == "FILE" || option.value == "PATH"; }
bool is_folder(const OptionInfo& option) { return option.value == "DIR"; }

}  // namespace picket

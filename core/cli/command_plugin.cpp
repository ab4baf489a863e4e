// SPDX-License-Identifier: Apache-2.0
// `picket plugin list`: which plugins there are, and what can be configured about them. Main thread.
#include <memory>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/cli/cli.hpp"
#include "core/plugin/descriptor.hpp"
#include "core/plugin/options.hpp"
#include "core/plugin/paths.hpp"
#include "core/plugin/registry.hpp"
#include "core/terminal/table.hpp"
#include "core/terminal/terminal.hpp"

namespace picket {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
    std::string plugins_dir;
    bool json = false;
};

/// The table of the configuration that a plugin's options stand in.
std::string table_of(const picket_plugin& plugin) {
    return fmt::format("{}.{}", (plugin.kinds & PICKET_KIND_SOURCE) != 0 ? "capture" : "action", plugin.name);
}

std::string kinds_text(const picket_plugin& plugin) {
    std::string out;
    for (const PluginKind& kind : kinds_of(plugin))
        out += fmt::format("{}{}", out.empty() ? "" : ", ", kind.name);
    return out;
}

/// As TOML; "required" when there is none.
std::string default_text(const picket_plugin& plugin, uint32_t index) {
    const picket_option& option = option_of(plugin, index);
    if (option.default_value == nullptr) return "required";
    const OptionSpec spec = option_spec(option);
    const auto value = check_option(spec, raw_from_text(spec.type, option.default_value));
    return value ? option_text(spec, *value) : option.default_value;
}

Json json_of(const PluginLibrary& library) {
    const picket_plugin& plugin = library.plugin();
    Json options = Json::array();
    for (uint32_t i = 0; i < plugin.option_count; ++i) {
        const OptionSpec spec = option_spec(option_of(plugin, i));
        options.push_back(Json{{"name", spec.name},
                               {"default", spec.required ? Json(nullptr) : Json(default_text(plugin, i))},
                               {"reloadable", spec.reloadable},
                               {"unit", spec.unit},
                               {"choices", spec.choices},
                               {"help", spec.help}});
    }
    return Json{{"name", plugin.name},
                {"version", plugin.version},
                {"license", plugin.license},
                {"kinds", kinds_text(plugin)},
                {"summary", plugin.summary},
                {"capabilities", plugin.capabilities},
                {"file", library.path().string()},
                {"options", std::move(options)}};
}

void print_plugin(const PluginLibrary& library, bool colours) {
    const picket_plugin& plugin = library.plugin();
    fmt::print("{} {} ({}): {}\n", plugin.name, plugin.version, kinds_text(plugin), plugin.summary);
    fmt::print("  file {}, license {}, needs {}\n", library.path().string(), plugin.license,
               *plugin.capabilities == '\0' ? "no capabilities" : plugin.capabilities);
    std::vector<std::vector<std::string>> rows;
    for (uint32_t i = 0; i < plugin.option_count; ++i) {
        const OptionSpec spec = option_spec(option_of(plugin, i));
        rows.push_back({spec.name, default_text(plugin, i), spec.help});
    }
    if (rows.empty()) return;
    fmt::print(
        "\n{}\n",
        table_text({{"[" + table_of(plugin) + "]", 0, false}, {"default", 0, false}, {"meaning", 0, false}},
                   rows, colours));
}

int list_plugins(const Options& options) {
    const std::filesystem::path dir =
        options.plugins_dir.empty() ? default_plugin_dir() : std::filesystem::path(options.plugins_dir);
    const auto registry = PluginRegistry::scan(dir);
    if (!registry) {
        print_error(registry.error());
        return exit_input;
    }
    Json all = Json::array();
    const bool colours = wants_colours(stdout);
    for (const PluginLibrary& library : registry->libraries()) {
        if (options.json)
            all.push_back(json_of(library));
        else
            print_plugin(library, colours);
    }
    if (options.json) fmt::print("{}\n", all.dump(-1, ' ', false, Json::error_handler_t::replace));
    print_errors(registry->problems());
    return registry->problems().empty() ? exit_ok : exit_input;
}

}  // namespace

Run define_plugin(CLI::App& app) {
    auto options = std::make_shared<Options>();
    app.require_subcommand(1);
    CLI::App* list = app.add_subcommand("list", "All plugins, with their options and defaults");
    list->add_option("--plugins", options->plugins_dir, "Folder with the plugins")->type_name("DIR");
    list->add_flag("--json", options->json, "One JSON list");
    return [options] { return list_plugins(*options); };
}

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// `picket check`: everything that would keep picket from starting, in one run. Main thread.
#include <memory>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/cli/cli.hpp"
#include "core/cli/config_options.hpp"

namespace picket {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
    SetupOptions setup;
    bool dump_config = false, reference = false, json = false;
};

size_t policy_count(const Setup& setup) { return setup.policies->status().size(); }
size_t plugin_count(const Setup& setup) { return setup.plugins ? setup.plugins->libraries().size() : 0; }

void print_json(const Setup& setup) {
    Json problems = Json::array();
    for (const Error& problem : setup.problems)
        problems.push_back(Json{{"where", problem.where}, {"what", problem.what}, {"hint", problem.hint}});
    const Json report{{"ok", setup.problems.empty()},
                      {"files", setup.config.files},
                      {"policies", policy_count(setup)},
                      {"plugins", plugin_count(setup)},
                      {"problems", std::move(problems)}};
    fmt::print("{}\n", report.dump(-1, ' ', false, Json::error_handler_t::replace));
}

int check(const Options& options) {
    if (options.reference) {
        fmt::print("{}", config_reference());
        return exit_ok;
    }
    const Setup setup = load_setup(options.setup);
    if (options.json)
        print_json(setup);
    else
        print_errors(setup.problems);
    if (options.dump_config) fmt::print("{}", dump_config(setup.config));
    if (!setup.problems.empty()) return exit_input;
    if (!options.json && !options.dump_config)
        fmt::print("all is well: {} configuration files, {} policies, {} plugins\n",
                   setup.config.files.size(), policy_count(setup), plugin_count(setup));
    return exit_ok;
}

}  // namespace

Run define_check(CLI::App& app) {
    auto options = std::make_shared<Options>();
    add_config_options(app, options->setup);
    auto* dump = app.add_flag("--dump-config", options->dump_config,
                              "Print what holds, and where each value comes from");
    auto* reference =
        app.add_flag("--reference", options->reference, "Print the reference page of all keys (Markdown)");
    auto* json = app.add_flag("--json", options->json, "One JSON object with the problems");
    dump->excludes(json)->excludes(reference);
    reference->excludes(json);
    app.footer(
        "Exit codes: 0 all is well, 2 something is wrong: every problem on standard error, a line each.");
    return [options] { return check(*options); };
}

}  // namespace picket

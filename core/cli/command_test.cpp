// SPDX-License-Identifier: Apache-2.0
// `picket test`: runs the policies' own tests. Main thread.
#include <memory>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/cli/cli.hpp"
#include "core/engine/policy_tests.hpp"
#include "core/plugin/paths.hpp"
#include "core/terminal/terminal.hpp"

namespace picket {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
    std::vector<std::string> paths;
    bool json = false;
};

std::string line_of(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

void print_json(const PolicyTestResult& result) {
    fmt::print("{}", line_of(Json{{"event", "test"},
                                  {"policy", result.policy},
                                  {"name", result.name},
                                  {"family", result.family},
                                  {"passed", result.passed},
                                  {"message", result.message}}));
}

void print_line(const PolicyTestResult& result, bool colours) {
    const auto severity = result.passed ? Severity::low : Severity::high;
    fmt::print("{}  {}: {} ({})\n", coloured(severity, result.passed ? "ok    " : "FAILED", colours),
               result.policy, result.name, result.family);
    if (!result.passed) fmt::print("        {}\n", result.message);
}

int run_tests(const Options& options) {
    std::vector<std::filesystem::path> paths(options.paths.begin(), options.paths.end());
    if (paths.empty()) paths.push_back(default_policies_dir());
    const bool colours = wants_colours(stdout);
    const PolicyTestSummary summary = run_policy_tests(paths, [&](const PolicyTestResult& result) {
        if (options.json)
            print_json(result);
        else
            print_line(result, colours);
    });
    if (options.json)
        fmt::print("{}", line_of(Json{{"event", "summary"},
                                      {"passed", summary.passed},
                                      {"failed", summary.failed},
                                      {"errors", summary.errors.size()}}));
    else
        fmt::print("{} passed, {} failed\n", summary.passed, summary.failed);
    if (!summary.errors.empty()) return print_errors(summary.errors);
    return summary.failed > 0 ? exit_found : exit_ok;
}

}  // namespace

Run define_test(CLI::App& app) {
    auto options = std::make_shared<Options>();
    app.add_option("paths", options->paths,
                   "Policies, test files or folders; the bundled policies when not given")
        ->type_name("DIR|FILE");
    app.add_flag("--json", options->json, "One JSON object a line");
    app.footer("Exit codes: 0 all passed, 1 a test failed, 2 a file could not be run.");
    return [options] { return run_tests(*options); };
}

}  // namespace picket

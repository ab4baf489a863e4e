// SPDX-License-Identifier: Apache-2.0
// `picket doctor`: whether this machine lets picket work, and what to do where it does not. Main thread.
#include <memory>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include "core/cli/cli.hpp"
#include "core/cli/config_options.hpp"
#include "core/client/api_options.hpp"
#include "core/doctor/report.hpp"
#include "core/terminal/terminal.hpp"

namespace picket {
namespace {

struct Options {
    CheckContext context;
    bool json = false;
};

int examine(Options& options) {
    CheckContext& context = options.context;
    load_configuration(context);
    if (context.address.url.empty() && context.address.socket.empty() && !context.config.api.socket.empty() &&
        context.config.origins.contains("api.socket"))
        context.address.socket = context.config.api.socket;
    context.address = resolved(context.address);
    const auto results = run_checks(context);
    if (options.json)
        fmt::print("{}\n", doctor_json(results));
    else
        fmt::print("{}", doctor_text(results, wants_colours(stdout)));
    return count_of(results, CheckState::problem) == 0 ? exit_ok : exit_found;
}

}  // namespace

Run define_doctor(CLI::App& app) {
    auto options = std::make_shared<Options>();
    add_config_options(app, options->context.setup);
    app.add_flag("--json", options->json, "One JSON object with all checks");
    add_api_options(app, options->context.address);
    app.footer("It changes nothing, and needs no running picket; as root it sees more.\n"
               "Exit codes: 0 no problem, warnings or not; 1 a problem was found.");
    return [options] { return examine(*options); };
}

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// `picket status`: how the running picket is. Main thread.
#include <memory>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include "core/client/api_options.hpp"
#include "core/client/commands.hpp"
#include "core/client/status_page.hpp"
#include "core/terminal/terminal.hpp"

namespace picket {
namespace {

struct Options {
    ApiAddress address;
    bool json = false;
};

int show_status(const Options& options) {
    auto client = ApiClient::create(resolved(options.address));
    if (!client) return fail_with(client.error());
    const auto status = client->get("/api/v1/status");
    if (!status) return fail_with(status.error());
    if (options.json)
        fmt::print("{}\n", json_line(*status));
    else
        fmt::print("{}", status_page(*status, wants_colours(stdout)));
    return flag_at(part_at(*status, "health"), "ok") ? exit_ok : exit_found;
}

}  // namespace

Run define_status(CLI::App& app) {
    auto options = std::make_shared<Options>();
    app.add_flag("--json", options->json, "The API's object, on one line");
    add_api_options(app, options->address);
    app.footer("Exit codes: 0 healthy, 1 not healthy, 3 no picket answers.");
    return [options] { return show_status(*options); };
}

}  // namespace picket

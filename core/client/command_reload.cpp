// SPDX-License-Identifier: Apache-2.0
// `picket reload`: the running picket reads its configuration and policies anew. Main thread.
#include <memory>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "core/client/api_options.hpp"
#include "core/client/commands.hpp"
#include "core/client/reload_report.hpp"

namespace picket {
namespace {

struct Options {
    ApiAddress address;
    bool json = false;
};

int reload(const Options& options) {
    ApiAddress address = resolved(options.address);
    address.timeout_ms = reload_timeout_ms;
    auto client = ApiClient::create(address);
    if (!client) return fail_with(client.error());
    ApiRequest request;
    request.method = "POST";
    request.body = Json::object();
    request.path = "/api/v1/reload";
    return send_change(*client, request, options.json);
}

}  // namespace

Run define_reload(CLI::App& app) {
    auto options = std::make_shared<Options>();
    app.add_flag("--json", options->json, "The API's object, on one line");
    add_api_options(app, options->address);
    app.footer("Exit codes: 0 reloaded, 2 refused: what ran before runs on, 3 no picket answers.");
    return [options] { return reload(*options); };
}

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// `picket explain`: why there is an incident. Main thread.
#include <memory>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include "core/client/api_options.hpp"
#include "core/client/commands.hpp"
#include "core/client/incident_ids.hpp"
#include "core/client/incident_page.hpp"
#include "core/terminal/terminal.hpp"

namespace picket {
namespace {

struct Options {
    ApiAddress address;
    std::string id;
    bool json = false;
};

int explain(const Options& options) {
    auto client = ApiClient::create(resolved(options.address));
    if (!client) return fail_with(client.error());
    const auto ids = whole_ids(*client, {options.id});
    if (!ids) return fail_with(ids.error());
    const auto explained = client->get("/api/v1/incidents/" + ids->front() + "/explain");
    if (!explained) return fail_with(explained.error());
    if (options.json)
        fmt::print("{}\n", json_line(*explained));
    else
        fmt::print("{}", explain_text(*explained, wants_colours(stdout)));
    return exit_ok;
}

}  // namespace

Run define_explain(CLI::App& app) {
    auto options = std::make_shared<Options>();
    app.add_option("id", options->id, "Id of an incident, or the beginning of it that no other has")
        ->type_name("ID")
        ->required();
    app.add_flag("--json", options->json, "The API's object, on one line");
    add_api_options(app, options->address);
    app.footer("Exit codes: 0 done, 2 no such incident, 3 no picket answers.");
    return [options] { return explain(*options); };
}

}  // namespace picket

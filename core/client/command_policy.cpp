// SPDX-License-Identifier: Apache-2.0
// `picket policy`: what runs, and changes to it. Main thread.
#include <filesystem>
#include <memory>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include "core/client/api_options.hpp"
#include "core/client/commands.hpp"
#include "core/client/policy_new.hpp"
#include "core/client/policy_page.hpp"
#include "core/client/reload_report.hpp"
#include "core/model/policy_mode.hpp"
#include "core/terminal/terminal.hpp"

namespace picket {
namespace {

struct Options {
    ApiAddress address;
    std::string name, address_of, mode, param, value, dir = ".";
    bool json = false;
};
using SharedOptions = std::shared_ptr<Options>;
using Sub = std::pair<CLI::App*, Run>;

int list(const Options& options) {
    auto client = ApiClient::create(resolved(options.address));
    if (!client) return fail_with(client.error());
    const auto policies = client->get("/api/v1/policies");
    if (!policies) return fail_with(policies.error());
    const Json& items = part_at(*policies, "items");
    if (options.json)
        for (const Json& item : items) fmt::print("{}\n", json_line(item));
    else
        fmt::print("{}", policy_table(items, wants_colours(stdout)));
    return exit_ok;
}

int show(const Options& options) {
    auto client = ApiClient::create(resolved(options.address));
    if (!client) return fail_with(client.error());
    std::map<std::string, std::string> query;
    if (!options.address_of.empty()) query["for"] = options.address_of;
    const auto policy = client->get("/api/v1/policies/" + options.name, query);
    if (!policy) return fail_with(policy.error());
    if (options.json)
        fmt::print("{}\n", json_line(*policy));
    else
        fmt::print("{}", policy_text(*policy, wants_colours(stdout)));
    return exit_ok;
}

int change(const Options& options, Json body) {
    ApiAddress address = resolved(options.address);
    address.timeout_ms = reload_timeout_ms;
    auto client = ApiClient::create(address);
    if (!client) return fail_with(client.error());
    ApiRequest request;
    request.method = "PATCH";
    request.path = options.name.empty() ? "/api/v1/policies" : "/api/v1/policies/" + options.name;
    request.body = std::move(body);
    return send_change(*client, request, options.json);
}

/// As a person writes it: 50, true, ["80", "443"], else a text such as 10s.
Json value_of(const std::string& text) {
    Json value = Json::parse(text, nullptr, false);
    const bool usable = value.is_number() || value.is_boolean() || value.is_array() || value.is_string();
    return usable ? value : Json(text);
}

int make_new(const Options& options) {
    const auto file = write_new_policy(options.dir, options.name);
    if (!file) return fail_with(file.error());
    const std::string path = file->string();
    fmt::print("{}\n{}.test.lua\nnext: picket test {}\n", path, path.substr(0, path.size() - 4), path);
    return exit_ok;
}

int shadow_start(const Options& options) {
    ApiAddress address = resolved(options.address);
    address.timeout_ms = reload_timeout_ms;
    auto client = ApiClient::create(address);
    if (!client) return fail_with(client.error());
    ApiRequest request;
    request.method = "POST";
    request.path = "/api/v1/shadow";
    request.body = {{"dir", std::filesystem::absolute(options.dir).lexically_normal().string()}};
    return send_change(*client, request, options.json);
}

int shadow_promote(const Options& options) {
    ApiAddress address = resolved(options.address);
    address.timeout_ms = reload_timeout_ms;
    auto client = ApiClient::create(address);
    if (!client) return fail_with(client.error());
    ApiRequest request;
    request.method = "POST";
    request.path = "/api/v1/shadow/promote";
    request.body = Json::object();
    return send_change(*client, request, options.json);
}

int shadow_discard(const Options& options) {
    auto client = ApiClient::create(resolved(options.address));
    if (!client) return fail_with(client.error());
    ApiRequest request;
    request.method = "DELETE";
    request.path = "/api/v1/shadow";
    const auto done = client->ask(request);
    if (!done) return fail_with(done.error());
    if (!options.json) fmt::print("the shadow is gone; the live policies go on\n");
    return exit_ok;
}

int shadow_diff(const Options& options) {
    auto client = ApiClient::create(resolved(options.address));
    if (!client) return fail_with(client.error());
    const auto shadow = client->get("/api/v1/shadow");
    if (!shadow) return fail_with(shadow.error());
    if (options.json)
        fmt::print("{}\n", json_line(*shadow));
    else
        fmt::print("{}", shadow_text(*shadow, wants_colours(stdout)));
    return exit_ok;
}

CLI::App* add_sub(CLI::App& app, const char* name, const char* summary, const SharedOptions& options) {
    CLI::App* sub = app.add_subcommand(name, summary);
    sub->add_flag("--json", options->json, "The API's objects, one a line");
    add_api_options(*sub, options->address);
    return sub;
}

void add_name(CLI::App& sub, const SharedOptions& options) {
    sub.add_option("name", options->name, "The policy, as `picket policy list` names it")
        ->type_name("NAME")
        ->required();
}

Sub define_list(CLI::App& app) {
    auto options = std::make_shared<Options>();
    CLI::App* sub = add_sub(app, "list", "State, mode, version, cost and findings of each", options);
    return {sub, [options] { return list(*options); }};
}

Sub define_show(CLI::App& app) {
    auto options = std::make_shared<Options>();
    CLI::App* sub = add_sub(app, "show", "One policy with its parameters, and where they come from", options);
    add_name(*sub, options);
    sub->add_option("--for", options->address_of, "What holds for this address")->type_name("ADDRESS");
    return {sub, [options] { return show(*options); }};
}

Sub define_mode(CLI::App& app) {
    auto options = std::make_shared<Options>();
    CLI::App* sub =
        add_sub(app, "mode", "How far a policy may go, or all of them; kept over restarts", options);
    std::vector<std::string> modes(policy_mode_names.begin(), policy_mode_names.end());
    modes.emplace_back("reset");
    sub->add_option("mode", options->mode, "reset: as the configuration says")
        ->type_name("MODE")
        ->required()
        ->check(CLI::IsMember(modes));
    sub->add_option("name", options->name, "Only this policy; all when not given")->type_name("NAME");
    return {sub, [options] {
                return change(*options, {{"mode", options->mode == "reset" ? Json() : Json(options->mode)}});
            }};
}

Sub define_set(CLI::App& app) {
    auto options = std::make_shared<Options>();
    CLI::App* sub = add_sub(app, "set", "Give a parameter another value; kept over restarts", options);
    add_name(*sub, options);
    sub->add_option("parameter", options->param, "As `picket policy show` names it")->required();
    sub->add_option("value", options->value, "As in the configuration: 50, 10s, '[80, 443]'")->required();
    return {sub, [options] {
                return change(*options, {{"params", {{options->param, value_of(options->value)}}}});
            }};
}

Sub define_reset(CLI::App& app) {
    auto options = std::make_shared<Options>();
    CLI::App* sub = add_sub(app, "reset", "Take back what `set` has set", options);
    add_name(*sub, options);
    sub->add_option("parameter", options->param, "As `picket policy show` names it")->required();
    return {sub, [options] { return change(*options, {{"params", {{options->param, Json()}}}}); }};
}

Sub define_policy_reload(CLI::App& app) {
    CLI::App* sub = app.add_subcommand("reload", "The same as `picket reload`");
    return {sub, define_reload(*sub)};
}

Sub define_shadow(CLI::App& app) {
    auto options = std::make_shared<Options>();
    CLI::App* sub =
        add_sub(app, "shadow", "Run a candidate set beside the live one, without any effect", options);
    sub->add_option("dir", options->dir, "A folder of policies, which the daemon can read")
        ->type_name("DIR")
        ->required();
    return {sub, [options] { return shadow_start(*options); }};
}

template <int (*Do)(const Options&)>
Sub define_plain(CLI::App& app, const char* name, const char* summary) {
    auto options = std::make_shared<Options>();
    CLI::App* sub = add_sub(app, name, summary, options);
    return {sub, [options] { return Do(*options); }};
}

Sub define_diff(CLI::App& app) {
    return define_plain<shadow_diff>(app, "diff", "What the candidate would add, drop or move in time");
}
Sub define_promote(CLI::App& app) {
    return define_plain<shadow_promote>(app, "promote",
                                        "Make the candidate the live set; kept over restarts");
}
Sub define_discard(CLI::App& app) {
    return define_plain<shadow_discard>(app, "discard", "End the candidate");
}

Sub define_new(CLI::App& app) {
    auto options = std::make_shared<Options>();
    CLI::App* sub = app.add_subcommand("new", "Write a detector and its tests to begin with");
    sub->add_option("name", options->name, "What it shall be called")->type_name("NAME")->required();
    sub->add_option("--dir", options->dir, "The folder of policies; it goes into detectors/ there")
        ->type_name("DIR")
        ->capture_default_str();
    return {sub, [options] { return make_new(*options); }};
}

}  // namespace

Run define_policy(CLI::App& app) {
    app.require_subcommand(1);
    std::vector<Sub> runs;
    for (const auto define :
         {define_list, define_show, define_mode, define_set, define_reset, define_policy_reload,
          define_shadow, define_diff, define_promote, define_discard, define_new})
        runs.push_back(define(app));
    app.footer("Exit codes: 0 done, 2 refused or a wrong option, 3 no picket answers.");
    return [runs] {
        for (const auto& [sub, run] : runs)
            if (sub->parsed()) return run();
        return static_cast<int>(exit_input);
    };
}

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// `picket incident`: list and show here, changes in incident_change.cpp. Main thread.
#include <algorithm>
#include <array>
#include <limits>
#include <memory>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include "core/client/api_options.hpp"
#include "core/client/commands.hpp"
#include "core/client/incident_change.hpp"
#include "core/client/incident_ids.hpp"
#include "core/client/incident_page.hpp"
#include "core/model/duration.hpp"
#include "core/model/incident.hpp"
#include "core/terminal/terminal.hpp"

namespace picket {
namespace {

struct ListOptions {
    ApiAddress address;
    std::vector<std::string> statuses;
    std::string type, subject, policy, severity, since, sort;
    uint64_t limit = 50;
    bool active = false, all = false, json = false;
};

struct ShowOptions {
    ApiAddress address;
    std::string id;
    bool json = false;
};

template <size_t N>
std::vector<std::string> names_of(const std::array<std::string_view, N>& names) {
    return {names.begin(), names.end()};
}

/// "1h" before the daemon's now, so that the clocks of two machines do not matter; a moment stays as it is.
Result<std::string> moment(ApiClient& client, const std::string& since) {
    const bool is_moment = since.find('T') != std::string::npos;
    if (is_moment) return since;
    const auto before_ns = parse_duration_ns(since);
    if (!before_ns) {
        Error error = before_ns.error();
        error.where = "--since";
        return tl::unexpected<Error>(std::move(error));
    }
    const auto status = client.get("/api/v1/status");
    if (!status) return tl::unexpected<Error>(status.error());
    const auto now_ns = parse_time_ns(text_at(*status, "time"));
    if (!now_ns) return tl::unexpected<Error>(now_ns.error());
    return time_text(*now_ns - std::min(*before_ns, *now_ns));
}

Result<std::map<std::string, std::string>> query_of(ApiClient& client, const ListOptions& options) {
    std::map<std::string, std::string> query;
    const auto set = [&](const char* key, const std::string& value) {
        if (!value.empty()) query[key] = value;
    };
    std::string statuses;
    for (const std::string& status : options.statuses) statuses += (statuses.empty() ? "" : ",") + status;
    set("status", statuses);
    set("type", options.type);
    set("subject", options.subject);
    set("policy", options.policy);
    set("severity", options.severity);
    set("sort", options.sort);
    if (options.active) query["active"] = "true";
    if (options.since.empty()) return query;
    auto since = moment(client, options.since);
    if (!since) return tl::unexpected<Error>(since.error());
    query["since"] = std::move(*since);
    return query;
}

int list(const ListOptions& options) {
    auto client = ApiClient::create(resolved(options.address));
    if (!client) return fail_with(client.error());
    auto query = query_of(*client, options);
    if (!query) return fail_with(query.error());
    const bool colours = wants_colours(stdout);
    uint64_t count = 0;
    const auto print = [&](const std::vector<Json>& items) {
        count += items.size();
        if (options.json)
            for (const Json& item : items) fmt::print("{}\n", json_line(item));
        else if (!items.empty())
            fmt::print("{}", incident_table(items, colours));
    };
    const uint64_t limit = options.all ? std::numeric_limits<uint64_t>::max() : options.limit;
    const auto more = each_page(*client, std::move(*query), limit, print);
    if (!more) return fail_with(more.error());
    if (count == 0 && !options.json) fmt::print("no incidents\n");
    if (*more && !options.json) fmt::print("and more: --limit N or --all shows them\n");
    return exit_ok;
}

int show(const ShowOptions& options) {
    auto client = ApiClient::create(resolved(options.address));
    if (!client) return fail_with(client.error());
    const auto ids = whole_ids(*client, {options.id});
    if (!ids) return fail_with(ids.error());
    const auto incident = client->get("/api/v1/incidents/" + ids->front());
    if (!incident) return fail_with(incident.error());
    if (options.json)
        fmt::print("{}\n", json_line(*incident));
    else
        fmt::print("{}", incident_text(*incident, wants_colours(stdout)));
    return exit_ok;
}

std::pair<CLI::App*, Run> define_list(CLI::App& app) {
    auto options = std::make_shared<ListOptions>();
    CLI::App* sub = app.add_subcommand("list", "Incidents, the newest first");
    sub->add_option("--status", options->statuses, "Only these; several with commas")
        ->delimiter(',')
        ->allow_extra_args(false)
        ->type_name("STATUS")
        ->check(CLI::IsMember(names_of(incident_status_names)));
    sub->add_flag("--active", options->active, "Only those to which findings still come");
    sub->add_option("--type", options->type, "Only of this type, such as syn_flood")->type_name("TYPE");
    sub->add_option("--subject", options->subject, "Only of this subject, such as 10.0.0.5")
        ->type_name("SUBJECT");
    sub->add_option("--policy", options->policy, "Only by this policy")->type_name("POLICY");
    sub->add_option("--severity", options->severity, "At least as severe")
        ->type_name("SEVERITY")
        ->check(CLI::IsMember(names_of(severity_names)));
    sub->add_option("--since", options->since, "Opened in the last 1h, 2d, …, or since 2026-11-21T03:00:00Z")
        ->type_name("TIME");
    sub->add_option("--sort", options->sort, "By what; with a - the highest first")
        ->type_name("KEY")
        ->check(CLI::IsMember(std::vector<std::string>{"-opened", "opened", "-last", "last", "-severity",
                                                       "severity", "-findings", "findings"}));
    auto* limit = sub->add_option("--limit", options->limit, "At most so many")
                      ->type_name("N")
                      ->capture_default_str()
                      ->check(CLI::Range(uint64_t{1}, uint64_t{1'000'000}));
    sub->add_flag("--all", options->all, "All of them")->excludes(limit);
    sub->add_flag("--json", options->json, "One JSON object a line");
    add_api_options(*sub, options->address);
    return {sub, [options] { return list(*options); }};
}

std::pair<CLI::App*, Run> define_show(CLI::App& app) {
    auto options = std::make_shared<ShowOptions>();
    CLI::App* sub = app.add_subcommand("show", "One incident, in full");
    sub->add_option("id", options->id, "Its id, or the beginning of it that no other has")
        ->type_name("ID")
        ->required();
    sub->add_flag("--json", options->json, "The API's object, on one line");
    add_api_options(*sub, options->address);
    return {sub, [options] { return show(*options); }};
}

}  // namespace

Run define_incident(CLI::App& app) {
    app.require_subcommand(1);
    std::vector<std::pair<CLI::App*, Run>> runs{define_list(app), define_show(app)};
    for (auto& change : define_incident_changes(app)) runs.push_back(std::move(change));
    app.footer("Exit codes: 0 done, 2 no such incident or a wrong option, 3 no picket answers.");
    return [runs] {
        for (const auto& [sub, run] : runs)
            if (sub->parsed()) return run();
        return static_cast<int>(exit_input);
    };
}

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// Status, note and removal of incidents, one or many. Main thread.
#include "core/client/incident_change.hpp"

#include <unistd.h>

#include <array>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include "core/client/api_options.hpp"
#include "core/client/incident_ids.hpp"
#include "core/terminal/table.hpp"

namespace picket {
namespace {

constexpr size_t ids_max = 1000;  ///< what the API takes at once

struct StatusCommand {
    const char* name;
    const char* status;
    const char* summary;
};
constexpr std::array<StatusCommand, 5> status_commands{{
    {"ack", "acknowledged", "Somebody looks at it"},
    {"resolve", "resolved", "It was abuse, and is dealt with"},
    {"false-positive", "false_positive", "It was no abuse"},
    {"archive", "archived", "Out of the way, but kept"},
    {"reopen", "open", "Back to where nobody has looked at it"},
}};

struct Options {
    ApiAddress address;
    std::vector<std::string> ids;
    std::string note;
    bool note_given = false, json = false, yes = false;
};

struct Target {
    ApiClient client;
    std::vector<std::string> ids;
};

Result<Target> find(const Options& options) {
    if (options.ids.size() > ids_max)
        return fail(ErrorCode::limit, fmt::format("at most {} incidents at once", ids_max));
    auto client = ApiClient::create(resolved(options.address));
    if (!client) return tl::unexpected<Error>(client.error());
    auto ids = whole_ids(*client, options.ids);
    if (!ids) return tl::unexpected<Error>(ids.error());
    return Target{std::move(*client), std::move(*ids)};
}

int report_missing(const Json& answer) {
    int code = exit_ok;
    for (const std::string& id : texts_at(answer, "missing"))
        code = fail_with(Error{ErrorCode::not_found, "there is no such incident", printable(id), {}});
    return code;
}

int set_status(const Options& options, const char* status) {
    auto target = find(options);
    if (!target) return fail_with(target.error());
    ApiRequest request;
    request.method = "PATCH";
    request.path = "/api/v1/incidents";
    request.body = Json{{"ids", target->ids}, {"status", status}};
    if (options.note_given) request.body["note"] = options.note;
    const auto answer = target->client.ask(request);
    if (!answer) return fail_with(answer.error());
    for (const Json& incident : part_at(*answer, "changed")) {
        if (options.json)
            fmt::print("{}\n", json_line(incident));
        else
            fmt::print("{} is {}: {} by {}\n", printable(text_at(incident, "id")),
                       printable(text_at(incident, "status")), printable(text_at(incident, "type")),
                       printable(text_at(incident, "subject")));
    }
    return report_missing(*answer);
}

/// Asked of a person; without one there is nobody to say yes.
Result<bool> confirmed(const Options& options, size_t count) {
    if (options.yes) return true;
    if (isatty(STDIN_FILENO) == 0 || isatty(STDERR_FILENO) == 0)
        return fail(ErrorCode::invalid, "deletes nothing without being asked on a terminal",
                    "incident delete", "--yes says that you mean it");
    fmt::print(stderr, "Delete {} incident{} with {} findings, for good? [y/N] ", count,
               count == 1 ? "" : "s", count == 1 ? "its" : "their");
    std::string answer;
    std::getline(std::cin, answer);
    return answer == "y" || answer == "Y" || answer == "yes";
}

int remove(const Options& options) {
    auto target = find(options);
    if (!target) return fail_with(target.error());
    const auto sure = confirmed(options, target->ids.size());
    if (!sure) return fail_with(sure.error());
    if (!*sure) {
        fmt::print(stderr, "picket: nothing was deleted\n");
        return exit_ok;
    }
    ApiRequest request;
    request.method = "DELETE";
    request.path = "/api/v1/incidents";
    request.body = Json{{"ids", target->ids}};
    const auto answer = target->client.ask(request);
    if (!answer) return fail_with(answer.error());
    if (options.json)
        fmt::print("{}\n", json_line(*answer));
    else
        for (const std::string& id : texts_at(*answer, "deleted"))
            fmt::print("{} is deleted\n", printable(id));
    return report_missing(*answer);
}

CLI::App* define_change(CLI::App& app, const char* name, const char* summary, Options& options) {
    CLI::App* sub = app.add_subcommand(name, summary);
    sub->add_option("ids", options.ids, "Ids, or beginnings of them that no other has")
        ->type_name("ID")
        ->required();
    sub->add_flag("--json", options.json, "What was changed, as the API says it");
    add_api_options(*sub, options.address);
    return sub;
}

}  // namespace

std::vector<std::pair<CLI::App*, Run>> define_incident_changes(CLI::App& app) {
    std::vector<std::pair<CLI::App*, Run>> runs;
    for (const StatusCommand& command : status_commands) {
        auto options = std::make_shared<Options>();
        CLI::App* sub = define_change(app, command.name, command.summary, *options);
        const auto* note = sub->add_option("--note", options->note, "Why; replaces the note that is there")
                               ->type_name("TEXT");
        runs.emplace_back(sub, [options, note, status = command.status] {
            options->note_given = note->count() > 0;
            return set_status(*options, status);
        });
    }
    auto options = std::make_shared<Options>();
    CLI::App* sub = define_change(app, "delete", "Remove it with its findings, for good", *options);
    sub->add_flag("--yes", options->yes, "Do not ask");
    runs.emplace_back(sub, [options] { return remove(*options); });
    return runs;
}

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// The report of a reload. Main thread.
#include "core/client/reload_report.hpp"

#include <fmt/format.h>

#include "core/terminal/command.hpp"
#include "core/terminal/table.hpp"

namespace picket {
namespace {

void print_names(const char* what, const std::vector<std::string>& names) {
    if (names.empty()) return;
    fmt::print("{}:\n", what);
    for (const std::string& name : names) fmt::print("  {}\n", printable(name));
}

/// A reload that was refused says why in the same words as one that was not.
bool is_report(const ApiAnswer& answer) {
    return (answer.status == 200 || answer.status == 409) && part_at(answer.body, "applied").is_boolean();
}

int report(const Json& report) {
    for (const Json& problem : part_at(report, "problems"))
        print_error(Error{ErrorCode::invalid, printable(text_at(problem, "what")),
                          printable(text_at(problem, "where")), printable(text_at(problem, "hint"))});
    if (!flag_at(report, "applied")) {
        print_error(Error{ErrorCode::invalid, "not reloaded: what ran before runs on", {}, {}});
        return exit_input;
    }
    const auto changed = texts_at(report, "changed");
    const auto needs_restart = texts_at(report, "needs_restart");
    print_names("holds now", changed);
    print_names("waits for a restart (systemctl restart picket)", needs_restart);
    if (changed.empty() && needs_restart.empty()) fmt::print("reloaded, nothing has changed\n");
    return exit_ok;
}

}  // namespace

int send_change(ApiClient& client, const ApiRequest& request, bool json) {
    const auto answer = client.send(request);
    if (!answer) return fail_with(answer.error());
    if (!is_report(*answer)) return fail_with(client.refusal(request, *answer));
    if (!json) return report(answer->body);
    fmt::print("{}\n", json_line(answer->body));
    return flag_at(answer->body, "applied") ? exit_ok : exit_input;
}

}  // namespace picket

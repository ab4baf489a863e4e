// SPDX-License-Identifier: Apache-2.0
// Changes to the daemon itself. Workers.
#include <fmt/format.h>

#include "core/api/handlers/handlers.hpp"
#include "core/api/json.hpp"

namespace picket {

Response reload_response(const Result<ReloadReport>& report) {
    if (!report) return problem(report.error());
    Json problems = Json::array();
    for (const Error& error : report->problems)
        problems.push_back(Json{{"where", error.where}, {"what", error.what}, {"hint", error.hint}});
    const Json members{{"applied", report->applied},
                       {"problems", std::move(problems)},
                       {"changed", report->changed},
                       {"needs_restart", report->needs_restart}};
    if (report->applied) return json_response(members);
    Json body = problem_json(
        409, fmt::format("refused for {} problems; what ran before still runs", report->problems.size()));
    body.update(members);
    Response out = json_response(body, 409);
    out.content_type = "application/problem+json";
    return out;
}

void add_control_routes(Routes& routes, ApiParts parts) {
    routes.push_back(
        {Method::post,
         "/api/v1/reload",
         Access::granted,
         "Reads configuration and policies again",
         [&backend = parts.backend](const Request& request) {
             return reload_response(backend.change_settings({}, {request.actor, request.time_ns}));
         },
         {},
         true});
}

}  // namespace picket

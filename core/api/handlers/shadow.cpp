// SPDX-License-Identifier: Apache-2.0
// A candidate set of policies beside the live one: begun, looked at, promoted or discarded. Workers.
#include "core/api/handlers/handlers.hpp"
#include "core/api/handlers/query.hpp"
#include "core/api/status_json.hpp"

namespace picket {
namespace {

Json side_object(const DiffSide& side) {
    if (side.incidents == 0) return {};
    return Json{{"opened", json_time(side.opened_ns)},
                {"incidents", side.incidents},
                {"severity", name_of(side.severity)},
                {"reason", side.reason}};
}

Json difference_object(const DiffEntry& entry) {
    return Json{{"change", name_of(entry.kind())},
                {"type", entry.type},
                {"subject", entry.subject},
                {"live", side_object(entry.live)},
                {"candidate", side_object(entry.candidate)}};
}

Response show(ApiBackend& backend) {
    const auto view = backend.shadow();
    if (!view) return problem(view.error());
    Json policies = Json::array(), items = Json::array(), counts = Json::object();
    for (const PolicyStatus& policy : view->policies) policies.push_back(policy_object(policy));
    for (const DiffEntry& entry : view->differences) items.push_back(difference_object(entry));
    for (size_t i = 0; i < diff_kind_names.size(); ++i) counts[diff_kind_names[i]] = view->counts[i];
    return json_response(Json{{"dir", view->dir},
                              {"since", json_time(view->since_ns)},
                              {"time", json_time(view->time_ns)},
                              {"counts", std::move(counts)},
                              {"not_kept", view->not_kept},
                              {"items", std::move(items)},
                              {"policies", std::move(policies)}});
}

Response start(ApiBackend& backend, const Request& request) {
    const auto body = read_object(request, {"dir"});
    if (!body) return problem(body.error());
    if (!body->contains("dir") || !body->at("dir").is_string()) return problem(400, "give dir, a text");
    return reload_response(backend.start_shadow(body->at("dir").get<std::string>()));
}

Response discard(ApiBackend& backend) {
    const auto done = backend.discard_shadow();
    if (!done) return problem(done.error());
    Response out;
    out.status = 204;
    return out;
}

}  // namespace

void add_shadow_routes(Routes& routes, ApiParts parts) {
    ApiBackend& backend = parts.backend;
    constexpr std::string_view path = "/api/v1/shadow";
    routes.insert(routes.end(),
                  {{Method::get,
                    path,
                    Access::granted,
                    "The candidate policies, and what they would change",
                    [&backend](const Request&) { return show(backend); },
                    {},
                    true},
                   {Method::post,
                    path,
                    Access::granted,
                    "Has the policies of a folder run beside the live ones",
                    [&backend](const Request& request) { return start(backend, request); },
                    {},
                    true},
                   {Method::del,
                    path,
                    Access::granted,
                    "Ends it",
                    [&backend](const Request&) { return discard(backend); },
                    {},
                    true},
                   {Method::post,
                    "/api/v1/shadow/promote",
                    Access::granted,
                    "Makes the candidate policies the live ones",
                    [&backend](const Request& request) {
                        return reload_response(backend.promote_shadow({request.actor, request.time_ns}));
                    },
                    {},
                    true}});
}

}  // namespace picket

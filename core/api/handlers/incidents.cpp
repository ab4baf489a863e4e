// SPDX-License-Identifier: Apache-2.0
// Incidents: listed, shown, changed, removed. A change is on disk, with its audit entries, before it is
// answered. Workers.
#include <algorithm>
#include <fmt/format.h>

#include "core/api/handlers/handlers.hpp"
#include "core/api/handlers/query.hpp"

namespace picket {
namespace {

struct SortName {
    std::string_view name;
    IncidentSort sort;
};
constexpr SortName sorts[] = {{"opened", IncidentSort::opened},
                              {"last", IncidentSort::last},
                              {"severity", IncidentSort::severity},
                              {"findings", IncidentSort::findings}};

void read_sort(QueryReader& query, IncidentQuery& out) {
    const auto text = query.text("sort");
    if (!text) return;
    std::string_view name = *text;
    out.descending = name.starts_with('-');
    if (out.descending) name.remove_prefix(1);
    for (const SortName& sort : sorts) {
        if (sort.name != name) continue;
        out.sort = sort.sort;
        return;
    }
    query.complain("sort", "one of opened, last, severity, findings, each with or without - in front; is " +
                               text->substr(0, 64));
}

Response list(ApiParts parts, const Request& request) {
    QueryReader query(request);
    IncidentQuery wanted;
    wanted.statuses = query.statuses("status");
    wanted.type = query.text("type");
    wanted.subject = query.text("subject");
    wanted.policy = query.text("policy");
    wanted.active = query.boolean("active");
    wanted.severity_min = query.severity("severity");
    wanted.since_ns = query.time("since");
    wanted.until_ns = query.time("until");
    wanted.limit = query.limit(wanted.limit);
    wanted.cursor = query.text_or_empty("cursor");
    read_sort(query, wanted);
    if (query.error()) return problem(400, *query.error());
    const auto found = parts.backend.store().incidents(wanted);
    if (!found) return problem(found.error());
    Json items = Json::array();
    for (const IncidentRecord& record : found->items) items.push_back(incident_object(record));
    return json_response(json_page(std::move(items), found->next));
}

Response not_there(const std::string& id) { return problem(404, "there is no incident " + id); }

Response show(ApiParts parts, const Request& request) {
    const std::string& id = request.path_values.at("id");
    const auto found = parts.backend.store().incident(id);
    if (!found) return problem(found.error());
    return *found ? json_response(incident_object(**found)) : not_there(id);
}

/// What is to be changed, from a body that was checked for foreign members.
Result<IncidentChange> read_change(const Json& body) {
    IncidentChange out;
    if (const auto status = body.find("status"); status != body.end()) {
        out.status = status->is_string() ? status_named(status->get_ref<const std::string&>()) : std::nullopt;
        if (!out.status)
            return fail(ErrorCode::invalid,
                        "status: one of open, acknowledged, resolved, false_positive, archived");
    }
    if (const auto note = body.find("note"); note != body.end()) {
        if (!note->is_string() || note->get_ref<const std::string&>().size() > note_bytes_max)
            return fail(ErrorCode::invalid, fmt::format("note: a text of at most {} bytes", note_bytes_max));
        out.note = note->get<std::string>();
    }
    if (!out.status && !out.note) return fail(ErrorCode::invalid, "give status, note or both");
    return out;
}

Actor actor_of(const Request& request) { return {request.actor, request.time_ns}; }

std::vector<std::string> ids_of(const std::vector<IncidentRecord>& records) {
    std::vector<std::string> out;
    for (const IncidentRecord& record : records) out.push_back(record.incident.id);
    return out;
}

/// What both forms of PATCH do.
Result<BulkResult> change(ApiParts parts, const Request& request, const Json& body,
                          const std::vector<std::string>& ids) {
    const auto wanted = read_change(body);
    if (!wanted) return tl::unexpected(wanted.error());
    auto done = parts.backend.store().change(ids, *wanted, actor_of(request));
    if (!done || done->changed.empty()) return done;
    parts.backend.incidents_changed(ids_of(done->changed));
    for (const IncidentRecord& record : done->changed) parts.hub.publish(record);
    return done;
}

Result<BulkResult> remove(ApiParts parts, const Request& request, const std::vector<std::string>& ids) {
    auto done = parts.backend.store().remove(ids, actor_of(request));
    if (done && !done->changed.empty()) parts.backend.incidents_changed(ids_of(done->changed));
    return done;
}

Response change_one(ApiParts parts, const Request& request) {
    const std::string& id = request.path_values.at("id");
    const auto body = read_object(request, {"status", "note"});
    if (!body) return problem(body.error());
    const auto done = change(parts, request, *body, {id});
    if (!done) return problem(done.error());
    return done->changed.empty() ? not_there(id) : json_response(incident_object(done->changed.front()));
}

Response change_many(ApiParts parts, const Request& request) {
    const auto body = read_object(request, {"ids", "status", "note"});
    if (!body) return problem(body.error());
    const auto ids = read_ids(*body);
    if (!ids) return problem(ids.error());
    const auto done = change(parts, request, *body, *ids);
    if (!done) return problem(done.error());
    Json changed = Json::array();
    for (const IncidentRecord& record : done->changed) changed.push_back(incident_object(record));
    return json_response(Json{{"changed", std::move(changed)}, {"missing", done->missing}});
}

Response remove_one(ApiParts parts, const Request& request) {
    const std::string& id = request.path_values.at("id");
    const auto done = remove(parts, request, {id});
    if (!done) return problem(done.error());
    if (done->changed.empty()) return not_there(id);
    Response out;
    out.status = 204;
    return out;
}

Response remove_many(ApiParts parts, const Request& request) {
    const auto body = read_object(request, {"ids"});
    if (!body) return problem(body.error());
    const auto ids = read_ids(*body);
    if (!ids) return problem(ids.error());
    const auto done = remove(parts, request, *ids);
    if (!done) return problem(done.error());
    return json_response(Json{{"deleted", ids_of(done->changed)}, {"missing", done->missing}});
}

using Handler = Response (*)(ApiParts, const Request&);

struct Entry {
    Method method;
    std::string_view path, summary;
    Handler handler;
    std::vector<std::string_view> query;
};

}  // namespace

void add_incident_routes(Routes& routes, ApiParts parts) {
    constexpr std::string_view all = "/api/v1/incidents", one = "/api/v1/incidents/{id}";
    const Entry entries[] = {
        {Method::get,
         all,
         "Incidents, newest first",
         list,
         {"status", "active", "type", "subject", "policy", "severity", "since", "until", "sort", "limit",
          "cursor"}},
        {Method::patch, all, "Sets status, note or both of up to 1000 incidents", change_many, {}},
        {Method::del, all, "Removes up to 1000 incidents and their findings", remove_many, {}},
        {Method::get, one, "One incident", show, {}},
        {Method::patch, one, "Sets status, note or both", change_one, {}},
        {Method::del, one, "Removes it and its findings", remove_one, {}},
    };
    for (const Entry& entry : entries)
        routes.push_back(
            {entry.method, entry.path, Access::granted, entry.summary,
             [parts, handler = entry.handler](const Request& request) { return handler(parts, request); },
             entry.query, true});
}

}  // namespace picket

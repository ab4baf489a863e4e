// SPDX-License-Identifier: Apache-2.0
// Findings and audit entries as they are kept. Workers.
#include "core/api/handlers/handlers.hpp"
#include "core/api/handlers/query.hpp"
#include "core/api/status_json.hpp"

namespace picket {
namespace {

Json record_object(const FindingRecord& record) { return finding_record_object(record); }

Json record_object(const AuditRecord& record) {
    return Json{{"sequence", record.sequence}, {"time", json_time(record.time_ns)}, {"actor", record.actor},
                {"action", record.action},     {"object", record.object},           {"before", record.before},
                {"after", record.after}};
}

template <typename Record>
Response page(const Request& request, const Store& store,
              Result<RecordPage<Record>> (Store::*read)(const RecordQuery&) const) {
    QueryReader query(request);
    RecordQuery wanted;
    wanted.incident = query.text("incident");
    wanted.since_ns = query.time("since");
    wanted.until_ns = query.time("until");
    wanted.limit = query.limit(wanted.limit);
    wanted.cursor = query.text_or_empty("cursor");
    if (query.error()) return problem(400, *query.error());
    const auto found = (store.*read)(wanted);
    if (!found) return problem(found.error());
    Json items = Json::array();
    for (const Record& record : found->items) items.push_back(record_object(record));
    return json_response(json_page(std::move(items), found->next));
}

}  // namespace

void add_record_routes(Routes& routes, ApiParts parts) {
    ApiBackend& backend = parts.backend;
    routes.push_back(
        {Method::get,
         "/api/v1/findings",
         Access::granted,
         "What detectors saw, newest first",
         [&backend](const Request& request) { return page(request, backend.store(), &Store::findings); },
         {"incident", "since", "until", "limit", "cursor"},
         true});
    routes.push_back(
        {Method::get,
         "/api/v1/audit",
         Access::granted,
         "Who changed what, newest first",
         [&backend](const Request& request) { return page(request, backend.store(), &Store::audit); },
         {"since", "until", "limit", "cursor"},
         true});
}

}  // namespace picket

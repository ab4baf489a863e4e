// SPDX-License-Identifier: Apache-2.0
// Which counters there are, and the live rows of one, which only the engine can read: that waits for a tick.
#include "core/api/handlers/handlers.hpp"
#include "core/api/handlers/query.hpp"

namespace picket {
namespace {

Json counter_object(const CounterInfo& counter) {
    return Json{{"name", counter.name},   {"policy", counter.policy},
                {"key", counter.key},     {"measures", counter.measures},
                {"table", counter.table}, {"window_seconds", json_seconds(counter.window_ns)}};
}

template <typename Value, typename Make>
Json named_values(const std::vector<std::string>& names, const std::vector<Value>& values, const Make& make) {
    Json out = Json::object();
    for (size_t i = 0; i < std::min(names.size(), values.size()); ++i) out[names[i]] = make(values[i]);
    return out;
}

Json row_object(const CounterInfo& counter, const CounterRow& row) {
    return Json{
        {"key", named_values(counter.key, row.key, [](const std::string& text) { return Json(text); })},
        {"values", named_values(counter.measures, row.values, json_number)}};
}

Response list(const ApiBackend& backend) {
    Json items = Json::array();
    for (const CounterInfo& counter : backend.counters()) items.push_back(counter_object(counter));
    return json_response(json_page(std::move(items)));
}

Response rows(ApiBackend& backend, const CounterQuery& query) {
    const auto found = backend.counter_rows(query);
    if (!found) return problem(found.error());
    Json items = Json::array();
    for (const CounterRow& row : found->top) items.push_back(row_object(found->counter, row));
    return json_response(Json{{"counter", counter_object(found->counter)},
                              {"time", json_time(found->time_ns)},
                              {"rows", found->rows},
                              {"items", std::move(items)}});
}

Response counters(ApiBackend& backend, const Request& request) {
    QueryReader query(request);
    const auto name = query.text("counter"), table = query.text("table");
    CounterQuery wanted{name ? *name : table.value_or(""), query.text_or_empty("sort"), query.limit(20)};
    if (name && table) query.complain("table", "means the same as counter; give one of them");
    if (!name && !table && request.query.size() > 0) query.complain("counter", "sort and limit need it");
    if (query.error()) return problem(400, *query.error());
    return name || table ? rows(backend, wanted) : list(backend);
}

}  // namespace

void add_counter_routes(Routes& routes, ApiParts parts) {
    routes.push_back(
        {Method::get,
         "/api/v1/counters",
         Access::granted,
         "The counters, or with `counter` the live rows of one",
         [&backend = parts.backend](const Request& request) { return counters(backend, request); },
         {"counter", "table", "sort", "limit"},
         true});
}

}  // namespace picket

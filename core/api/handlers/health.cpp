// SPDX-License-Identifier: Apache-2.0
// Is it alive, is it well, and what do its meters say. Any thread; none of it waits.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/api/handlers/handlers.hpp"
#include "core/api/openapi.hpp"
#include "core/model/duration.hpp"

namespace picket {
namespace {

/// The state is published once a second, by the thread that runs the ticks.
constexpr uint64_t stalled_ns = 5 * ns_per_second;

Response text_response(std::string body, int status = 200) {
    Response out;
    out.status = status;
    out.content_type = "text/plain; charset=utf-8";
    out.body = std::move(body);
    return out;
}

bool ticks(const ApiBackend& backend) {
    const auto status = backend.status();
    return status->time_ns > 0 && backend.now_ns() < status->time_ns + stalled_ns;
}

Response healthz(const ApiBackend& backend) {
    return ticks(backend) ? text_response("ok\n") : problem(503, "the tick does not run");
}

Response readyz(const ApiBackend& backend) {
    std::vector<std::string> reasons = backend.status()->problems;
    if (!ticks(backend)) reasons.emplace_back("the tick does not run");
    if (reasons.empty()) return text_response("ok\n");
    return text_response(fmt::format("{}\n", fmt::join(reasons, "\n")), 503);
}

Response metrics(ApiParts parts) {
    Response out = text_response(
        parts.metrics.text(*parts.backend.status(), parts.backend.store().stats(), parts.hub.stats()));
    out.content_type = "text/plain; version=0.0.4; charset=utf-8";
    return out;
}

Response openapi() {
    Response out;
    out.content_type = "application/yaml";
    out.body = openapi_yaml();
    return out;
}

}  // namespace

void add_health_routes(Routes& routes, ApiParts parts) {
    routes.insert(routes.end(), {{Method::get, "/healthz", Access::open, "Does the tick run",
                                  [parts](const Request&) { return healthz(parts.backend); }},
                                 {Method::get, "/readyz", Access::open, "Is the daemon healthy",
                                  [parts](const Request&) { return readyz(parts.backend); }},
                                 {Method::get, "/metrics", Access::granted, "Metrics for Prometheus",
                                  [parts](const Request&) { return metrics(parts); }},
                                 {Method::get, "/api/v1/openapi.yaml", Access::granted, "This file",
                                  [](const Request&) { return openapi(); }}});
}

}  // namespace picket

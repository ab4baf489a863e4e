// SPDX-License-Identifier: Apache-2.0
// Every route of the daemon, a function for each family. The handlers themselves know no socket. Any thread.
#pragma once
#include <vector>

#include "core/api/backend.hpp"
#include "core/api/event_hub.hpp"
#include "core/api/http.hpp"
#include "core/api/metrics/daemon_metrics.hpp"

namespace picket {

/// What the handlers work with; outlives them.
struct ApiParts {
    ApiBackend& backend;
    EventHub& hub;
    DaemonMetrics& metrics;
};

/// All of it, in the order of etc/openapi.yaml.
std::vector<Route> api_routes(ApiParts parts);

/// What a reload came to: 409 with a problem's members where it was refused.
Response reload_response(const Result<ReloadReport>& report);

using Routes = std::vector<Route>;
void add_health_routes(Routes& routes, ApiParts parts);  ///< also /metrics and the OpenAPI file
void add_status_routes(Routes& routes, ApiParts parts);  ///< status, sources, plugins
void add_policy_routes(Routes& routes, ApiParts parts);
void add_shadow_routes(Routes& routes, ApiParts parts);
void add_counter_routes(Routes& routes, ApiParts parts);
void add_record_routes(Routes& routes, ApiParts parts);  ///< findings, audit
void add_incident_routes(Routes& routes, ApiParts parts);
void add_explain_routes(Routes& routes, ApiParts parts);
void add_control_routes(Routes& routes, ApiParts parts);  ///< reload
void add_stream_routes(Routes& routes, ApiParts parts);

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// The whole table of routes. Main thread, once.
#include "core/api/handlers/handlers.hpp"

namespace picket {

std::vector<Route> api_routes(ApiParts parts) {
    Routes out;
    add_health_routes(out, parts);
    add_status_routes(out, parts);
    add_policy_routes(out, parts);
    add_shadow_routes(out, parts);
    add_counter_routes(out, parts);
    add_record_routes(out, parts);
    add_incident_routes(out, parts);
    add_explain_routes(out, parts);
    add_control_routes(out, parts);
    add_stream_routes(out, parts);
    return out;
}

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// The event stream. Any thread; does not wait.
#include "core/api/handlers/handlers.hpp"

namespace picket {

void add_stream_routes(Routes& routes, ApiParts parts) {
    routes.push_back({Method::get, "/api/v1/stream", Access::granted,
                      "Events as they happen (server-sent events)", [&hub = parts.hub](const Request&) {
                          Response out;
                          out.stream = hub.subscribe();
                          if (out.stream == nullptr)
                              return problem(429, "there are as many streams as there may be");
                          out.content_type = "text/event-stream";
                          return out;
                      }});
}

}  // namespace picket

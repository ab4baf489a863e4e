// SPDX-License-Identifier: Apache-2.0
// What the daemon is and does, from the state that it published last. Any thread; none of it waits.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/api/handlers/handlers.hpp"
#include "core/api/status_json.hpp"
#include "core/plugin/descriptor.hpp"

namespace picket {
namespace {

template <typename T, typename Make>
Response list_of(const T& items, const Make& make) {
    Json out = Json::array();
    for (const auto& item : items) out.push_back(make(item));
    return json_response(json_page(std::move(out)));
}

std::string_view text_or_empty(const char* text) { return text == nullptr ? "" : text; }

Json plugin_object(const PluginLibrary& library) {
    const picket_plugin& plugin = library.plugin();
    Json kinds = Json::array();
    for (const PluginKind& kind : kinds_of(plugin)) kinds.push_back(kind.name);
    return Json{
        {"name", text_or_empty(plugin.name)},       {"version", text_or_empty(plugin.version)},
        {"license", text_or_empty(plugin.license)}, {"kinds", std::move(kinds)},
        {"summary", text_or_empty(plugin.summary)}, {"capabilities", text_or_empty(plugin.capabilities)},
        {"file", library.path().native()}};
}

}  // namespace

void add_status_routes(Routes& routes, ApiParts parts) {
    ApiBackend& backend = parts.backend;
    routes.insert(
        routes.end(),
        {{Method::get, "/api/v1/status", Access::granted, "The daemon at a glance",
          [&backend](const Request&) {
              return json_response(status_object(*backend.status(), backend.store().stats()));
          }},
         {Method::get, "/api/v1/sources", Access::granted, "Where packets come from, and what was lost",
          [&backend](const Request&) { return list_of(backend.status()->sources, source_object); }},
         {Method::get, "/api/v1/plugins", Access::granted, "The loaded plugins",
          [&backend](const Request&) { return list_of(backend.plugins().libraries(), plugin_object); }}});
}

}  // namespace picket

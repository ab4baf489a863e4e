// SPDX-License-Identifier: Apache-2.0
// The order of the checks: from here at all, a path that exists, a method that it has, allowed to, parameters
// and body that it takes. Any thread.
#include "core/api/api.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/api/target.hpp"

namespace picket {
namespace {

std::optional<Method> method_named(std::string_view name) {
    if (name == "HEAD") return Method::get;  // the server leaves the body out
    for (const Method method : {Method::get, Method::post, Method::patch, Method::del})
        if (name == name_of(method)) return method;
    return std::nullopt;
}

/// What may stand for {id}: nothing that means anything to a file system or a terminal.
bool is_path_value(std::string_view text) {
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
               c == '-';
    });
}

bool fits(std::string_view pattern, const std::vector<std::string>& segments,
          std::map<std::string, std::string>& values) {
    for (const std::string& segment : segments) {
        if (pattern.empty()) return false;
        pattern.remove_prefix(1);
        const std::string_view part = pattern.substr(0, pattern.find('/'));
        pattern.remove_prefix(part.size());
        if (part.starts_with('{')) {
            if (!is_path_value(segment)) return false;
            values[std::string(part.substr(1, part.size() - 2))] = segment;
        } else if (part != segment) {
            return false;
        }
    }
    return pattern.empty();
}

std::optional<Response> refuse_query(const Route& route, const Request& request) {
    for (const auto& [name, value] : request.query) {
        if (std::find(route.query.begin(), route.query.end(), name) != route.query.end()) continue;
        const std::string allowed =
            route.query.empty() ? "none" : fmt::format("{}", fmt::join(route.query, ", "));
        return problem(400, fmt::format("there is no query parameter {} here; there is: {}",
                                        name.substr(0, 64), allowed));
    }
    return std::nullopt;
}

bool is_json(std::string_view content_type) {
    content_type = content_type.substr(0, content_type.find(';'));
    while (content_type.ends_with(' ')) content_type.remove_suffix(1);
    constexpr std::string_view wanted = "application/json";
    return std::equal(content_type.begin(), content_type.end(), wanted.begin(), wanted.end(),
                      [](char a, char b) { return (a | 0x20) == b || a == b; });
}

/// The head's word on the body: its length, and that a form of a foreign page could not have sent it.
std::optional<Response> refuse_body(const RequestHead& head, Request& request) {
    const auto length = header_of(head, "Content-Length"), type = header_of(head, "Content-Type"),
               coding = header_of(head, "Transfer-Encoding");
    for (const auto* header : {&length, &type, &coding})
        if (!*header) return problem(400, header->error().what);
    uint64_t bytes = 0;
    if (*length) {
        const char* const end = (*length)->data() + (*length)->size();
        const auto [stop, error] = std::from_chars((*length)->data(), end, bytes);
        if (error != std::errc{} || stop != end || *coding) return problem(400, "Content-Length is wrong");
    }
    if (bytes > body_bytes_max) return problem(413, "a body has at most 64 KiB");
    request.content_type = type->value_or("");
    // A form can send a POST without a body. It cannot open the Unix socket, nor send a DELETE.
    const bool has_body = bytes > 0 || *coding;
    const bool by_form = !head.is_unix && request.method != Method::del;
    if (request.method == Method::get || (!has_body && !by_form)) return std::nullopt;
    if (!is_json(request.content_type)) return problem(415, "changes need Content-Type: application/json");
    return std::nullopt;
}

}  // namespace

/// `route` is null where the path or its method is not there; `allowed` are the methods of the path.
struct Api::Match {
    const Route* route = nullptr;
    std::map<std::string, std::string> values;
    std::vector<std::string_view> allowed;
};

Api::Api(GateConfig gate, std::vector<Route> routes)
    : gate_(std::move(gate))
    , routes_(std::move(routes)) {}

Api::Match Api::find(const std::vector<std::string>& segments, std::optional<Method> method) const {
    Match out;
    for (const Route& route : routes_) {
        std::map<std::string, std::string> values;
        if (!fits(route.path, segments, values)) continue;
        out.allowed.push_back(name_of(route.method));
        if (route.method == Method::get) out.allowed.emplace_back("HEAD");
        if (route.method != method) continue;
        out.route = &route;
        out.values = std::move(values);
    }
    return out;
}

std::variant<Api::Accepted, Response> Api::accept(const RequestHead& head) const {
    if (auto refused = gate_.refuse_origin(head)) return std::move(*refused);
    auto target = parse_target(head.target);
    if (!target) return problem(target.error().code == ErrorCode::limit ? 414 : 400, target.error().what);
    const auto method = method_named(head.method);
    Match match = find(target->segments, method);
    if (match.allowed.empty()) return problem(404, "there is nothing at this path");
    if (match.route == nullptr) {
        const std::string allowed = fmt::format("{}", fmt::join(match.allowed, ", "));
        Response out = problem(405, "this path has " + allowed);
        out.headers.emplace_back("Allow", allowed);
        return out;
    }
    const Route& route = *match.route;
    if (auto refused = gate_.refuse_access(head, route.method, route.access)) return std::move(*refused);
    Accepted out{&route, {}};
    out.request.method = route.method;
    out.request.path = fmt::format("/{}", fmt::join(target->segments, "/"));
    out.request.query = std::move(target->query);
    out.request.path_values = std::move(match.values);
    out.request.actor = gate_.actor(head);
    out.request.time_ns = head.time_ns;
    if (auto refused = refuse_query(route, out.request)) return std::move(*refused);
    if (auto refused = refuse_body(head, out.request)) return std::move(*refused);
    if (const auto accept = header_of(head, "Accept"); accept && *accept) out.request.accept = **accept;
    return out;
}

Response Api::answer(const Accepted& accepted) const {
    if (accepted.request.body.size() > body_bytes_max) return problem(413, "a body has at most 64 KiB");
    try {
        return accepted.route->handle(accepted.request);
    } catch (const std::exception& error) {
        return problem(500, error.what());
    }
}

void add_common_headers(Response& response) {
    response.headers.emplace_back("Cache-Control", "no-store");
    response.headers.emplace_back("X-Content-Type-Options", "nosniff");
}

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// The checks, in order. What is refused says why, but never what the token should have been. Any thread.
#include "core/api/gate.hpp"

#include <algorithm>
#include <cctype>

#include "core/model/address.hpp"

namespace picket {
namespace {

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

bool same_text(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

bool is_literal(std::string_view host) { return Address::parse(host).has_value(); }

/// "http://host:port" → "host:port". A browser that shows a file or a sandboxed page sends "null".
std::optional<std::string_view> authority_of(std::string_view origin) {
    for (const std::string_view scheme : {"http://", "https://"})
        if (origin.size() > scheme.size() && same_text(origin.substr(0, scheme.size()), scheme))
            return origin.substr(scheme.size());
    return std::nullopt;
}

Response unauthorised(std::string_view detail) {
    Response out = problem(401, detail);
    out.headers.emplace_back("WWW-Authenticate", "Bearer");
    return out;
}

}  // namespace

Result<std::optional<std::string_view>> header_of(const RequestHead& head, std::string_view name) {
    std::optional<std::string_view> found;
    for (const auto& [key, value] : head.headers) {
        if (!same_text(key, name)) continue;
        if (found) return fail(ErrorCode::invalid, "header " + std::string(name) + " is given twice");
        found = value;
    }
    return found;
}

std::optional<std::string> host_name(std::string_view host) {
    std::string_view name = host, rest;
    if (host.starts_with('[')) {
        const size_t end = host.find(']');
        if (end == std::string_view::npos) return std::nullopt;
        name = host.substr(1, end - 1);
        rest = host.substr(end + 1);
    } else if (const size_t colon = host.find(':'); colon != std::string_view::npos) {
        name = host.substr(0, colon);
        rest = host.substr(colon);
    }
    const bool has_port = rest.size() > 1 && rest.size() <= 6 && rest.front() == ':';
    const bool all_digits = std::all_of(rest.begin() + (has_port ? 1 : 0), rest.end(),
                                        [](char c) { return c >= '0' && c <= '9'; });
    if (name.empty() || (!rest.empty() && !has_port) || !all_digits) return std::nullopt;
    std::string out(name);
    std::transform(out.begin(), out.end(), out.begin(), lower);
    return out;
}

bool Gate::knows_host(std::string_view host) const {
    const auto name = host_name(host);
    if (!name) return false;
    return std::find(config_.hosts.begin(), config_.hosts.end(), *name) != config_.hosts.end() ||
           (config_.any_literal_host && is_literal(*name));
}

std::optional<Response> Gate::refuse_origin(const RequestHead& head) const {
    if (head.is_unix) return std::nullopt;  // no browser gets there
    const auto host = header_of(head, "Host"), origin = header_of(head, "Origin"),
               site = header_of(head, "Sec-Fetch-Site");
    for (const auto* header : {&host, &origin, &site})
        if (!*header) return problem(400, header->error().what);
    if (!*host) return problem(400, "the request has no Host");
    if (!knows_host(**host))
        return problem(421, "this Host is not known here; api.hosts may name further ones");
    // No other site has business here, not even to read: answers carry no CORS headers either.
    if (*origin) {
        const auto authority = authority_of(**origin);
        if (!authority || !same_text(*authority, **host))
            return problem(403, "requests of other sites are refused");
    }
    if (*site && **site != "same-origin" && **site != "none")
        return problem(403, "requests of other sites are refused");
    return std::nullopt;
}

std::optional<Response> Gate::refuse_access(const RequestHead& head, Method method, Access access) const {
    if (head.is_unix || access == Access::open) return std::nullopt;
    if (config_.token.empty()) {
        if (method == Method::get) return std::nullopt;
        return problem(403, "without a token nothing can be changed over TCP: use the Unix socket, or set "
                            "api.token_file");
    }
    const auto header = header_of(head, "Authorization");
    if (!header) return problem(400, header.error().what);
    constexpr std::string_view scheme = "Bearer ";
    if (!*header || !same_text((*header)->substr(0, scheme.size()), scheme))
        return unauthorised("needs Authorization: Bearer TOKEN");
    if (!config_.token.equals((*header)->substr(scheme.size()))) return unauthorised("the token is wrong");
    return std::nullopt;
}

std::string Gate::actor(const RequestHead& head) const {
    if (head.is_unix) return head.peer;
    return (config_.token.empty() ? "tcp@" : "token@") + head.peer;
}

}  // namespace picket

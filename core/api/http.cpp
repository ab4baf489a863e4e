// SPDX-License-Identifier: Apache-2.0
// Errors as the API tells them. Any thread.
#include "core/api/http.hpp"

#include <array>
#include <map>

#include "core/api/json.hpp"

namespace picket {
namespace {

// The reason phrases of RFC 9110, for the codes that are used here.
const std::map<int, std::string_view> titles{
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {503, "Service Unavailable"},
};

int status_of(ErrorCode code) {
    switch (code) {
    case ErrorCode::invalid:
        return 400;
    case ErrorCode::not_found:
        return 404;
    case ErrorCode::denied:
        return 403;
    case ErrorCode::limit:
        return 429;
    case ErrorCode::io:
        return 503;
    case ErrorCode::internal:
        break;
    }
    return 500;
}

}  // namespace

std::string_view name_of(Method method) {
    constexpr std::array<std::string_view, 4> names{"GET", "POST", "PATCH", "DELETE"};
    return names.at(static_cast<size_t>(method));
}

Response json_response(const Json& body, int status) {
    Response out;
    out.status = status;
    out.body = line_of(body) + "\n";
    return out;
}

Json problem_json(int status, std::string_view detail) {
    const auto title = titles.find(status);
    return Json{{"type", "about:blank"},
                {"title", title == titles.end() ? "Error" : title->second},
                {"status", status},
                {"detail", detail}};
}

Response problem(int status, std::string_view detail) {
    Response out = json_response(problem_json(status, detail), status);
    out.content_type = "application/problem+json";
    return out;
}

Response problem(const Error& error) { return problem(status_of(error.code), error.text()); }

}  // namespace picket

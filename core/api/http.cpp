// SPDX-License-Identifier: Apache-2.0
// Errors as the API tells them. Any thread.
#include "core/api/http.hpp"

#include <map>

#include <nlohmann/json.hpp>

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

}  // namespace

Response problem(int status, std::string_view detail) {
    const auto title = titles.find(status);
    const nlohmann::ordered_json body{{"type", "about:blank"},
                                      {"title", title == titles.end() ? "Error" : title->second},
                                      {"status", status},
                                      {"detail", detail}};
    Response out;
    out.status = status;
    out.content_type = "application/problem+json";
    out.body = body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
    return out;
}

}  // namespace picket

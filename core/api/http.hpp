// SPDX-License-Identifier: Apache-2.0
// A request and a response as the handlers see them, without the server behind them. Any thread.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace picket {

enum class Method : uint8_t { get, post, patch, del };

struct Request {
    Method method = Method::get;
    std::string path;                                ///< decoded, without the query
    std::map<std::string, std::string> query;        ///< decoded; a key that comes twice is refused before
    std::map<std::string, std::string> path_values;  ///< {id} of the route
    std::string content_type, accept;
    std::string body;
    std::string actor;  ///< who asks, for the audit: "uid:0 (root)", "token@127.0.0.1"
    uint64_t time_ns = 0;
};

/// Server-sent events: what a stream asks for when the client can take more.
class EventStream {
  public:
    virtual ~EventStream() = default;
    /// Text ready to send, or "" when there is none now, or nothing when it has ended. Does not wait.
    /// [server]
    virtual std::optional<std::string> next() = 0;
    /// `wake` is called, from any thread, when next() has something again. Once, before the first next().
    virtual void on_ready(std::function<void()> wake) = 0;
};

struct Response {
    int status = 200;
    std::string content_type = "application/json";
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
    std::unique_ptr<EventStream> stream;  ///< instead of a body
};

/// RFC 9457. `detail` says what was wrong and what is allowed.
Response problem(int status, std::string_view detail);

/// What a request may do without a token.
enum class Access : uint8_t {
    open,     ///< always: /healthz and /readyz
    granted,  ///< needs the token, where one is configured
};

struct Route {
    Method method;
    std::string_view path;  ///< "/api/v1/incidents/{id}"
    Access access;
    std::string_view summary;
    std::function<Response(const Request&)> handle;
};

}  // namespace picket

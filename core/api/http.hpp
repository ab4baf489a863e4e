// SPDX-License-Identifier: Apache-2.0
// A request and a response as the handlers see them, without the server behind them, and the table of what
// can be asked. Any thread.
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

#include "core/model/result.hpp"

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

/// The name as in the request line.
std::string_view name_of(Method method);
/// RFC 9457. `detail` says what was wrong and what is allowed.
Response problem(int status, std::string_view detail);
/// An error as a problem: its code decides the status.
Response problem(const Error& error);

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
    std::vector<std::string_view> query;  ///< names of the parameters; others are refused
    /// Asks the engine or the disk: runs on a worker, so that it holds up nobody who does not.
    bool waits = false;
};

}  // namespace picket

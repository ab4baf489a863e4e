// SPDX-License-Identifier: Apache-2.0
// Who may ask for what, from the head of a request alone: the address, the Host, the Origin, the token. A web
// page of elsewhere that a browser on this machine shows must not reach the daemon, whatever name it gives
// the address (DNS rebinding) and however it sends the request (CSRF). Any thread.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/api/http.hpp"
#include "core/model/secret.hpp"

namespace picket {

/// The request before anything of it was believed.
struct RequestHead {
    std::string method;  ///< as sent
    std::string target;  ///< as sent
    std::vector<std::pair<std::string, std::string>> headers;
    bool is_unix = false;  ///< over the Unix socket: the file's permissions have decided
    std::string peer;      ///< "uid:1000 (ops)", "127.0.0.1"
    uint64_t time_ns = 0;
};

/// The one value of a header, names in any case. No value: not there. An error: there are several.
Result<std::optional<std::string_view>> header_of(const RequestHead& head, std::string_view name);

/// What a request over TCP must show.
struct GateConfig {
    Secret token;                    ///< empty: none is asked for, and nothing can be changed
    std::vector<std::string> hosts;  ///< names and addresses that Host may have, in lower case, [] taken off
    bool any_literal_host = false;   ///< listens on all addresses: any address is a good Host
};

class Gate {
  public:
    explicit Gate(GateConfig config)
        : config_(std::move(config)) {}

    /// Is it from here at all? Asked before the route is looked for. Nothing: it may go on.
    [[nodiscard]] std::optional<Response> refuse_origin(const RequestHead& head) const;
    /// May it do this? Nothing: it may.
    [[nodiscard]] std::optional<Response> refuse_access(const RequestHead& head, Method method,
                                                        Access access) const;
    /// For the audit: "uid:0 (root)", "token@127.0.0.1", "tcp@127.0.0.1".
    [[nodiscard]] std::string actor(const RequestHead& head) const;

  private:
    [[nodiscard]] bool knows_host(std::string_view host) const;

    GateConfig config_;
};

/// "Example.org:80" → "example.org", "[::1]:80" → "::1". No value: it is no host.
std::optional<std::string> host_name(std::string_view host);

}  // namespace picket

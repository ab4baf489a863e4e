// SPDX-License-Identifier: Apache-2.0
// From a request to a response, without a socket: the head is judged as soon as it is there, the rest when
// the body is. The server, the unit tests and the fuzzer all come in here. Any thread; holds no state of
// requests.
#pragma once
#include <string>
#include <variant>
#include <vector>

#include "core/api/gate.hpp"
#include "core/api/http.hpp"

namespace picket {

inline constexpr size_t body_bytes_max = 64 << 10;

class Api {
  public:
    Api(GateConfig gate, std::vector<Route> routes);

    /// A request that may be handled once its body is there.
    struct Accepted {
        const Route* route;
        Request request;
    };
    /// Either goes on, or is answered at once.
    [[nodiscard]] std::variant<Accepted, Response> accept(const RequestHead& head) const;
    /// A fault of a handler is an answer too.
    [[nodiscard]] Response answer(const Accepted& accepted) const;

    [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }

  private:
    struct Match;
    [[nodiscard]] Match find(const std::vector<std::string>& segments, std::optional<Method> method) const;

    Gate gate_;
    std::vector<Route> routes_;
};

/// What every answer carries.
void add_common_headers(Response& response);

}  // namespace picket

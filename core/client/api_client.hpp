// SPDX-License-Identifier: Apache-2.0
// One request after the other to a running picket, over its Unix socket or over HTTP. libcurl ends here.
// Every request has a deadline, every answer a size that it may not exceed. Main thread.
#pragma once
#include <map>
#include <memory>
#include <string>

#include "core/client/json_read.hpp"
#include "core/model/result.hpp"

namespace picket {

inline constexpr size_t answer_bytes_max = 16 << 20;
inline constexpr size_t token_bytes_max = 4096;

/// Where the daemon is. With `url` the socket is not used.
struct ApiAddress {
    std::string socket;      ///< path of the Unix socket
    std::string url;         ///< "http://127.0.0.1:9393"
    std::string token_file;  ///< holds the bearer token for `url`; may be empty
    long timeout_ms = 10'000;
};

struct ApiRequest {
    const char* method = "GET";
    std::string path;                          ///< "/api/v1/status"
    std::map<std::string, std::string> query;  ///< not yet escaped
    Json body;                                 ///< null: none
};

struct ApiAnswer {
    long status = 0;
    Json body;  ///< null: there was none
};

class ApiClient {
  public:
    static Result<ApiClient> create(const ApiAddress& address);
    ApiClient(ApiClient&&) noexcept;
    ApiClient& operator=(ApiClient&&) noexcept;
    ~ApiClient();

    /// The answer, whatever its status; an error where there was none.
    Result<ApiAnswer> send(const ApiRequest& request);
    /// The body of a 2xx answer; any other is an error that carries the detail of its problem+json.
    Result<Json> ask(const ApiRequest& request);
    /// An answer that is no success, as an error.
    [[nodiscard]] Error refusal(const ApiRequest& request, const ApiAnswer& answer) const;
    Result<Json> get(const std::string& path, const std::map<std::string, std::string>& query = {});

  private:
    struct Impl;
    explicit ApiClient(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace picket

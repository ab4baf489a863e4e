// SPDX-License-Identifier: Apache-2.0
// The HTTP server: the same routes on the Unix socket and on TCP. Its threads are niced, so that packets go
// first, and take no signals. Main thread.
#pragma once
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/api/api.hpp"
#include "core/api/server/listen.hpp"
#include "core/api/server/listener.hpp"
#include "core/api/server/shared.hpp"

namespace picket {

struct ApiServerConfig {
    std::filesystem::path socket;    ///< empty: no Unix socket
    std::string group;               ///< that may use the socket; empty: none
    std::string listen;              ///< "127.0.0.1:9393"; empty: no TCP
    Secret token;                    ///< empty: TCP is for loopback, and reads only
    std::vector<std::string> hosts;  ///< further names that Host may have
    ApiLimits limits;
};

class ApiServer {
  public:
    /// `counters` outlives the server. What is wrong with the configuration is an error.
    static Result<std::unique_ptr<ApiServer>> start(const ApiServerConfig& config, std::vector<Route> routes,
                                                    ApiCounters& counters, std::function<uint64_t()> now_ns,
                                                    ApiLog log);
    ~ApiServer() { stop(); }
    ApiServer(const ApiServer&) = delete;
    ApiServer& operator=(const ApiServer&) = delete;

    /// Answers what was asked, ends the streams, removes the socket file.
    void stop();
    /// Of TCP; 0: none.
    [[nodiscard]] uint16_t port() const { return tcp_ ? tcp_->port : 0; }

  private:
    ApiServer(const ApiServerConfig& config, const std::optional<ListenAddress>& tcp,
              std::vector<Route> routes, ApiCounters& counters, std::function<uint64_t()> now_ns, ApiLog log);
    Result<void> listen();
    Result<void> add_listener(Result<int> fd, bool is_unix);
    void sweep();

    ApiServerConfig config_;
    std::optional<ListenAddress> tcp_;
    Api api_;
    std::unique_ptr<WorkerPool> workers_;
    std::unique_ptr<ServerMeans> means_;
    ApiCounters& counters_;
    std::function<uint64_t()> now_ns_;
    ApiLog log_;
    std::vector<std::unique_ptr<Listener>> listeners_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;
    std::thread sweeper_;
};

}  // namespace picket

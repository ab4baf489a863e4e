// SPDX-License-Identifier: Apache-2.0
// What the parts of the server share: the limits, the counters that metrics show, and the means that the
// listeners are given. Any thread.
#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <string_view>

#include "core/api/api.hpp"
#include "core/api/server/worker_pool.hpp"
#include "picket/plugin.h"

namespace picket {

using ApiLog = std::function<void(picket_log_level level, std::string_view text)>;

/// Bounds. In all at most unix_connections_max + tcp_connections_max file descriptors.
struct ApiLimits {
    unsigned unix_connections_max = 256;
    unsigned tcp_connections_max = 512;
    unsigned per_address_max = 128;      ///< TCP connections from one address
    unsigned idle_seconds = 10;          ///< without a byte
    unsigned request_seconds = 30;       ///< from the first byte to the last of one request
    unsigned response_seconds = 60;      ///< of a response; streams have no such bound
    unsigned keep_alive_seconds = 15;    ///< a stream says something at least that often
    size_t header_bytes_max = 16 << 10;  ///< memory of a connection: request line and headers
    size_t workers = 8;                  ///< threads for requests that wait
    size_t waiting_max = 256;            ///< such requests in the queue; beyond: 503
};

/// Counts since the start. [any]
struct ApiCounters {
    std::array<std::atomic<uint64_t>, 6> responses{};  ///< by hundreds of the status
    std::atomic<uint64_t> connections{0};              ///< open now
    std::atomic<uint64_t> cut_off{0};                  ///< connections closed because they took too long
    std::atomic<uint64_t> refused_busy{0};             ///< 503 because the workers' queue was full
    std::atomic<uint64_t> sweeps{0};                   ///< looks at all connections, one a second: it lives
};

/// What a listener works with; all of it outlives the listener.
struct ServerMeans {
    const Api& api;
    WorkerPool& workers;
    ApiCounters& counters;
    ApiLimits limits;
    std::function<uint64_t()> now_ns;  ///< Unix time
    ApiLog log;
};

}  // namespace picket

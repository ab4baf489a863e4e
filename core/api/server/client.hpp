// SPDX-License-Identifier: Apache-2.0
// One connection, and the request that is under way on it. The server thread of the connection, but for what
// is said otherwise.
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <microhttpd.h>

#include "core/api/api.hpp"
#include "core/api/server/stream_body.hpp"

namespace picket {

struct Client {
    enum class Step : uint8_t {
        idle,     ///< between requests, or reading a head
        body,     ///< the head was accepted
        working,  ///< a worker has it; the connection is suspended
        ready,    ///< there is a response
    };

    MHD_Connection* connection = nullptr;
    int fd = -1;
    bool is_unix = false;
    std::string peer;  ///< "uid:1000" or an address
    uint32_t uid = 0;
    /// Of the monotonic clock; 0: none. Read by sweep().
    std::atomic<uint64_t> deadline_ns{0};

    // Of one request. While `working`, the worker's.
    Step step = Step::idle;
    std::string target;
    std::optional<Api::Accepted> accepted;
    size_t body_bytes = 0;  ///< that came, also beyond what is kept
    Response response;
    std::shared_ptr<StreamBody> stream;  ///< under the listener's lock

    void forget_request();
};

/// Fills in who is at the other end.
void read_peer(Client& client);
/// The head as it was sent. For changes, the user's name is looked up.
RequestHead read_head(const Client& client, const char* method, uint64_t time_ns);

}  // namespace picket

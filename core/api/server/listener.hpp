// SPDX-License-Identifier: Apache-2.0
// One listening socket with libmicrohttpd behind it: from bytes to RequestHead, from Response to bytes.
// Requests that wait are suspended and done by a worker. Two server threads; sweep() from the server's own.
#pragma once
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include <microhttpd.h>

#include "core/api/server/client.hpp"
#include "core/api/server/shared.hpp"

namespace picket {

struct ListenerConfig {
    int fd = -1;  ///< listening; closed with the listener
    bool is_unix = false;
    unsigned connections_max = 0;
    unsigned per_address_max = 0;  ///< 0: as many as there may be in all
};

class Listener {
  public:
    static Result<std::unique_ptr<Listener>> start(const ListenerConfig& config, const ServerMeans& means);
    /// After begin_stop(), and when no worker has a request of it any more.
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    /// Takes nothing new, and ends the streams. [main]
    void begin_stop();
    /// Closes what takes too long, keeps silent streams alive.
    void sweep(uint64_t monotonic_now_ns);

  private:
    Listener(const ListenerConfig& config, const ServerMeans& means)
        : config_(config)
        , means_(means) {}
    bool run();
    // Called by libmicrohttpd.
    static void on_connection(void* self, MHD_Connection* connection, void** client,
                              MHD_ConnectionNotificationCode what);
    static void* on_uri(void* self, const char* uri, MHD_Connection* connection);
    static MHD_Result on_request(void* self, MHD_Connection* connection, const char* url, const char* method,
                                 const char* version, const char* data, size_t* size, void** client);
    static void on_completed(void* self, MHD_Connection* connection, void** client,
                             MHD_RequestTerminationCode why);

    void add(MHD_Connection* connection, void** client);
    void remove(Client* client);
    MHD_Result begin(Client& client, const char* method);
    MHD_Result take_body(Client& client, const char* data, size_t* size);
    MHD_Result work(Client& client);
    MHD_Result send(Client& client);
    MHD_Response* make_stream(Client& client);

    ListenerConfig config_;
    const ServerMeans& means_;
    MHD_Daemon* daemon_ = nullptr;
    std::mutex mutex_;  ///< of what follows, and of each client's `stream`
    std::set<Client*> clients_;
    bool stopping_ = false;
};

}  // namespace picket

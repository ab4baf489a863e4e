// SPDX-License-Identifier: Apache-2.0
// A response that never ends: hands an EventStream's text to libmicrohttpd, and lets the connection sleep
// while there is none. Server threads; wake() from any.
#pragma once
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include <microhttpd.h>

#include "core/api/http.hpp"

namespace picket {

class StreamBody : public std::enable_shared_from_this<StreamBody> {
  public:
    StreamBody(MHD_Connection* connection, std::unique_ptr<EventStream> source)
        : connection_(connection)
        , source_(std::move(source)) {}

    /// The response that reads from here; it keeps this alive.
    MHD_Response* make_response();
    /// There may be more to send.
    void wake();
    /// Says something if nothing was said since `silent_since_ns` (of the monotonic clock).
    void keep_alive(uint64_t silent_since_ns);
    /// Ends the stream.
    void end();
    /// The connection is gone.
    void detach();

  private:
    static ssize_t read(void* self, uint64_t position, char* out, size_t size);
    ssize_t read(char* out, size_t size);
    void resume();

    std::mutex mutex_;
    MHD_Connection* connection_;
    std::unique_ptr<EventStream> source_;
    std::string text_;
    size_t sent_ = 0;  ///< of text_
    bool asleep_ = false, ended_ = false, keep_alive_due_ = false;
    uint64_t last_sent_ns_ = 0;
};

}  // namespace picket

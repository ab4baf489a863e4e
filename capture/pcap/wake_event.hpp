// SPDX-License-Identifier: Apache-2.0
// An eventfd that ends a poll. Signalled on any thread, polled on [source].
#pragma once
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>

#include "picket/sdk/outcome.hpp"

namespace picket::capture {

class WakeEvent {
  public:
    WakeEvent()
        : fd_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
        if (fd_ < 0)
            throw sdk::Failure("eventfd: " + std::generic_category().message(errno), PICKET_INTERNAL);
    }
    ~WakeEvent() { ::close(fd_); }
    WakeEvent(const WakeEvent&) = delete;
    WakeEvent& operator=(const WakeEvent&) = delete;

    [[nodiscard]] int fd() const { return fd_; }
    void signal() const {
        const uint64_t one = 1;
        // A full counter is a signal that nobody has taken yet, so a failed write loses nothing.
        [[maybe_unused]] const ssize_t written = ::write(fd_, &one, sizeof one);
    }
    /// Whether it was signalled since the last call.
    bool take() const {
        uint64_t signals = 0;
        return ::read(fd_, &signals, sizeof signals) > 0;
    }

  private:
    int fd_;
};

}  // namespace picket::capture

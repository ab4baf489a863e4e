// SPDX-License-Identifier: Apache-2.0
// The bytes of a file, or of standard input, whose first ones may be looked at before somebody is chosen to
// read it. Opened on [main], read on [source].
#pragma once
#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace picket::capture {

class ByteInput {
  public:
    /// "-" is standard input. Throws sdk::Failure with path and reason. While a pipe has nothing to read, a
    /// signal on `wake_fd` (an eventfd, or -1) ends the wait.
    ByteInput(const std::string& path, int wake_fd);
    ~ByteInput();
    ByteInput(const ByteInput&) = delete;
    ByteInput& operator=(const ByteInput&) = delete;

    /// The first bytes of the input, at most `size`, fewer only where it ends before; they are still to be
    /// read.
    std::span<const uint8_t> peek(size_t size);
    /// As read(2): the number of bytes, 0 at the end, or -1 and errno. EAGAIN: a pipe had nothing within the
    /// time set by wait_at_most; ECANCELED: it was woken.
    ssize_t read(uint8_t* to, size_t size);
    /// How long a read of an empty pipe waits, in milliseconds; -1: for ever.
    void wait_at_most(int timeout_ms) { timeout_ms_ = timeout_ms; }

  private:
    /// Whether there is something to read, or 0 with errno set.
    bool ready() const;

    int fd_ = -1;
    int wake_fd_ = -1;
    int timeout_ms_ = -1;
    bool may_wait_ = false;  // a pipe, a terminal: not a regular file
    std::vector<uint8_t> head_;
    size_t head_read_ = 0;
};

}  // namespace picket::capture

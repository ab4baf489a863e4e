// SPDX-License-Identifier: Apache-2.0
// Reading files and pipes; see byte_input.hpp. [main] opens, [source] reads.
#include "capture/pcap/byte_input.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "picket/sdk/outcome.hpp"

namespace picket::capture {
namespace {

[[noreturn]] void refuse(const std::string& path, int error) {
    throw sdk::Failure("cannot read " + path + ": " + std::generic_category().message(error));
}

}  // namespace

ByteInput::ByteInput(const std::string& path, int wake_fd)
    : wake_fd_(wake_fd) {
    fd_ = path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd_ < 0) refuse(path, errno);
    struct stat status {};
    const int error = fstat(fd_, &status) != 0 ? errno : S_ISDIR(status.st_mode) ? EISDIR : 0;
    if (error != 0) {
        if (fd_ != STDIN_FILENO) ::close(fd_);
        refuse(path, error);
    }
    may_wait_ = !S_ISREG(status.st_mode);
    if (!may_wait_) posix_fadvise(fd_, 0, 0, POSIX_FADV_SEQUENTIAL);
}

ByteInput::~ByteInput() {
    if (fd_ != STDIN_FILENO) ::close(fd_);
}

std::span<const uint8_t> ByteInput::peek(size_t size) {
    if (head_read_ == 0 && head_.size() == size) return head_;
    head_.resize(size);
    head_read_ = size;
    size_t have = 0;
    while (have < size) {
        const ssize_t got = read(head_.data() + have, size - have);
        if (got <= 0) break;
        have += static_cast<size_t>(got);
    }
    head_.resize(have);
    head_read_ = 0;
    return head_;
}

bool ByteInput::ready() const {
    std::array<pollfd, 2> fds{{{fd_, POLLIN, 0}, {wake_fd_, POLLIN, 0}}};
    const int found = ::poll(fds.data(), fds.size(), timeout_ms_);
    if (found < 0) return false;  // errno is poll's
    if (fds[0].revents != 0) return true;
    errno = EAGAIN;
    if (fds[1].revents != 0) {
        uint64_t signals = 0;
        errno = ::read(wake_fd_, &signals, sizeof signals) < 0 ? EAGAIN : ECANCELED;
    }
    return false;
}

ssize_t ByteInput::read(uint8_t* to, size_t size) {
    if (head_read_ < head_.size()) {
        const size_t count = std::min(size, head_.size() - head_read_);
        std::memcpy(to, head_.data() + head_read_, count);
        head_read_ += count;
        return static_cast<ssize_t>(count);
    }
    for (;;) {
        if (may_wait_ && !ready()) {
            if (errno == EINTR) continue;
            return -1;
        }
        const ssize_t got = ::read(fd_, to, size);
        if (got >= 0 || errno != EINTR) return got;
    }
}

}  // namespace picket::capture

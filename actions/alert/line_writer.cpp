// SPDX-License-Identifier: Apache-2.0
// Writing with a deadline and without SIGPIPE; see line_writer.hpp. [worker]
#include "actions/alert/line_writer.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <climits>
#include <csignal>
#include <system_error>

namespace picket::alert {
namespace {

/// Writing to a pipe without a reader raises SIGPIPE, which would end the host. It is held back for this
/// thread while one of these lives, and taken away if it came.
class NoSigpipe {
  public:
    NoSigpipe() {
        sigemptyset(&pipe_);
        sigaddset(&pipe_, SIGPIPE);
        sigset_t pending;
        sigpending(&pending);
        was_pending_ = sigismember(&pending, SIGPIPE) == 1;
        pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
    }
    ~NoSigpipe() {
        const timespec at_once{};
        if (!was_pending_) sigtimedwait(&pipe_, nullptr, &at_once);
        pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }
    NoSigpipe(const NoSigpipe&) = delete;
    NoSigpipe& operator=(const NoSigpipe&) = delete;

  private:
    sigset_t pipe_{}, before_{};
    bool was_pending_ = false;
};

int left_ms(uint64_t deadline_ns) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto left = std::chrono::nanoseconds(deadline_ns) - now;
    return static_cast<int>(
        std::clamp<int64_t>(std::chrono::ceil<std::chrono::milliseconds>(left).count(), 0, INT_MAX));
}

}  // namespace

LineWriter::~LineWriter() {
    if (owned_ && fd_ >= 0) ::close(fd_);
}

sdk::Outcome LineWriter::reopen() {
    const int fd =
        ::open(name_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0640);
    if (fd < 0) return fault(errno);
    if (fd_ >= 0) ::close(fd_);
    fd_ = fd;
    rest_.clear();  // a line that was cut stays cut, in the old file
    return {};
}

sdk::Outcome LineWriter::fault(int error) const {
    // A full disk gets room again by itself; a reader that left does not come back.
    const bool passing = error == EAGAIN || error == ENOSPC || error == EDQUOT;
    const std::string text =
        error == EAGAIN ? "its reader takes nothing" : std::generic_category().message(error);
    return {passing ? PICKET_AGAIN : PICKET_PARK, "cannot write to " + name_ + ": " + text};
}

sdk::Outcome LineWriter::drain(std::string& text, uint64_t deadline_ns) const {
    const NoSigpipe guard;
    while (!text.empty()) {
        pollfd poll{fd_, POLLOUT, 0};
        const int ready = ::poll(&poll, 1, left_ms(deadline_ns));
        if (ready < 0 && errno == EINTR) continue;
        if (ready <= 0) return fault(ready == 0 ? EAGAIN : errno);
        // A pipe that is ready takes PIPE_BUF bytes at once, so this never blocks, whatever mode the
        // descriptor has.
        const ssize_t written = ::write(fd_, text.data(), std::min<size_t>(text.size(), PIPE_BUF));
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return fault(errno);
        text.erase(0, static_cast<size_t>(written));
    }
    return {};
}

sdk::Outcome LineWriter::write(std::string_view line, uint64_t deadline_ns) {
    if (sdk::Outcome outcome = drain(rest_, deadline_ns); !outcome.ok()) return outcome;
    rest_.assign(line).push_back('\n');
    const size_t whole = rest_.size();
    sdk::Outcome outcome = drain(rest_, deadline_ns);
    if (outcome.ok()) return outcome;
    const bool begun = rest_.size() < whole;
    if (begun && outcome.status == PICKET_AGAIN) return {};
    rest_.clear();
    return outcome;
}

}  // namespace picket::alert

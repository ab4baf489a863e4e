// SPDX-License-Identifier: Apache-2.0
// A client that sends exactly the bytes it is told to, also wrong ones, and shows what comes back.
#pragma once
#include <chrono>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace picket::test {

class RawClient {
  public:
    static RawClient tcp(uint16_t port) {
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        return {AF_INET, reinterpret_cast<const sockaddr*>(&to), sizeof(to)};
    }
    static RawClient local(const std::string& path) {
        sockaddr_un to{};
        to.sun_family = AF_UNIX;
        std::strncpy(to.sun_path, path.c_str(), sizeof(to.sun_path) - 1);
        return {AF_UNIX, reinterpret_cast<const sockaddr*>(&to), sizeof(to)};
    }
    RawClient(RawClient&& other) noexcept
        : fd_(std::exchange(other.fd_, -1))
        , connected_(other.connected_) {}
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;
    ~RawClient() {
        if (fd_ >= 0) ::close(fd_);
    }

    [[nodiscard]] bool connected() const { return connected_; }
    /// False: the other side is gone.
    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            bytes.remove_prefix(static_cast<size_t>(sent));
        }
        return true;
    }
    /// Until the text is there, the other side closes, or a long time has passed.
    std::string read_until(std::string_view text) {
        while (read_.find(text) == std::string::npos && receive()) {
        }
        return read_;
    }
    /// One whole response with a Content-Length; what came after it stays for the next call.
    std::string response(bool is_head = false) {
        const size_t end = read_until("\r\n\r\n").find("\r\n\r\n");
        if (end == std::string::npos) return std::exchange(read_, {});
        size_t size = end + 4;
        const size_t length = read_.find("Content-Length: ");
        if (length < end && !is_head) size += std::stoul(read_.substr(length + 16));
        while (read_.size() < size && receive()) {
        }
        std::string out = read_.substr(0, size);
        read_.erase(0, size);
        return out;
    }
    /// Everything, until the other side closes.
    std::string rest() {
        while (receive()) {
        }
        return std::exchange(read_, {});
    }

  private:
    RawClient(int family, const sockaddr* to, socklen_t size)
        : fd_(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0))
        , connected_(::connect(fd_, to, size) == 0) {}

    bool receive() {
        pollfd wait{fd_, POLLIN, 0};
        constexpr int patience_ms = 20'000;
        if (::poll(&wait, 1, patience_ms) <= 0) return false;
        char buffer[4096];
        const ssize_t count = ::recv(fd_, buffer, sizeof(buffer), 0);
        if (count <= 0) return false;
        read_.append(buffer, static_cast<size_t>(count));
        return true;
    }

    int fd_;
    bool connected_;
    std::string read_;
};

inline int status_of(std::string_view response) {
    return response.size() > 12 && response.starts_with("HTTP/1.") ? std::atoi(response.data() + 9) : 0;
}
inline std::string body_of(const std::string& response) {
    const size_t end = response.find("\r\n\r\n");
    return end == std::string::npos ? "" : response.substr(end + 4);
}
inline std::string get(std::string_view target) {
    return "GET " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
}

}  // namespace picket::test

// SPDX-License-Identifier: Apache-2.0
// Sockets made by hand, so that every failure has a reason and the socket file is never wider than it should
// be.
#include "core/api/server/listen.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <grp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace picket {
namespace {

/// A socket that is closed where it is not handed on.
class Socket {
  public:
    explicit Socket(int family)
        : fd_(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {}
    ~Socket() {
        if (fd_ >= 0) ::close(fd_);
    }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    [[nodiscard]] int fd() const { return fd_; }
    int release() { return std::exchange(fd_, -1); }

  private:
    int fd_;
};

tl::unexpected<Error> failed(std::string_view doing, const std::string& where, std::string hint = {}) {
    const int number = errno;
    const ErrorCode code = number == EACCES || number == EPERM ? ErrorCode::denied : ErrorCode::io;
    return fail(code, fmt::format("cannot {}: {}", doing, std::strerror(number)), where, std::move(hint));
}

union AnyAddress {
    sockaddr any;
    sockaddr_in v4;
    sockaddr_in6 v6;
    sockaddr_un local;
};

socklen_t fill(AnyAddress& out, const ListenAddress& from) {
    const auto& bytes = from.address.bytes();
    if (from.address.is_v4()) {
        out.v4 = {};
        out.v4.sin_family = AF_INET;
        out.v4.sin_port = htons(from.port);
        std::memcpy(&out.v4.sin_addr, bytes.data() + 12, 4);
        return sizeof(out.v4);
    }
    out.v6 = {};
    out.v6.sin6_family = AF_INET6;
    out.v6.sin6_port = htons(from.port);
    std::memcpy(&out.v6.sin6_addr, bytes.data(), 16);
    return sizeof(out.v6);
}

/// Removes what a dead process left behind.
Result<void> make_way(const std::filesystem::path& path, const AnyAddress& address) {
    struct stat found {};
    if (::lstat(path.c_str(), &found) != 0) {
        if (errno == ENOENT) return {};
        return failed("look at the socket", path);
    }
    if (!S_ISSOCK(found.st_mode))
        return fail(ErrorCode::invalid, "this is something else than a socket", path,
                    "set api.socket, or move it away");
    const Socket probe(AF_UNIX);
    // A full queue (EAGAIN) is a live one too.
    if (::connect(probe.fd(), &address.any, sizeof(address.local)) == 0 || errno == EAGAIN)
        return fail(ErrorCode::limit, "another process answers on this socket", path,
                    "is Picket already running? see systemctl status picket");
    if (errno != ECONNREFUSED) return failed("find out who has the socket", path);
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) return failed("remove the old socket", path);
    return {};
}

std::optional<gid_t> group_id(const std::string& name) {
    std::array<char, 16384> space{};
    group entry{};
    group* found = nullptr;
    if (getgrnam_r(name.c_str(), &entry, space.data(), space.size(), &found) != 0 || found == nullptr)
        return {};
    return found->gr_gid;
}

}  // namespace

bool ListenAddress::is_loopback() const {
    const auto& bytes = address.bytes();
    if (address.is_v4()) return bytes[12] == 127;
    return bytes[15] == 1 && std::all_of(bytes.begin(), bytes.end() - 1, [](uint8_t b) { return b == 0; });
}
bool ListenAddress::is_any() const { return address.is_unspecified(); }

Result<ListenAddress> parse_listen_address(const std::string& text) {
    const auto wrong = [&] {
        return fail(ErrorCode::invalid, fmt::format("'{}' is no address and port", text.substr(0, 64)),
                    "api.listen", "write 127.0.0.1:9393 or [::1]:9393");
    };
    const size_t colon = text.rfind(':');
    if (colon == std::string::npos) return wrong();
    std::string_view host = std::string_view(text).substr(0, colon);
    const bool in_brackets = host.size() > 2 && host.starts_with('[') && host.ends_with(']');
    if (in_brackets) host = host.substr(1, host.size() - 2);
    const auto address = Address::parse(host);
    if (!address || address->is_v4() == in_brackets) return wrong();
    ListenAddress out{*address, 0};
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, out.port);
    if (error != std::errc{} || stop != end) return wrong();
    return out;
}

Result<int> listen_tcp(ListenAddress& address) {
    AnyAddress name{};
    socklen_t size = fill(name, address);
    const std::string where = fmt::format("{} port {}", address.address.text(), address.port);
    Socket socket(name.any.sa_family);
    const int on = 1;
    if (socket.fd() < 0) return failed("make a socket", where);
    ::setsockopt(socket.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (name.any.sa_family == AF_INET6) ::setsockopt(socket.fd(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
    if (::bind(socket.fd(), &name.any, size) != 0 || ::listen(socket.fd(), SOMAXCONN) != 0)
        return failed("listen", where, "set api.listen to another address or port");
    if (::getsockname(socket.fd(), &name.any, &size) != 0) return failed("ask for the port", where);
    address.port = ntohs(name.any.sa_family == AF_INET ? name.v4.sin_port : name.v6.sin6_port);
    return socket.release();
}

Result<int> listen_unix(const std::filesystem::path& path, const std::string& group,
                        const std::function<void(const std::string&)>& warn) {
    AnyAddress name{};
    name.local.sun_family = AF_UNIX;
    if (path.native().size() >= sizeof(name.local.sun_path))
        return fail(ErrorCode::invalid,
                    fmt::format("the path has more than {} bytes", sizeof(name.local.sun_path) - 1), path,
                    "set api.socket to a shorter one");
    std::memcpy(name.local.sun_path, path.c_str(), path.native().size());
    std::error_code error;
    std::filesystem::create_directories(path.parent_path(), error);
    if (auto free = make_way(path, name); !free) return tl::unexpected(free.error());
    Socket socket(AF_UNIX);
    if (socket.fd() < 0) return failed("make a socket", path);
    if (::bind(socket.fd(), &name.any, sizeof(name.local)) != 0)
        return failed("make the socket file", path, "set api.socket, or run as a user who may write there");
    // Nobody can connect before listen().
    if (!group.empty()) {
        const auto id = group_id(group);
        if (!id)
            warn(fmt::format("{}: there is no group {}; only root and the own user may connect",
                             path.native(), group));
        else if (::chown(path.c_str(), static_cast<uid_t>(-1), *id) != 0)
            warn(fmt::format("{}: cannot give it to group {}: {}", path.native(), group,
                             std::strerror(errno)));
    }
    if (::chmod(path.c_str(), 0660) != 0 || ::listen(socket.fd(), SOMAXCONN) != 0)
        return failed("listen", path);
    return socket.release();
}

}  // namespace picket

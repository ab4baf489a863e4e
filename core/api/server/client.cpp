// SPDX-License-Identifier: Apache-2.0
// What libmicrohttpd and the kernel know of a connection, as our own types.
#include "core/api/server/client.hpp"

#include <array>
#include <string_view>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sys/socket.h>

#include "core/model/address.hpp"

namespace picket {
namespace {

std::string address_text(const sockaddr* from) {
    if (from->sa_family == AF_INET)
        return Address::from_v4(ntohl(reinterpret_cast<const sockaddr_in*>(from)->sin_addr.s_addr)).text();
    if (from->sa_family == AF_INET6)
        return Address::from_bytes(reinterpret_cast<const sockaddr_in6*>(from)->sin6_addr.s6_addr).text();
    return "?";
}

std::string user_name(uid_t uid) {
    std::array<char, 16384> space{};
    passwd entry{};
    passwd* found = nullptr;
    if (getpwuid_r(uid, &entry, space.data(), space.size(), &found) != 0 || found == nullptr) return {};
    return found->pw_name;
}

}  // namespace

void Client::forget_request() {
    step = Step::idle;
    target.clear();
    accepted.reset();
    body_bytes = 0;
    response = {};
}

void read_peer(Client& client) {
    if (client.is_unix) {
        ucred peer{};
        socklen_t size = sizeof(peer);
        if (::getsockopt(client.fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) peer.uid = UINT32_MAX;
        client.uid = peer.uid;
        client.peer = fmt::format("uid:{}", peer.uid);
        return;
    }
    const auto* info = MHD_get_connection_info(client.connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    client.peer = info == nullptr ? "?" : address_text(info->client_addr);
}

RequestHead read_head(const Client& client, const char* method, uint64_t time_ns) {
    RequestHead head;
    head.method = method;
    head.target = client.target;
    head.is_unix = client.is_unix;
    head.peer = client.peer;
    head.time_ns = time_ns;
    MHD_get_connection_values(
        client.connection, MHD_HEADER_KIND,
        [](void* to, MHD_ValueKind, const char* name, const char* value) {
            static_cast<RequestHead*>(to)->headers.emplace_back(name, value == nullptr ? "" : value);
            return MHD_YES;
        },
        &head);
    const bool reads = head.method == "GET" || head.method == "HEAD";
    if (client.is_unix && !reads)
        if (const std::string name = user_name(client.uid); !name.empty()) head.peer += " (" + name + ")";
    return head;
}

}  // namespace picket

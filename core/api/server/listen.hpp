// SPDX-License-Identifier: Apache-2.0
// The two sockets that are listened on. Main thread.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "core/model/address.hpp"
#include "core/model/result.hpp"

namespace picket {

/// An address and port to listen on: "127.0.0.1:9393", "[::1]:9393".
struct ListenAddress {
    Address address;
    uint16_t port = 0;
    [[nodiscard]] bool is_loopback() const;
    [[nodiscard]] bool is_any() const;
};
Result<ListenAddress> parse_listen_address(const std::string& text);

/// Both give a listening file descriptor. A port of 0 is replaced by the one that the system chose.
Result<int> listen_tcp(ListenAddress& address);
/// The file gets mode 0660 and the group, before anybody can connect. What a dead process left is removed; a
/// socket on which somebody answers is an error. A group that cannot be set is said by `warn`, and left out.
Result<int> listen_unix(const std::filesystem::path& path, const std::string& group,
                        const std::function<void(const std::string&)>& warn);

}  // namespace picket

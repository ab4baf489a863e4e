// SPDX-License-Identifier: Apache-2.0
// Where the running picket is found. Main thread.
#include "core/client/api_options.hpp"

#include <cstdlib>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace picket {

void add_api_options(CLI::App& app, ApiAddress& address) {
    const char* group = "Connection";
    auto* socket = app.add_option("--socket", address.socket,
                                  "Socket of the running picket; otherwise $PICKET_SOCKET, or "
                                  "/run/picket/picket.sock")
                       ->type_name("FILE")
                       ->group(group);
    auto* url = app.add_option("--url", address.url, "Ask over HTTP instead, such as http://127.0.0.1:9393")
                    ->type_name("URL")
                    ->group(group);
    app.add_option("--token-file", address.token_file, "File with the bearer token for --url")
        ->type_name("FILE")
        ->group(group)
        ->needs(url);
    socket->excludes(url);
}

ApiAddress resolved(ApiAddress address) {
    if (!address.socket.empty()) return address;
    const char* named = std::getenv("PICKET_SOCKET");
    address.socket = named != nullptr && *named != '\0' ? named : default_socket;
    return address;
}

}  // namespace picket

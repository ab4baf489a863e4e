// SPDX-License-Identifier: Apache-2.0
// The token's way: a file, else a credential, else none. Main thread.
#include "core/service/api_setup.hpp"

#include <utility>

#include "core/config/secret_file.hpp"

namespace picket {

Result<ApiServerConfig> api_server_config(const ApiSection& section) {
    ApiServerConfig out;
    out.socket = section.socket;
    out.group = section.group;
    out.listen = section.listen;
    out.hosts = section.hosts;
    std::optional<std::filesystem::path> file = credential_path("api_token");
    if (!section.token_file.empty()) file = section.token_file;
    if (!file) return out;
    auto token = read_secret_file(*file);
    if (!token) return tl::unexpected<Error>(token.error());
    out.token = *std::move(token);
    return out;
}

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// Secrets from files: those that the operator names, and those that systemd hands over (LoadCredential=). No
// message says what is in one. Any thread.
#pragma once
#include <filesystem>
#include <optional>
#include <string_view>

#include "core/model/result.hpp"
#include "core/model/secret.hpp"

namespace picket {

inline constexpr size_t secret_bytes_max = 4096;

/// The first line of `path`, which must be its only one. denied: others than owner and group may read it.
Result<Secret> read_secret_file(const std::filesystem::path& path);

/// $CREDENTIALS_DIRECTORY/NAME, where there is one.
std::optional<std::filesystem::path> credential_path(std::string_view name);

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// Places relative to the executable; see paths.hpp. Any thread.
#include "core/plugin/paths.hpp"

#include <system_error>

namespace picket {
namespace {

/// The prefix that holds bin/; empty, and so relative to the working directory, where /proc is not mounted.
std::filesystem::path prefix() {
    std::error_code error;
    return std::filesystem::read_symlink("/proc/self/exe", error).parent_path().parent_path();
}

}  // namespace

std::filesystem::path default_plugin_dir() { return prefix() / "lib/picket/plugins"; }
std::filesystem::path default_policies_dir() { return prefix() / "share/picket/policies"; }

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// `picket policy new`: a detector and its tests to begin with. Main thread.
#pragma once
#include <filesystem>
#include <string>

#include "core/model/result.hpp"

namespace picket {

/// Writes NAME.lua and NAME.test.lua into `dir`/detectors, which is made where it is missing. Files that are
/// there stay, and are an error.
Result<std::filesystem::path> write_new_policy(const std::filesystem::path& dir, const std::string& name);

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// Where the program finds what was installed, or built, with it. The build tree has the same shape as the
// installed one: bin/picket, lib/picket/plugins, share/picket/policies. Any thread.
#pragma once
#include <filesystem>

namespace picket {

/// <directory of the executable>/../lib/picket/plugins
std::filesystem::path default_plugin_dir();
/// <directory of the executable>/../share/picket/policies
std::filesystem::path default_policies_dir();

}  // namespace picket

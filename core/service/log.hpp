// SPDX-License-Identifier: Apache-2.0
// What the program says about itself, on standard error. Those who log get a function and know no library.
// The function may be called from any thread.
#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "picket/plugin.h"

namespace picket {

using Log = std::function<void(picket_log_level level, std::string_view text)>;

/// `level`: the least important that is shown, as in [log] level. A daemon's lines carry the time.
Log make_log(const std::string& level, bool with_time);

}  // namespace picket

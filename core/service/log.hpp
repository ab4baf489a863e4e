// SPDX-License-Identifier: Apache-2.0
// The program's log as its configuration wants it. Main thread; the Log itself is for any.
#pragma once
#include <string>

#include "core/config/config.hpp"
#include "core/log/log.hpp"

namespace picket {

/// A command's: text on standard error, for the person who typed it.
Log make_log(const std::string& level, bool with_time);
/// The daemon's, in the form of [log] format. Its on_second() wants to be called.
Log make_log(const LogSection& section);

}  // namespace picket

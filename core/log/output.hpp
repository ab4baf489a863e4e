// SPDX-License-Identifier: Apache-2.0
// The log of a program: a form, a least level, a rate limit, and standard error or the journal behind them.
// Any thread.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/log/forms.hpp"
#include "core/log/log.hpp"

namespace picket {

/// Unix time in nanoseconds.
using LogClock = uint64_t (*)();

struct LogOptions {
    std::string level = "info";   ///< the least important that is shown
    std::string format = "text";  ///< as in [log] format
    bool with_time = true;        ///< for the text form: a daemon's lines carry the time
    uint32_t burst = 20;          ///< messages of one shape in a second
};
Log make_log(const LogOptions& options, LogClock clock);

/// "warning", as in [log] level.
picket_log_level log_level_of(std::string_view name);

/// What every message passes on its way to `target`. At its end it tells what it still holds back.
std::shared_ptr<LogTarget> limited(std::shared_ptr<LogTarget> target, picket_log_level least, uint32_t burst,
                                   LogClock clock);

}  // namespace picket

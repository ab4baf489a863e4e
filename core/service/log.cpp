// SPDX-License-Identifier: Apache-2.0
// From [log] to a log. Main thread.
#include "core/service/log.hpp"

#include "core/engine/clock.hpp"
#include "core/log/output.hpp"

namespace picket {

Log make_log(const std::string& level, bool with_time) {
    LogOptions options;
    options.level = level;
    options.with_time = with_time;
    return make_log(options, wall_ns);
}

Log make_log(const LogSection& section) {
    LogOptions options;
    options.level = section.level;
    options.format = section.format;
    return make_log(options, wall_ns);
}

}  // namespace picket

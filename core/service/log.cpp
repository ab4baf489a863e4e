// SPDX-License-Identifier: Apache-2.0
// Logging with spdlog, which ends here. Any thread.
#include "core/service/log.hpp"

#include <array>
#include <memory>

#include <spdlog/sinks/ansicolor_sink.h>
#include <spdlog/spdlog.h>

#include "core/terminal/table.hpp"

namespace picket {
namespace {

// In the order of picket_log_level.
constexpr std::array<spdlog::level::level_enum, 4> levels{spdlog::level::debug, spdlog::level::info,
                                                          spdlog::level::warn, spdlog::level::err};

}  // namespace

Log make_log(const std::string& level, bool with_time) {
    auto logger = std::make_shared<spdlog::logger>(
        "picket", std::make_shared<spdlog::sinks::ansicolor_stderr_sink_mt>());
    logger->set_pattern(with_time ? "%Y-%m-%dT%H:%M:%S.%e%z %^%l%$: %v" : "picket: %^%l%$: %v");
    logger->set_level(spdlog::level::from_str(level));
    return [logger = std::move(logger)](picket_log_level importance, std::string_view text) {
        // Plugins pass on what comes from files and the network.
        logger->log(levels.at(static_cast<size_t>(importance)), "{}", printable(text));
    };
}

}  // namespace picket

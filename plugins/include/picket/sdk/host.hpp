// SPDX-License-Identifier: Apache-2.0
// The host as a plugin sees it. Standard library only. Any thread.
#pragma once
#include <string_view>

#include "picket/sdk/outcome.hpp"

namespace picket::sdk {

/// A cheap handle; valid until the instance is destroyed. A default one is silent, for unit tests.
class Host {
  public:
    Host() = default;
    explicit Host(const picket_host* host)
        : host_(host) {}

    void log(picket_log_level level, std::string_view text) const {
        if (host_ != nullptr) host_->log(host_->ctx, level, str(text));
    }
    void debug(std::string_view text) const { log(PICKET_LOG_DEBUG, text); }
    void info(std::string_view text) const { log(PICKET_LOG_INFO, text); }
    void warning(std::string_view text) const { log(PICKET_LOG_WARNING, text); }
    void error(std::string_view text) const { log(PICKET_LOG_ERROR, text); }

    /// The table of an optional ability of the host, or nullptr.
    [[nodiscard]] const void* extension(const char* id) const {
        return host_ == nullptr ? nullptr : host_->extension(host_->ctx, id);
    }

  private:
    const picket_host* host_ = nullptr;
};

}  // namespace picket::sdk

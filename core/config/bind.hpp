// SPDX-License-Identifier: Apache-2.0
// Puts documents into a Config, one after the other: later values win, key by key, and every problem is kept.
// Any thread.
#pragma once
#include <string_view>
#include <vector>

#include "core/config/config.hpp"
#include "core/config/document.hpp"

namespace picket {

class Binder {
  public:
    explicit Binder(ConfigResult& result)
        : result_(result) {}

    void bind(const std::vector<DocumentNode>& nodes);
    void problem(Error error);
    /// Says how many problems did not fit.
    void finish();

  private:
    void bind_top(const DocumentNode& node);
    void bind_named(const DocumentNode& node);
    void bind_setting(const DocumentNode& node);
    void bind_group(const DocumentNode& node);
    void bind_override(const DocumentNode& node);
    void bind_mode(const DocumentNode& node);

    ConfigResult& result_;
    size_t not_shown_ = 0;
};

}  // namespace picket

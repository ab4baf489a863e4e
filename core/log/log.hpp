// SPDX-License-Identifier: Apache-2.0
// What the program says about itself. Those who log get a Log by value, call it, and know no library and no
// place where it goes. Any thread.
#pragma once
#include <concepts>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "picket/plugin.h"

namespace picket {

/// What a program wants to find a message by: {"incident", "00ff"}. In the journal it is PICKET_INCIDENT, in
/// JSON "incident". The text says it too: a person reads only that.
struct LogField {
    std::string_view name, value;
};

struct LogEntry {
    picket_log_level level = PICKET_LOG_INFO;
    std::string_view text;
    std::string_view component;  ///< "store", "capture pcap"; may be empty
    std::span<const LogField> fields;
};

/// Where messages go.
class LogTarget {
  public:
    virtual ~LogTarget() = default;
    virtual void write(const LogEntry& entry) = 0;
    /// About once a second: what waited for time to pass.
    virtual void on_second() {}
    /// The least important that is shown from now on, where the target has such a bound.
    virtual void set_least(picket_log_level) {}
};

class Log {
  public:
    /// Says nothing.
    Log() = default;
    explicit Log(std::shared_ptr<LogTarget> target)
        : target_(std::move(target)) {}
    /// Any function of a level and a text is a log: tests, and programs with a place of their own.
    template <std::invocable<picket_log_level, std::string_view> Write>
    requires(!std::same_as<std::remove_cvref_t<Write>, Log>)
        Log(Write write)  // NOLINT(google-explicit-constructor): that is what it is for
        : target_(std::make_shared<Function<Write>>(std::move(write))) {}

    void operator()(picket_log_level level, std::string_view text,
                    std::initializer_list<LogField> fields = {}) const {
        if (target_) target_->write({level, text, component_, {fields.begin(), fields.size()}});
    }

    /// The same log for a part of the program.
    [[nodiscard]] Log as(std::string component) const {
        Log out = *this;
        out.component_ = std::move(component);
        return out;
    }
    void on_second() const {
        if (target_) target_->on_second();
    }
    void set_least(picket_log_level least) const {
        if (target_) target_->set_least(least);
    }

  private:
    template <typename Write>
    class Function final : public LogTarget {
      public:
        explicit Function(Write write)
            : write_(std::move(write)) {}
        void write(const LogEntry& entry) override { write_(entry.level, entry.text); }

      private:
        Write write_;
    };

    std::shared_ptr<LogTarget> target_;
    std::string component_;
};

}  // namespace picket

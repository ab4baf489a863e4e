// SPDX-License-Identifier: Apache-2.0
// spdlog and libsystemd's journal, which end here. Any thread.
#include "core/log/output.hpp"

#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <mutex>
#include <vector>

#include <spdlog/sinks/ansicolor_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
// Where in the source a message was sent from says nothing here.
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

#include "core/log/rate_limit.hpp"

namespace picket {
namespace {

// In the order of picket_log_level.
constexpr std::array<spdlog::level::level_enum, 4> levels{spdlog::level::debug, spdlog::level::info,
                                                          spdlog::level::warn, spdlog::level::err};
constexpr std::array<std::string_view, 4> level_names{"debug", "info", "warning", "error"};

class TextTarget final : public LogTarget {
  public:
    explicit TextTarget(bool with_time)
        : logger_("picket", std::make_shared<spdlog::sinks::ansicolor_stderr_sink_mt>()) {
        logger_.set_pattern(with_time ? "%Y-%m-%dT%H:%M:%S.%e%z %^%l%$: %v" : "picket: %^%l%$: %v");
        logger_.set_level(spdlog::level::trace);
    }
    void write(const LogEntry& entry) override {
        logger_.log(levels.at(static_cast<size_t>(entry.level)), "{}", log_line(entry));
    }

  private:
    spdlog::logger logger_;
};

class JsonTarget final : public LogTarget {
  public:
    explicit JsonTarget(LogClock clock)
        : logger_("picket", std::make_shared<spdlog::sinks::stderr_sink_mt>())
        , clock_(clock) {
        logger_.set_pattern("%v");
        logger_.set_level(spdlog::level::trace);
    }
    void write(const LogEntry& entry) override {
        logger_.log(spdlog::level::info, "{}", log_json(entry, clock_()));
    }

  private:
    spdlog::logger logger_;
    LogClock clock_;
};

/// Falls back to text on standard error where the journal does not take it.
class JournalTarget final : public LogTarget {
  public:
    explicit JournalTarget(bool with_time)
        : fallback_(with_time) {}
    void write(const LogEntry& entry) override {
        std::vector<std::string> fields = log_journal_fields(entry);
        std::vector<iovec> parts;
        parts.reserve(fields.size());
        for (std::string& field : fields) parts.push_back({field.data(), field.size()});
        // sd_journal_sendv says success where nobody listens.
        const bool there = access("/run/systemd/journal/socket", F_OK) == 0;
        if (!there || sd_journal_sendv(parts.data(), static_cast<int>(parts.size())) < 0)
            fallback_.write(entry);
    }

  private:
    TextTarget fallback_;
};

class LimitedTarget final : public LogTarget {
  public:
    LimitedTarget(std::shared_ptr<LogTarget> target, picket_log_level least, uint32_t burst, LogClock clock)
        : target_(std::move(target))
        , least_(least)
        , clock_(clock)
        , limit_(burst) {}
    ~LimitedTarget() override { tell(limit_.over(UINT64_MAX)); }
    LimitedTarget(const LimitedTarget&) = delete;
    LimitedTarget& operator=(const LimitedTarget&) = delete;

    void write(const LogEntry& entry) override {
        if (entry.level < least_.load(std::memory_order_relaxed)) return;
        const uint64_t now_ns = clock_();
        bool admitted = false;
        std::vector<LogRateLimit::Held> held;
        {
            const std::lock_guard lock(mutex_);
            held = limit_.over(now_ns);
            admitted = limit_.admit(entry, now_ns);
        }
        tell(held);
        if (admitted) target_->write(entry);
    }
    void on_second() override {
        std::vector<LogRateLimit::Held> held;
        {
            const std::lock_guard lock(mutex_);
            held = limit_.over(clock_());
        }
        tell(held);
    }

    void set_least(picket_log_level least) override { least_.store(least, std::memory_order_relaxed); }

  private:
    void tell(const std::vector<LogRateLimit::Held>& all) {
        for (const auto& held : all) target_->write({held.level, held.text, held.component, {}});
    }

    std::shared_ptr<LogTarget> target_;
    std::atomic<picket_log_level> least_;
    LogClock clock_;
    std::mutex mutex_;
    LogRateLimit limit_;
};

std::shared_ptr<LogTarget> target_of(const LogOptions& options, LogClock clock) {
    switch (log_form(options.format, is_journal(std::getenv("JOURNAL_STREAM"), STDERR_FILENO))) {
    case LogForm::journal:
        return std::make_shared<JournalTarget>(options.with_time);
    case LogForm::json:
        return std::make_shared<JsonTarget>(clock);
    case LogForm::text:
        break;
    }
    return std::make_shared<TextTarget>(options.with_time);
}

}  // namespace

std::shared_ptr<LogTarget> limited(std::shared_ptr<LogTarget> target, picket_log_level least, uint32_t burst,
                                   LogClock clock) {
    return std::make_shared<LimitedTarget>(std::move(target), least, burst, clock);
}

picket_log_level log_level_of(std::string_view name) {
    size_t level = 0;
    while (level + 1 < level_names.size() && level_names.at(level) != name) ++level;
    return static_cast<picket_log_level>(level);
}

Log make_log(const LogOptions& options, LogClock clock) {
    return Log(limited(target_of(options, clock), log_level_of(options.level), options.burst, clock));
}

}  // namespace picket

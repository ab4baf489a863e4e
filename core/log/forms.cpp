// SPDX-License-Identifier: Apache-2.0
// Messages as text, JSON and journal fields; see forms.hpp. Any thread.
#include "core/log/forms.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include <fmt/format.h>

#include "core/model/duration.hpp"
#include "core/terminal/table.hpp"

namespace picket {
namespace {

/// In the order of picket_log_level. Priorities are those of syslog(3).
struct Level {
    std::string_view name, priority;
};
constexpr std::array levels{Level{"debug", "7"}, Level{"info", "6"}, Level{"warning", "4"},
                            Level{"error", "3"}};

const Level& level_of(const LogEntry& entry) { return levels.at(static_cast<size_t>(entry.level)); }

std::string bounded(std::string_view text) {
    if (text.size() <= log_text_bytes_max) return printable(text);
    size_t end = log_text_bytes_max;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    return printable(text.substr(0, end)) + "…";
}

/// "incident" as PICKET_INCIDENT.
std::string journal_name(std::string_view name) {
    std::string out = "PICKET_";
    for (const char c : name) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        const bool digit = c >= '0' && c <= '9';
        out += letter ? static_cast<char>(c & ~0x20) : digit ? c : '_';
    }
    return out;
}

}  // namespace

LogForm log_form(std::string_view format, bool stderr_is_journal) {
    if (format == "json") return LogForm::json;
    if (format == "journal") return LogForm::journal;
    return format == "auto" && stderr_is_journal ? LogForm::journal : LogForm::text;
}

bool is_journal(const char* journal_stream, int fd) {
    if (journal_stream == nullptr) return false;
    struct stat file {};
    if (fstat(fd, &file) != 0) return false;
    return fmt::format("{}:{}", file.st_dev, file.st_ino) == journal_stream;
}

std::string log_line(const LogEntry& entry) {
    const std::string text = bounded(entry.text);
    return entry.component.empty() ? text : printable(entry.component) + ": " + text;
}

std::string log_json(const LogEntry& entry, uint64_t unix_ns) {
    nlohmann::ordered_json out{{"time", time_text(unix_ns)}, {"level", level_of(entry).name}};
    if (!entry.component.empty()) out["component"] = entry.component;
    out["message"] = bounded(entry.text);
    // What stands there already stays.
    for (const LogField& field : entry.fields) out.emplace(std::string(field.name), bounded(field.value));
    return out.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::vector<std::string> log_journal_fields(const LogEntry& entry) {
    std::vector<std::string> out{"MESSAGE=" + log_line(entry),
                                 fmt::format("PRIORITY={}", level_of(entry).priority),
                                 "SYSLOG_IDENTIFIER=picket"};
    if (!entry.component.empty()) out.push_back("PICKET_COMPONENT=" + printable(entry.component));
    for (const LogField& field : entry.fields)
        out.push_back(journal_name(field.name) + "=" + bounded(field.value));
    return out;
}

}  // namespace picket

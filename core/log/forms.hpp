// SPDX-License-Identifier: Apache-2.0
// The forms a message can have. Whatever it holds, it stays one message: bytes that would end a line, begin a
// field or drive a terminal are replaced. Any thread.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/log/log.hpp"

namespace picket {

enum class LogForm : uint8_t { text, json, journal };

inline constexpr size_t log_text_bytes_max = 4096;  ///< of one message; the rest is cut off

/// `format`: [log] format. "auto" is the journal where standard error is connected to it, else text.
LogForm log_form(std::string_view format, bool stderr_is_journal);
/// Whether `journal_stream` (the variable JOURNAL_STREAM, "device:inode") names the file behind `fd`.
bool is_journal(const char* journal_stream, int fd);

/// "store: the map grew to 128 MiB", without level and time.
std::string log_line(const LogEntry& entry);
/// One JSON object, no line break.
std::string log_json(const LogEntry& entry, uint64_t unix_ns);
/// "NAME=value" for each field of the journal's entry: systemd.journal-fields(7).
std::vector<std::string> log_journal_fields(const LogEntry& entry);

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// The small grammars of configuration values, in both directions: sizes, port ranges, quoted texts, lists.
// Any thread.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/option.hpp"

namespace picket {

/// "512", "64KB" (1000), "16MiB" (1024 × 1024), "1.5GiB"; up to 2^53 bytes.
std::optional<uint64_t> parse_size(std::string_view text);
/// The shortest exact form: "16MiB", "1GB", "1500".
std::string size_text(uint64_t bytes);

/// "80" or "8000-8100".
std::optional<PortRange> parse_port_range(std::string_view text);

/// As a TOML basic string.
std::string quote_text(std::string_view text);
/// For people: whole numbers without a point.
std::string number_text(double value);
/// For TOML, which tells 1 from 1.0.
std::string float_text(double value);
std::string list_text(const std::vector<std::string>& list);
/// [80, "8000-8100"]
std::string ports_text(const std::vector<PortRange>& ports);
/// A value as TOML, as it was written.
std::string raw_text(const RawValue& raw);
/// The same, cut to a length that fits a message.
std::string shown_text(const RawValue& raw);
/// A key or table name: bare where TOML allows it.
std::string key_text(std::string_view name);

}  // namespace picket

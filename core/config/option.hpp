// SPDX-License-Identifier: Apache-2.0
// One description of a configuration value, and one check of it, for all three who have some: the daemon's
// own structs, plugins (picket_option) and policies (param.*). Any thread.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/model/result.hpp"

namespace picket {

enum class OptionType : uint8_t {
    boolean,
    integer,
    number,
    text,
    choice,    ///< one of `choices`
    duration,  ///< "10s"; the value is in nanoseconds
    size,      ///< "16MiB", "1GB", or a number of bytes
    text_list,
    prefixes,  ///< list of texts, each a prefix or address
    ports,     ///< list of numbers, "a-b" texts or {a, b} pairs
};

/// A closed range of ports.
struct PortRange {
    uint16_t first = 0, last = 0;
    bool operator==(const PortRange&) const = default;
};

/// A checked value. duration: nanoseconds in uint64_t; size: bytes in uint64_t; integer: int64_t;
/// text and choice: string; text_list and prefixes: vector<string>; ports: vector<PortRange>.
using OptionValue = std::variant<bool, int64_t, uint64_t, double, std::string, std::vector<std::string>,
                                 std::vector<PortRange>>;

/// What a value may be. `min` and `max` are in the unit of the value: seconds for durations, bytes for sizes.
struct OptionSpec {
    std::string name;
    OptionType type = OptionType::text;
    bool required = false;
    bool reloadable = false;
    std::optional<double> min, max;
    std::string unit;
    std::vector<std::string> choices;
    std::string help;
};

/// The values as they were written, before any check: what TOML, Lua and the defaults' texts have in common.
using RawValue = std::variant<std::monostate, bool, int64_t, double, std::string, std::vector<std::string>,
                              std::vector<PortRange>>;

/// `text` as an operator would write it on one line, with lists as "a,b": how the defaults of tables and
/// plugins are written. What does not read as `type` stays a text, which check_option then refuses.
RawValue raw_from_text(OptionType type, std::string_view text);

/// Checks `raw` against `spec`. The error's `what` reads "64…65535, is 10" or the like; the caller adds the
/// place.
Result<OptionValue> check_option(const OptionSpec& spec, const RawValue& raw);

/// As an operator would write it in TOML: "10s", 100, ["80", "443"].
std::string option_text(const OptionSpec& spec, const OptionValue& value);

/// The name of `known` nearest to `name`, if one is near enough to be what was meant.
std::optional<std::string> nearest_name(std::string_view name, const std::vector<std::string>& known);

}  // namespace picket

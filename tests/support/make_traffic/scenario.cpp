// SPDX-License-Identifier: Apache-2.0
// From a word of the command line to streams, and the list for a person. Any one thread.
#include "tests/support/make_traffic/scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>

namespace picket::traffic {
namespace {

/// The part up to `separator`; `rest` becomes what follows it.
std::string_view cut(std::string_view& rest, char separator) {
    const size_t at = rest.find(separator);
    const std::string_view part = rest.substr(0, at);
    rest = at == std::string_view::npos ? std::string_view{} : rest.substr(at + 1);
    return part;
}

bool is_choice(std::string_view choices, std::string_view value) {
    while (!choices.empty()) {
        if (cut(choices, '|') == value) return true;
    }
    return false;
}

/// "20", "50k", "10M"; at most 13 digits, so that no product overflows.
Result<uint64_t> parse_number(std::string_view text) {
    uint64_t value = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    const std::string_view unit(stop, static_cast<size_t>(end - stop));
    const bool known = unit.empty() || unit == "k" || unit == "M";
    if (error != std::errc{} || !known || value > 9'999'999'999'999) {
        return fail(ErrorCode::invalid, fmt::format("'{}' is not a number such as 20, 50k or 10M", text));
    }
    if (unit.empty()) return value;
    return value * (unit == "k" ? 1'000 : 1'000'000);
}

Result<Settings> read_settings(const Scenario& scenario, std::string_view given) {
    Settings settings;
    for (const Key& key : scenario.keys) {
        if (auto done = settings.set(key, key.preset); !done) return tl::unexpected(done.error());
    }
    while (!given.empty()) {
        std::string_view value = cut(given, ',');
        const std::string_view name = cut(value, '=');
        const auto key = std::find_if(scenario.keys.begin(), scenario.keys.end(),
                                      [&](const Key& candidate) { return candidate.name == name; });
        if (key == scenario.keys.end()) {
            return fail(ErrorCode::invalid, fmt::format("has no key '{}'", name), std::string(scenario.name),
                        "make_traffic --list shows them");
        }
        if (auto done = settings.set(*key, value); !done) {
            return fail(ErrorCode::invalid, done.error().what, fmt::format("{}:{}", scenario.name, name));
        }
    }
    return settings;
}

}  // namespace

Result<void> Settings::set(const Key& key, std::string_view value) {
    if (!key.choices.empty()) {
        if (!is_choice(key.choices, value)) {
            return fail(ErrorCode::invalid, fmt::format("is one of {}, not '{}'", key.choices, value));
        }
        words_.insert_or_assign(std::string(key.name), std::string(value));
        return {};
    }
    const auto number = parse_number(value);
    if (!number) return tl::unexpected(number.error());
    if (*number < key.least || *number > key.most) {
        return fail(ErrorCode::invalid, fmt::format("{} to {}, is {}", key.least, key.most, *number));
    }
    numbers_.insert_or_assign(std::string(key.name), *number);
    return {};
}

std::string scenario_list() {
    std::string out;
    for (const Scenario& scenario : scenarios()) {
        fmt::format_to(std::back_inserter(out), "{}\n    {}\n", scenario.name, scenario.summary);
        for (const Key& key : scenario.keys) {
            const std::string range =
                key.choices.empty() ? fmt::format("{}..{}", key.least, key.most) : std::string(key.choices);
            fmt::format_to(std::back_inserter(out), "    {:<12}{:<12}{} ({})\n", key.name, key.preset,
                           key.help, range);
        }
    }
    return out;
}

Result<std::vector<std::unique_ptr<Stream>>> make_streams(std::string_view word, uint64_t start_ns,
                                                          uint64_t seed) {
    const std::string_view name = cut(word, ':');
    const auto& table = scenarios();
    const auto scenario = std::find_if(table.begin(), table.end(),
                                       [&](const Scenario& candidate) { return candidate.name == name; });
    if (scenario == table.end()) {
        return fail(ErrorCode::not_found, fmt::format("there is no scenario '{}'", name), "",
                    "make_traffic --list shows them");
    }
    auto settings = read_settings(*scenario, word);
    if (!settings) return tl::unexpected(settings.error());
    settings->start_ns = start_ns + settings->number("at") * 1'000'000'000U;

    std::vector<std::unique_ptr<Stream>> streams;
    const auto add = [&](Family family) {
        settings->family = family;
        streams.push_back(scenario->make(*settings, Random(seed + streams.size())));
    };
    const bool both = settings->is("family", "both");
    if (!settings->is("family", "v6")) add(Family::v4);
    if (settings->is("family", "v6") || (both && !scenario->mixes_families)) add(Family::v6);
    return streams;
}

}  // namespace picket::traffic

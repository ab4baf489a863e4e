// SPDX-License-Identifier: Apache-2.0
// Counts by shape and second; see rate_limit.hpp.
#include "core/log/rate_limit.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/model/duration.hpp"

namespace picket {
namespace {

constexpr size_t shape_bytes_max = 160;  // a longer text is known by its beginning
constexpr size_t told_bytes_max = 200;   // of the last one that was held back
constexpr std::string_view of_all_others = "*";

bool varies(std::string_view word) {
    return std::ranges::any_of(word, [](char c) { return (c >= '0' && c <= '9') || c == ':'; });
}

}  // namespace

std::string log_shape(const LogEntry& entry) {
    std::string out = fmt::format("{}|{}|", static_cast<int>(entry.level), entry.component);
    std::string_view rest = entry.text.substr(0, shape_bytes_max);
    while (!rest.empty()) {
        const size_t end = std::min(rest.find(' '), rest.size());
        const std::string_view word = rest.substr(0, end);
        out += varies(word) ? std::string_view("#") : word;
        out += ' ';
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return out;
}

bool LogRateLimit::admit(const LogEntry& entry, uint64_t now_ns) {
    if (shapes_.empty()) second_begin_ns_ = now_ns;
    std::string name = log_shape(entry);
    auto at = shapes_.find(name);
    if (at == shapes_.end()) {
        if (shapes_.size() >= shapes_max_) name = of_all_others;
        at = shapes_.try_emplace(std::move(name)).first;
    }
    Shape& shape = at->second;
    if (shape.passed < burst_) {
        ++shape.passed;
        return true;
    }
    ++shape.held;
    shape.last.level = entry.level;
    shape.last.component = entry.component;
    shape.last.text = entry.text.substr(0, told_bytes_max);
    return false;
}

std::vector<LogRateLimit::Held> LogRateLimit::over(uint64_t now_ns) {
    std::vector<Held> out;
    // A clock that went back ends the second too.
    if (shapes_.empty() || now_ns - second_begin_ns_ < ns_per_second) return out;
    for (auto& [name, shape] : shapes_) {
        if (shape.held == 0) continue;
        shape.last.text = fmt::format("{} messages suppressed, the last: {}", shape.held, shape.last.text);
        out.push_back(std::move(shape.last));
    }
    shapes_.clear();
    return out;
}

}  // namespace picket

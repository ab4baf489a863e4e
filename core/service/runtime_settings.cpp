// SPDX-License-Identifier: Apache-2.0
// See runtime_settings.hpp.
#include "core/service/runtime_settings.hpp"

#include <charconv>
#include <set>
#include <string_view>

#include <fmt/format.h>

namespace picket {
namespace {

constexpr std::string_view layer_name = "set at run time";

/// The line of the layer that a place names: "set at run time:3:12"; 0: none.
size_t line_of(std::string_view where) {
    if (!where.starts_with(layer_name) || where.size() <= layer_name.size()) return 0;
    where.remove_prefix(layer_name.size() + 1);
    size_t line = 0;
    std::from_chars(where.data(), where.data() + where.size(), line);
    return line;
}

}  // namespace

ConfigText layer_of(const StoredSettings& settings) {
    ConfigText out{std::string(layer_name), {}};
    for (const auto& [key, value] : settings) out.text += fmt::format("{} = {}\n", key, value);
    return out;
}

namespace {

StoredSettings without_wrong(const StoredSettings& settings, const std::vector<Error>& problems) {
    std::set<size_t> wrong;
    for (const Error& problem : problems) wrong.insert(line_of(problem.where));
    StoredSettings out;
    size_t line = 0;
    for (const auto& [key, value] : settings)
        if (!wrong.contains(++line)) out.emplace(key, value);
    return out;
}

}  // namespace

Setup load_with(const std::function<Setup(const StoredSettings&)>& load, StoredSettings& settings,
                std::vector<Error>& left_out) {
    while (true) {
        Setup out = load(settings);
        StoredSettings right = without_wrong(settings, out.problems);
        if (right.size() == settings.size()) return out;
        settings = std::move(right);
        for (const Error& problem : out.problems)
            if (line_of(problem.where) != 0) left_out.push_back(problem);
    }
}

}  // namespace picket

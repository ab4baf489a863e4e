// SPDX-License-Identifier: Apache-2.0
// From a plugin's option table to values and JSON; see options.hpp. Any thread.
#include "core/plugin/options.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "core/model/duration.hpp"
#include "core/plugin/descriptor.hpp"

namespace picket {
namespace {

/// By picket_option_type.
constexpr std::array option_types{OptionType::boolean, OptionType::integer,  OptionType::number,
                                  OptionType::text,    OptionType::choice,   OptionType::duration,
                                  OptionType::size,    OptionType::text_list};

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        const size_t end = std::min(text.find(separator), text.size());
        parts.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parts;
}

nlohmann::json json_of(const OptionSpec& spec, const OptionValue& value) {
    if (spec.type == OptionType::duration)
        return static_cast<double>(std::get<uint64_t>(value)) / static_cast<double>(ns_per_second);
    return std::visit(
        [](const auto& held) -> nlohmann::json {
            if constexpr (std::is_same_v<std::decay_t<decltype(held)>, std::vector<PortRange>>) {
                return nullptr;  // no option of a plugin has this type
            } else {
                return held;
            }
        },
        value);
}

}  // namespace

OptionSpec option_spec(const picket_option& option) {
    OptionSpec spec;
    spec.name = option.name;
    spec.type = option_types.at(static_cast<size_t>(option.type));
    spec.required = option.default_value == nullptr;
    spec.reloadable = option.reloadable != 0;
    if (option.min != 0 || option.max != 0) {
        spec.min = option.min;
        spec.max = option.max;
    }
    if (option.unit != nullptr) spec.unit = option.unit;
    if (option.choices != nullptr) spec.choices = split(option.choices, '|');
    spec.help = option.help;
    return spec;
}

std::vector<OptionSpec> plugin_option_specs(const picket_plugin& plugin) {
    std::vector<OptionSpec> specs;
    for (uint32_t i = 0; i < plugin.option_count; ++i) specs.push_back(option_spec(option_of(plugin, i)));
    return specs;
}

PluginOptions complete_options(const picket_plugin& plugin, const std::map<std::string, Setting>& given,
                               std::string_view table, std::string_view table_origin) {
    PluginOptions out;
    const auto problem = [&](std::string_view name, std::string_view what, std::string_view where,
                             std::string hint = {}) {
        out.problems.push_back({ErrorCode::invalid, fmt::format("{}.{}: {}", table, name, what),
                                std::string(where), std::move(hint)});
    };
    std::vector<std::string> names;
    for (uint32_t i = 0; i < plugin.option_count; ++i) {
        const picket_option& option = option_of(plugin, i);
        const OptionSpec spec = option_spec(option);
        names.push_back(spec.name);
        const auto found = given.find(spec.name);
        if (found == given.end() && spec.required) {
            problem(spec.name, "required, is missing", table_origin);
            continue;
        }
        const bool written = found != given.end();
        auto value = check_option(spec, written ? found->second.value
                                                : raw_from_text(spec.type, option.default_value));
        if (value) {
            out.values.emplace(spec.name, std::move(*value));
        } else {
            problem(spec.name, value.error().what, written ? found->second.origin : "", value.error().hint);
        }
    }
    for (const auto& [name, setting] : given) {
        if (std::ranges::find(names, name) != names.end()) continue;
        const auto near = nearest_name(name, names);
        problem(name, fmt::format("plugin {} has no such option", plugin.name), setting.origin,
                near ? fmt::format("did you mean \"{}\"?", *near) : "");
    }
    return out;
}

std::string options_json(const picket_plugin& plugin, const std::map<std::string, OptionValue>& values) {
    nlohmann::json object = nlohmann::json::object();
    for (const OptionSpec& spec : plugin_option_specs(plugin)) {
        if (const auto found = values.find(spec.name); found != values.end())
            object[spec.name] = json_of(spec, found->second);
    }
    return object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// What makes a descriptor one that can be used; see descriptor.hpp. Any thread.
#include "core/plugin/descriptor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <set>

#include "core/plugin/options.hpp"

namespace picket {
namespace {

// What ABI 1.0 has; later minors only append.
constexpr uint32_t plugin_size_1_0 = offsetof(picket_plugin, interface) + sizeof(picket_plugin::interface);
constexpr uint32_t option_size_1_0 = offsetof(picket_option, help) + sizeof(picket_option::help);
constexpr uint32_t source_size_1_0 =
    offsetof(picket_source, interface_name) + sizeof(picket_source::interface_name);
constexpr uint32_t action_size_1_0 = offsetof(picket_action, reopen) + sizeof(picket_action::reopen);

constexpr size_t name_size_max = 64;

constexpr std::array kinds{
    PluginKind{PICKET_KIND_SOURCE, "source", PICKET_SOURCE_ID},
    PluginKind{PICKET_KIND_ACTION, "action", PICKET_ACTION_ID},
    PluginKind{PICKET_KIND_RESOLVER, "resolver", nullptr},
    PluginKind{PICKET_KIND_ENRICHER, "enricher", nullptr},
};

tl::unexpected<Error> refuse(std::string what) { return fail(ErrorCode::invalid, std::move(what)); }

/// [a-z][a-z0-9_]*
bool is_name(const char* text) {
    if (text == nullptr) return false;
    const std::string_view name(text);
    const auto letter = [](char c) { return c >= 'a' && c <= 'z'; };
    const auto other = [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_'; };
    return !name.empty() && name.size() <= name_size_max && letter(name[0]) &&
           std::ranges::all_of(name, other);
}

Result<void> check_texts(const picket_plugin& plugin) {
    if (!is_name(plugin.name)) return refuse("its name is not [a-z][a-z0-9_]*");
    struct Text {
        const char* name;
        const char* value;
    };
    for (const auto& [name, value] : {Text{"version", plugin.version}, Text{"license", plugin.license},
                                      Text{"summary", plugin.summary}}) {
        if (value == nullptr || *value == '\0') return refuse(fmt::format("it has no {}", name));
    }
    if (plugin.capabilities == nullptr) return refuse("it has no list of capabilities; \"\" would be none");
    return {};
}

Result<void> check_functions(const picket_plugin& plugin) {
    const bool whole = plugin.create != nullptr && plugin.start != nullptr && plugin.stop != nullptr &&
                       plugin.destroy != nullptr && plugin.interface != nullptr;
    if (!whole) return refuse("one of create, start, stop, destroy, interface is missing");
    return {};
}

bool is_whole(const picket_source& source) {
    return source.size >= source_size_1_0 && source.shards != nullptr && source.next_batch != nullptr &&
           source.wake != nullptr && source.stats != nullptr && source.interface_name != nullptr;
}

bool is_whole(const picket_action& action) {
    return action.size >= action_size_1_0 && action.apply != nullptr && action.revert != nullptr &&
           action.reconcile != nullptr;
}

Result<void> check_interfaces(const picket_plugin& plugin) {
    if (kinds_of(plugin).empty()) return refuse("it is of no kind that is known");
    for (const PluginKind& kind : kinds_of(plugin)) {
        if (kind.interface == nullptr) continue;
        const void* table = plugin.interface(kind.interface);
        const bool whole = table != nullptr && (kind.bit == PICKET_KIND_SOURCE
                                                    ? is_whole(*static_cast<const picket_source*>(table))
                                                    : is_whole(*static_cast<const picket_action*>(table)));
        if (!whole)
            return refuse(fmt::format("it says it is a {}, but {} is not whole", kind.name, kind.interface));
    }
    return {};
}

Result<void> check_option_entry(const picket_plugin& plugin, const picket_option& option,
                                std::set<std::string_view>& names) {
    if (!is_name(option.name)) return refuse("the name of an option is not [a-z][a-z0-9_]*");
    const auto wrong = [&](std::string_view why) {
        return refuse(fmt::format("option {}: {}", option.name, why));
    };
    if (!names.insert(option.name).second) return wrong("there are two of that name");
    uint32_t type = 0;  // a number, because a foreign value may be one that the enum does not have
    std::memcpy(&type, &option.type, sizeof type);
    if (type > PICKET_OPTION_TEXT_LIST) return wrong("unknown type");
    if (option.help == nullptr || *option.help == '\0') return wrong("no help");
    if ((option.type == PICKET_OPTION_CHOICE) != (option.choices != nullptr && *option.choices != '\0'))
        return wrong("a choice, and nothing else, has choices");
    if (!(option.min <= option.max)) return wrong("its bounds are crossed");
    if (option.reloadable != 0 && plugin.reconfigure == nullptr)
        return wrong("it is reloadable, but the plugin has no reconfigure");
    const OptionSpec spec = option_spec(option);
    if (spec.required) return {};
    const auto value = check_option(spec, raw_from_text(spec.type, option.default_value));
    if (!value) return wrong("its default is wrong: " + value.error().what);
    return {};
}

Result<void> check_option_table(const picket_plugin& plugin) {
    if (plugin.option_count > plugin_options_max)
        return refuse(fmt::format("it has {} options; at most {}", plugin.option_count, plugin_options_max));
    if (plugin.option_count == 0) return {};
    if (plugin.options == nullptr || plugin.option_size < option_size_1_0 ||
        plugin.option_size % alignof(picket_option) != 0)
        return refuse("its option table has a wrong size");
    std::set<std::string_view> names;
    for (uint32_t i = 0; i < plugin.option_count; ++i) {
        if (auto checked = check_option_entry(plugin, option_of(plugin, i), names); !checked) return checked;
    }
    return {};
}

}  // namespace

Result<void> check_descriptor(const picket_plugin& plugin) {
    if (plugin.size < plugin_size_1_0)
        return refuse(fmt::format("its descriptor has {} bytes; ABI {} needs {}", plugin.size,
                                  PICKET_ABI_MAJOR, plugin_size_1_0));
    for (const auto check : {check_texts, check_functions, check_interfaces, check_option_table}) {
        if (auto checked = check(plugin); !checked) return checked;
    }
    return {};
}

const picket_option& option_of(const picket_plugin& plugin, uint32_t index) {
    const auto* bytes = reinterpret_cast<const std::byte*>(plugin.options);
    return *reinterpret_cast<const picket_option*>(bytes + size_t{index} * plugin.option_size);
}

std::vector<PluginKind> kinds_of(const picket_plugin& plugin) {
    std::vector<PluginKind> found;
    std::ranges::copy_if(kinds, std::back_inserter(found),
                         [&](const PluginKind& kind) { return (plugin.kinds & kind.bit) != 0; });
    return found;
}

}  // namespace picket

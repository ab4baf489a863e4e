// SPDX-License-Identifier: Apache-2.0
// The tables turned into text: the running configuration with its origins, and the reference page. Any
// thread.
#include <algorithm>

#include <fmt/format.h>

#include "core/config/config.hpp"
#include "core/config/option_text.hpp"
#include "core/config/tables.hpp"
#include "core/model/secret.hpp"

namespace picket {
namespace {

constexpr std::array<std::string_view, 10> type_names{
    "true or false", "whole number",  "number",           "text",         "choice", "duration",
    "size",          "list of texts", "list of prefixes", "list of ports"};

/// `key = value  # origin`. A file's name may hold what a TOML comment may not.
std::string line(std::string_view name, const std::string& value, std::string origin) {
    std::replace_if(
        origin.begin(), origin.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
    return fmt::format("{:<40}  # {}\n", fmt::format("{} = {}", key_text(name), value), origin);
}

std::string settings_text(const std::string& table, const std::string& name, const Settings& settings,
                          const std::string& first = {}) {
    std::string out = fmt::format("\n[{}.{}]\n{}", table, key_text(name), first);
    for (const auto& [key, setting] : settings)
        out += line(key, is_secret_name(key) ? quote_text(hidden_text) : raw_text(setting.value),
                    setting.origin);
    return out;
}

std::string policy_text(const std::string& name, const PolicySection& policy) {
    const std::string mode =
        policy.mode ? line("mode", quote_text(std::string(name_of(*policy.mode))), policy.mode_origin) : "";
    std::string out = settings_text("policy", name, policy.params, mode);
    const std::string table = "policy." + key_text(name);
    for (const auto& [group, settings] : policy.groups)
        out += settings_text(table + ".group", group, settings);
    for (const auto& [prefix, settings] : policy.prefixes)
        out += settings_text(table + ".prefix", prefix.text(), settings);
    return out;
}

std::string group_text(const std::string& name, const GroupSection& group) {
    std::string out = fmt::format("\n[group.{}]\n", key_text(name));
    for (const auto& key : group_keys)
        out += line(key.name, option_text(spec_of(key), value_of(key, group)), group.origin);
    return out;
}

std::string bound_text(const OptionSpec& spec, double value) {
    const auto as_value = [&]() -> OptionValue {
        if (spec.type == OptionType::duration) return static_cast<uint64_t>(value * 1e9);
        if (spec.type == OptionType::size) return static_cast<uint64_t>(value);
        return static_cast<int64_t>(value);
    };
    std::string text = option_text(spec, as_value());
    std::erase(text, '"');
    return text;
}

std::string allowed_text(const OptionSpec& spec) {
    std::string out;
    for (const std::string& choice : spec.choices) out += (out.empty() ? "" : ", ") + quote_text(choice);
    if (!out.empty()) return out;
    if (spec.min && spec.max)
        out = fmt::format(" {}…{}", bound_text(spec, *spec.min), bound_text(spec, *spec.max));
    if (!spec.unit.empty()) out += " " + spec.unit;
    return std::string(type_names.at(static_cast<size_t>(spec.type))) + out;
}

constexpr std::string_view reference_head =
    R"(<!-- Made by `picket check --reference` from core/config/tables.hpp; change it there. -->
# Configuration

TOML files, later ones win, key by key: `/usr/lib/picket/*.toml`, then `/etc/picket/picket.toml`, then
`/etc/picket/conf.d/*.toml` in order of name. With `--config FILE` (as often as you like) only the files named are
read. `picket check` lists every problem of all of them; `picket check --dump-config` shows what holds, and where each
value comes from. A documented example with all defaults is `etc/picket.toml`.

A duration is a text such as `"250ms"`, `"10s"`, `"5m"`, `"1h30m"`; a size is a text such as `"16MiB"` or a number of
bytes; ports are numbers, ranges such as `"8000-8100"`, or pairs such as `[8000, 8100]`.

A running daemon reads the files again at `picket reload`, `systemctl reload picket` or SIGHUP. What has "yes" under
"live" takes effect at once, the rest at the next start; the reload says which. With a single wrong value nothing changes.
)";

constexpr std::string_view reference_tail = R"(
## [policy.NAME]

One table per policy. `mode` is one of `"off"`, `"observe"`, `"dry_run"`, `"enforce"`: how far the policy may go, within what
`[policies] mode` lets any. All other keys are the policy's own parameters; the policy's file says what they are, and `picket
check` checks them. All of it is live.

`[policy.NAME.group.GROUP]` and `[policy.NAME.prefix."203.0.113.0/24"]` give parameters other values for the rows of some
addresses; where several match, the longest prefix decides. What shapes the counting itself (a window, say) holds for all.

## [capture.NAME] and [action.NAME]

One table per plugin. The keys are the plugin's own options; `picket plugin list` shows them with their defaults.
)";

template <typename Keys, typename S>
std::string table_text(std::string_view name, std::string_view help, const Keys& keys, const S& defaults) {
    std::string out =
        fmt::format("\n## [{}]\n\n{}\n\n| key | default | allowed | live | meaning |\n| --- | --- | "
                    "--- | --- | --- |\n",
                    name, help);
    for (const auto& key : keys) {
        const OptionSpec spec = spec_of(key);
        out += fmt::format("| `{}` | `{}` | {} | {} | {} |\n", key.name,
                           option_text(spec, value_of(key, defaults)), allowed_text(spec),
                           key.reloadable ? "yes" : "", key.help);
    }
    return out;
}

}  // namespace

std::string dump_config(const Config& config) {
    std::string out;
    for_each_section([&](std::string_view name, std::string_view, const auto& keys, auto member) {
        out += fmt::format("{}[{}]\n", out.empty() ? "" : "\n", name);
        for (const auto& key : keys) {
            const auto origin = config.origins.find(fmt::format("{}.{}", name, key.name));
            out += line(key.name, option_text(spec_of(key), value_of(key, config.*member)),
                        origin == config.origins.end() ? "default" : origin->second);
        }
    });
    for (const auto& [name, group] : config.group) out += group_text(name, group);
    for (const auto& [name, policy] : config.policy) out += policy_text(name, policy);
    for (const auto& [name, plugin] : config.capture) out += settings_text("capture", name, plugin.values);
    for (const auto& [name, plugin] : config.action) out += settings_text("action", name, plugin.values);
    return out;
}

std::string config_reference() {
    std::string out(reference_head);
    for_each_section([&](std::string_view name, std::string_view help, const auto& keys, auto member) {
        out += table_text(name, help, keys, Config{}.*member);
    });
    out += table_text("group.NAME", "One table per group of addresses that policies may see differently.",
                      group_keys, GroupSection{});
    return out + std::string(reference_tail);
}

}  // namespace picket

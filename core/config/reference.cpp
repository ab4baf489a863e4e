// SPDX-License-Identifier: Apache-2.0
// The tables of keys turned into pages for people: Markdown, and the manual page. Any thread.
#include <algorithm>

#include <fmt/format.h>

#include "core/config/config.hpp"
#include "core/config/manual_text.hpp"
#include "core/config/option_text.hpp"
#include "core/config/tables.hpp"

namespace picket {
namespace {

constexpr std::array<std::string_view, 10> type_names{
    "true or false", "whole number",  "number",           "text",         "choice", "duration",
    "size",          "list of texts", "list of prefixes", "list of ports"};

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

constexpr std::string_view manual_head = R"(picket.toml(5) "" "Picket"

# NAME

picket.toml - configuration of picket(1)

# DESCRIPTION

TOML files, later ones win, key by key: _/usr/lib/picket/\*.toml_, then _/etc/picket/picket.toml_, then
_/etc/picket/conf.d/\*.toml_ in order of name. *picket check* lists every problem of all of them;
*picket check --dump-config* shows what holds, and where each value comes from.

A duration is a text such as "250ms", "10s", "5m", "1h30m"; a size is a text such as "16MiB" or a number of bytes; ports
are numbers, ranges such as "8000-8100", or pairs such as [8000, 8100].

A running daemon reads the files again at *picket reload*, *systemctl reload picket* or SIGHUP. What is marked as
reloadable takes effect at once, the rest at the next start. With a single wrong value nothing changes.
)";

constexpr std::string_view manual_tail = R"(
# [POLICY.NAME]

One table per policy. *mode* is one of "off", "observe", "dry_run", "enforce": how far the policy may go, within what
*[policies] mode* lets any. All other keys are the policy's own parameters; the policy's file says what they are, and
*picket check* checks them. All of it is reloadable.

*[policy.NAME.group.GROUP]* and *[policy.NAME.prefix."203.0.113.0/24"]* give parameters other values for some addresses;
where several match, the longest prefix decides.

# [CAPTURE.NAME] AND [ACTION.NAME]

One table per plugin. The keys are the plugin's own options; *picket plugin list* shows them with their defaults.

# EXAMPLE

```
[engine]
local = ["198.51.100.0/24", "2001:db8:100::/48"]

[policy.port_scan]
unique_ports = 50

[capture.pcap]
interfaces = ["eth0"]
```

# SEE ALSO

*picket*(1)
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

template <typename Keys, typename S>
std::string manual_section(std::string_view name, std::string_view help, const Keys& keys,
                           const S& defaults) {
    std::string title(name);
    std::transform(title.begin(), title.end(), title.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    std::string out = fmt::format("\n# [{}]\n\n{}\n\n", title, manual_text(help));
    for (const auto& key : keys) {
        const OptionSpec spec = spec_of(key);
        out += fmt::format("*{}* = {}\n\t{}\n\n\tAllowed: {}{}.\n\n", manual_text(key.name),
                           manual_text(option_text(spec, value_of(key, defaults))), manual_text(key.help),
                           manual_text(allowed_text(spec)), key.reloadable ? "; reloadable" : "");
    }
    return out;
}

constexpr std::string_view group_help = "One table per group of addresses that policies may see differently.";

}  // namespace

std::string config_reference() {
    std::string out(reference_head);
    for_each_section([&](std::string_view name, std::string_view help, const auto& keys, auto member) {
        out += table_text(name, help, keys, Config{}.*member);
    });
    out += table_text("group.NAME", group_help, group_keys, GroupSection{});
    return out + std::string(reference_tail);
}

std::string config_manual() {
    std::string out(manual_head);
    for_each_section([&](std::string_view name, std::string_view help, const auto& keys, auto member) {
        out += manual_section(name, help, keys, Config{}.*member);
    });
    out += manual_section("group.NAME", group_help, group_keys, GroupSection{});
    return out + std::string(manual_tail);
}

}  // namespace picket

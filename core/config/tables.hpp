// SPDX-License-Identifier: Apache-2.0
// One table per struct of config.hpp. Everything that is said about a key stands here once: the binding, the
// check, the dump and the reference page are made from it. Any thread.
#pragma once
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/config/config.hpp"
#include "core/config/option.hpp"

namespace picket {

/// Where a value is kept. An integer, a duration (ns) and a size (bytes) are all a uint64_t.
template <typename S>
using Member = std::variant<bool S::*, uint64_t S::*, std::string S::*, std::vector<Prefix> S::*,
                            std::vector<std::string> S::*>;

template <typename S>
struct ConfigKey {
    std::string_view name;
    Member<S> member;
    OptionType type;
    std::optional<double> min, max;  ///< as in OptionSpec: seconds, bytes
    std::string_view unit;
    std::string_view choices;  ///< "a|b"
    bool reloadable;
    std::string_view help;
};

constexpr std::nullopt_t no_bound = std::nullopt;

inline constexpr std::array<ConfigKey<EngineSection>, 7> engine_keys{{
    {"tick", &EngineSection::tick_ns, OptionType::duration, 0.01, 0.1, "", "", false,
     "How often counters are looked at and detectors run."},
    {"local", &EngineSection::local, OptionType::prefixes, no_bound, no_bound, "", "", true,
     "What is ours: direction is seen from here. Empty: the addresses of this machine's interfaces when "
     "live, the "
     "private ranges in a replay."},
    {"rows_max", &EngineSection::rows_max, OptionType::integer, 1024, 4194304, "rows", "", false,
     "Rows per counter table. When it is full, the rows with the least traffic go first."},
    {"set_memory", &EngineSection::set_memory_bytes, OptionType::size, 1 << 20, 4294967296.0, "", "", false,
     "Memory for the exact sets behind distinct, new and entropy, per counter table; beyond it they are "
     "estimated."},
    {"finding_interval", &EngineSection::finding_interval_ns, OptionType::duration, 1, 3600, "", "", true,
     "How often an open incident repeats an unchanged finding."},
    {"incident_quiet", &EngineSection::incident_quiet_ns, OptionType::duration, 1, 86400, "", "", true,
     "Silence after which an incident is closed."},
    {"queue_max", &EngineSection::queue_max, OptionType::integer, 8, 65536, "batches", "", false,
     "Batches of flow records that may wait between capture and engine; beyond it they are dropped and "
     "counted."},
}};

inline constexpr std::array<ConfigKey<PoliciesSection>, 6> policies_keys{{
    {"dir", &PoliciesSection::dir, OptionType::text, no_bound, no_bound, "", "", true,
     "Folder with detectors/*.lua. Empty: the bundled policies."},
    {"mode", &PoliciesSection::mode, OptionType::choice, no_bound, no_bound, "",
     "off|observe|dry_run|enforce", true,
     "How far any policy may go: off; observe reports findings; dry_run also records what would be done; "
     "enforce has it done. A policy's own mode can only hold it back further."},
    {"watch", &PoliciesSection::watch, OptionType::boolean, no_bound, no_bound, "", "", true,
     "Reload when a policy's file changes."},
    {"call_budget", &PoliciesSection::call_budget_ns, OptionType::duration, 0.001, 10, "", "", false,
     "Time that one call of a detector may take; a policy that overruns it is stopped."},
    {"memory", &PoliciesSection::memory_bytes, OptionType::size, 1 << 20, 1 << 30, "", "", false,
     "Memory that one policy may hold."},
    {"findings_per_tick", &PoliciesSection::findings_per_tick, OptionType::integer, 1, 100000, "findings", "",
     false, "Findings that one policy may report in a tick; the rest is dropped and counted."},
}};

inline constexpr std::array<ConfigKey<GroupSection>, 2> group_keys{{
    {"prefixes", &GroupSection::prefixes, OptionType::prefixes, no_bound, no_bound, "", "", true,
     "The addresses of the group. Where groups overlap, the longest prefix decides."},
    {"tags", &GroupSection::tags, OptionType::text_list, no_bound, no_bound, "", "", true,
     "Words that say what the group is, for those who read."},
}};

inline constexpr std::array<ConfigKey<PluginsSection>, 1> plugins_keys{{
    {"dir", &PluginsSection::dir, OptionType::text, no_bound, no_bound, "", "", false,
     "Folder with the plugins. Empty: the one that was installed with the program."},
}};

inline constexpr std::array<ConfigKey<StoreSection>, 4> store_keys{{
    {"dir", &StoreSection::dir, OptionType::text, no_bound, no_bound, "", "", false,
     "Folder of the store. Empty: the state directory that systemd gives, else /var/lib/picket."},
    {"size_max", &StoreSection::size_max_bytes, OptionType::size, 16 << 20, 1099511627776.0, "", "", false,
     "Space that the store may take. When it is full, the oldest ended incidents go."},
    {"incident_retention", &StoreSection::incident_retention_ns, OptionType::duration, 3600, 315360000, "",
     "", false, "How long an incident is kept after its last finding."},
    {"findings_max", &StoreSection::findings_max, OptionType::integer, 1000, 10000000, "findings", "", false,
     "Findings that are kept; beyond it the oldest go."},
}};

inline constexpr std::array<ConfigKey<ApiSection>, 5> api_keys{{
    {"socket", &ApiSection::socket, OptionType::text, no_bound, no_bound, "", "", false,
     "Unix socket that the picket command talks to. Empty: none."},
    {"group", &ApiSection::group, OptionType::text, no_bound, no_bound, "", "", false,
     "Group whose members may use the socket, beside root and the daemon's own user. Empty: nobody else."},
    {"listen", &ApiSection::listen, OptionType::text, no_bound, no_bound, "", "", false,
     "Address and port for HTTP. Without a token it must be a loopback address, and nothing can be changed "
     "there. Empty: none."},
    {"token_file", &ApiSection::token_file, OptionType::text, no_bound, no_bound, "", "", false,
     "File with the bearer token for HTTP, readable by nobody else. Empty: the systemd credential api_token, "
     "where there is one."},
    {"hosts", &ApiSection::hosts, OptionType::text_list, no_bound, no_bound, "", "", false,
     "Names under which HTTP is reached, beside localhost and the address itself."},
}};

inline constexpr std::array<ConfigKey<ProcessSection>, 1> process_keys{{
    {"user", &ProcessSection::user, OptionType::text, no_bound, no_bound, "", "", false,
     "User to switch to when started by root, once everything that needs root is open. Empty: stay."},
}};

inline constexpr std::array<ConfigKey<LogSection>, 2> log_keys{{
    {"level", &LogSection::level, OptionType::choice, no_bound, no_bound, "", "debug|info|warning|error",
     true, "The least important messages that are still logged."},
    {"format", &LogSection::format, OptionType::choice, no_bound, no_bound, "", "auto|text|json|journal",
     false,
     "Lines or JSON objects on standard error, or entries of the systemd journal. auto: the journal when "
     "standard error is connected to it, else text."},
}};

/// Calls `use(name, help, keys, struct member)` for each table of the core's own.
template <typename Use>
void for_each_section(const Use& use) {
    use("engine", "The tick, the counters' bounds and the incidents.", engine_keys, &Config::engine);
    use("policies", "Where policies come from, and what each of them may use up.", policies_keys,
        &Config::policies);
    use("plugins", "Where plugins come from.", plugins_keys, &Config::plugins);
    use("store", "What survives a restart: incidents, findings, and who changed what.", store_keys,
        &Config::store);
    use("api", "Where the daemon answers: the picket command, programs, Prometheus.", api_keys, &Config::api);
    use("process", "What the daemon is to the system.", process_keys, &Config::process);
    use("log", "What the program says about itself.", log_keys, &Config::log);
}

/// Names of the tables that hold one table per group, policy or plugin.
inline constexpr std::array<std::string_view, 4> named_tables{"group", "policy", "capture", "action"};

/// "a|b" to its parts.
std::vector<std::string> split_choices(std::string_view choices);
/// The one key that every policy has beside its own.
OptionSpec policy_mode_spec();

template <typename S>
OptionSpec spec_of(const ConfigKey<S>& key) {
    OptionSpec spec;
    spec.name = key.name;
    spec.type = key.type;
    spec.reloadable = key.reloadable;
    spec.min = key.min;
    spec.max = key.max;
    spec.unit = key.unit;
    spec.choices = split_choices(key.choices);
    spec.help = key.help;
    return spec;
}

/// What the key's member of `section` is, as a value of the key's type.
template <typename S>
OptionValue value_of(const ConfigKey<S>& key, const S& section) {
    struct Read {
        OptionType type;
        OptionValue operator()(bool value) const { return value; }
        OptionValue operator()(uint64_t value) const {
            if (type == OptionType::integer) return static_cast<int64_t>(value);
            return value;
        }
        OptionValue operator()(const std::string& value) const { return value; }
        OptionValue operator()(const std::vector<Prefix>& value) const {
            std::vector<std::string> texts;
            texts.reserve(value.size());
            for (const Prefix& prefix : value) texts.push_back(prefix.text());
            return texts;
        }
        OptionValue operator()(const std::vector<std::string>& value) const { return value; }
    };
    return std::visit([&](auto member) { return Read{key.type}(section.*member); }, key.member);
}

/// Puts a value that check_option has passed into its member.
template <typename S>
void assign(const ConfigKey<S>& key, S& section, const OptionValue& value) {
    struct Write {
        const OptionValue& from;
        void operator()(bool& to) const { to = std::get<bool>(from); }
        void operator()(uint64_t& to) const {
            const auto* whole = std::get_if<int64_t>(&from);
            to = whole != nullptr ? static_cast<uint64_t>(*whole) : std::get<uint64_t>(from);
        }
        void operator()(std::string& to) const { to = std::get<std::string>(from); }
        void operator()(std::vector<Prefix>& to) const {
            to.clear();
            for (const std::string& text : std::get<std::vector<std::string>>(from))
                if (auto prefix = Prefix::parse(text)) to.push_back(*prefix);
        }
        void operator()(std::vector<std::string>& to) const { to = std::get<std::vector<std::string>>(from); }
    };
    std::visit([&](auto member) { Write{value}(section.*member); }, key.member);
}

}  // namespace picket

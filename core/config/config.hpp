// SPDX-License-Identifier: Apache-2.0
// The configuration as the program uses it: checked structs for the core's own tables, raw values with their
// place for policies and plugins, which check them against their own options. The members' initialisers are
// the defaults; tables.hpp says of each what it may be. Any thread once loaded.
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/option.hpp"
#include "core/model/policy_mode.hpp"
#include "core/model/prefix.hpp"

namespace picket {

/// [engine]
struct EngineSection {
    uint64_t tick_ns = 100'000'000;
    std::vector<Prefix> local;  ///< empty: own addresses when live, private ranges in a replay
    uint64_t rows_max = 16384;
    uint64_t set_memory_bytes = 16ull << 20;
    uint64_t finding_interval_ns = 10'000'000'000;
    uint64_t incident_quiet_ns = 60'000'000'000;
    uint64_t queue_max = 256;
};

/// [policies]
struct PoliciesSection {
    std::string dir;               ///< empty: the bundled ones
    std::string mode = "observe";  ///< name of a PolicyMode: no policy goes further
    bool watch = true;
    uint64_t call_budget_ns = 50'000'000;
    uint64_t memory_bytes = 64ull << 20;
    uint64_t findings_per_tick = 1000;
};

/// [plugins]
struct PluginsSection {
    std::string dir;  ///< empty: beside the program
};

/// [store]
struct StoreSection {
    std::string dir;  ///< empty: $STATE_DIRECTORY, or /var/lib/picket
    uint64_t size_max_bytes = 1ull << 30;
    uint64_t incident_retention_ns = 90ull * 86'400 * 1'000'000'000;
    uint64_t findings_max = 100'000;
};

/// [api]
struct ApiSection {
    std::string socket = "/run/picket/picket.sock";  ///< empty: none
    std::string group = "picket";                    ///< may use the socket, beside root and the own user
    std::string listen = "127.0.0.1:9393";           ///< address:port; empty: no TCP
    std::string token_file;                          ///< empty: the credential "api_token", or none
    std::vector<std::string> hosts;                  ///< further names that a request's Host may have
};

/// [process]
struct ProcessSection {
    std::string user;  ///< to switch to when started by root; empty: stay
};

/// [log]
struct LogSection {
    std::string level = "info";
    std::string format = "auto";
};

/// A value as it was written, and where: "/etc/picket/picket.toml:12:8".
struct Setting {
    RawValue value;
    std::string origin;
};

/// [capture.NAME] and [action.NAME]: keys that the plugin NAME knows.
struct PluginSection {
    std::map<std::string, Setting> values;
    std::string origin;
};

/// [group.NAME]: addresses that belong together, for policies that see them differently.
struct GroupSection {
    std::vector<Prefix> prefixes;
    std::vector<std::string> tags;
    std::string origin;
};

using Settings = std::map<std::string, Setting>;

/// [policy.NAME]: parameters that the policy NAME knows, and its mode.
struct PolicySection {
    Settings params;
    std::map<std::string, Settings> groups;  ///< [policy.NAME.group.GROUP]
    std::map<Prefix, Settings> prefixes;     ///< [policy.NAME.prefix."PREFIX"]
    std::optional<PolicyMode> mode;          ///< none: as [policies] says for all
    std::string mode_origin;
    std::string origin;
};

struct Config {
    EngineSection engine;
    PoliciesSection policies;
    PluginsSection plugins;
    StoreSection store;
    ApiSection api;
    ProcessSection process;
    LogSection log;
    std::map<std::string, GroupSection> group;
    std::map<std::string, PolicySection> policy;
    std::map<std::string, PluginSection> capture, action;
    /// Where the values of the core's own tables come from: "engine.tick" → "picket.toml:3:8". Not there:
    /// default.
    std::map<std::string, std::string> origins;
    std::vector<std::string> files;  ///< what was read, lowest layer first
};

/// A configuration, and all that is wrong with it. With problems it is for showing, not for running.
struct ConfigResult {
    Config config;
    std::vector<Error> problems;
};

/// The text of one file, with the name that messages call it by.
struct ConfigText {
    std::string name, text;
};

/// Where to look. With `files`, these alone; else the system's places, each of which may be missing.
struct ConfigSources {
    std::vector<std::filesystem::path> files;
    std::filesystem::path vendor_dir = "/usr/lib/picket";
    std::filesystem::path main_file = "/etc/picket/picket.toml";
    std::filesystem::path drop_in_dir = "/etc/picket/conf.d";
    std::vector<ConfigText> on_top;  ///< over all files
};

inline constexpr size_t config_file_bytes_max = 1 << 20;
inline constexpr size_t config_files_max = 256;
inline constexpr size_t config_problems_max = 200;  ///< beyond: one line that says how many more

/// Reads, merges (later files win, key by key) and checks.
ConfigResult load_config(const ConfigSources& sources);
/// The same from texts, lowest layer first.
ConfigResult parse_config(const std::vector<ConfigText>& texts);

/// The whole configuration as TOML that reads back as the same, each value with its origin in a comment.
std::string dump_config(const Config& config);
/// The reference page, in Markdown.
std::string config_reference();
/// picket.toml(5), as scdoc(5).
std::string config_manual();

}  // namespace picket

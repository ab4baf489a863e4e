// SPDX-License-Identifier: Apache-2.0
// What several subcommands begin with: the configuration, the folders of policies and plugins, and the loaded
// policies. Main thread.
#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/config/config.hpp"
#include "core/engine/engine.hpp"
#include "core/plugin/registry.hpp"
#include "core/policy/policy_host.hpp"

namespace picket {

/// What the command line says of them.
struct SetupOptions {
    std::vector<std::string> config_files;
    std::string policies_dir, plugins_dir;
    std::vector<std::string> local;
    std::vector<ConfigText> on_top;  ///< over the files, see runtime_settings.hpp
};
/// Everything a command needs before it touches traffic, and all that is wrong with it: with problems it is
/// for showing, not for running.
struct Setup {
    Config config;  ///< with the command line's options laid over it
    std::filesystem::path policies_dir, plugins_dir;
    std::optional<PluginRegistry> plugins;
    std::shared_ptr<PolicyHost> policies;  ///< loaded
    std::vector<Error> problems;
};
Setup load_setup(const SetupOptions& options);

/// `local`: when the configuration names none. `hash_seed`: see CountersConfig.
EngineConfig engine_config(const Config& config, const std::vector<Prefix>& local, uint64_t hash_seed);

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// Finds and loads plugins: shared objects of one directory that nobody but root or the user of this process
// can write to. They are never unloaded. [main]
#pragma once
#include <filesystem>
#include <string_view>
#include <vector>

#include "core/model/result.hpp"
#include "picket/plugin.h"

namespace picket {

/// A loaded .so whose descriptor was checked.
class PluginLibrary {
  public:
    static Result<PluginLibrary> load(const std::filesystem::path& path);

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] const picket_plugin& plugin() const { return *plugin_; }

  private:
    PluginLibrary(std::filesystem::path path, const picket_plugin* plugin)
        : path_(std::move(path))
        , plugin_(plugin) {}

    std::filesystem::path path_;
    const picket_plugin* plugin_;
};

class PluginRegistry {
  public:
    /// Loads all *.so in the order of their names. An error: the directory cannot be used at all. A file that
    /// cannot be used is one of the problems, and the others load.
    static Result<PluginRegistry> scan(const std::filesystem::path& directory);

    /// nullptr: not there.
    [[nodiscard]] const picket_plugin* find(std::string_view name) const;
    [[nodiscard]] const std::vector<PluginLibrary>& libraries() const { return libraries_; }
    [[nodiscard]] const std::vector<Error>& problems() const { return problems_; }

  private:
    void add(const std::filesystem::path& path);

    std::vector<PluginLibrary> libraries_;
    std::vector<Error> problems_;
};

}  // namespace picket

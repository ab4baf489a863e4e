// SPDX-License-Identifier: Apache-2.0
// Loading shared objects; see registry.hpp. [main]
#include "core/plugin/registry.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "core/plugin/descriptor.hpp"

namespace picket {
namespace {

constexpr size_t libraries_max = 256;

/// A plugin is code that runs with our privileges, so whoever can write to it has them too.
Result<void> check_owner(const std::filesystem::path& path, mode_t type) {
    struct stat status {};
    if (lstat(path.c_str(), &status) != 0)
        return fail(errno == ENOENT ? ErrorCode::not_found : ErrorCode::io,
                    std::generic_category().message(errno), path.string());
    if ((status.st_mode & S_IFMT) != type)
        return fail(ErrorCode::denied, type == S_IFDIR ? "is not a directory" : "is not a regular file",
                    path.string());
    if (status.st_uid != 0 && status.st_uid != geteuid())
        return fail(
            ErrorCode::denied,
            fmt::format("belongs to user {}, and plugins must belong to root or to the user of this process",
                        status.st_uid),
            path.string(), "chown root " + path.string());
    if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return fail(ErrorCode::denied, "can be written to by its group or by others", path.string(),
                    "chmod go-w " + path.string());
    return {};
}

std::string loader_message(const std::filesystem::path& path) {
    const char* message = dlerror();
    std::string text = message == nullptr ? "cannot be loaded" : message;
    const std::string prefix = path.string() + ": ";
    if (text.starts_with(prefix)) text.erase(0, prefix.size());
    return text;
}

}  // namespace

Result<PluginLibrary> PluginLibrary::load(const std::filesystem::path& path) {
    if (auto checked = check_owner(path, S_IFREG); !checked) return tl::unexpected(checked.error());
    void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (handle == nullptr) return fail(ErrorCode::invalid, loader_message(path), path.string());
    const auto entry = reinterpret_cast<picket_entry_function>(dlsym(handle, PICKET_ENTRY_NAME));
    const picket_plugin* plugin = entry == nullptr ? nullptr : entry();
    if (plugin == nullptr)
        return fail(ErrorCode::invalid, "is no plugin of ABI " + std::to_string(PICKET_ABI_MAJOR),
                    path.string(),
                    entry == nullptr ? "it does not export " PICKET_ENTRY_NAME : "its entry returns nothing");
    if (auto checked = check_descriptor(*plugin); !checked) {
        Error error = checked.error();
        error.where = path.string();
        return tl::unexpected(std::move(error));
    }
    return PluginLibrary(path, plugin);
}

Result<PluginRegistry> PluginRegistry::scan(const std::filesystem::path& directory) {
    std::error_code error;
    const auto real = std::filesystem::canonical(directory, error);
    if (error) return fail(ErrorCode::not_found, "plugin directory: " + error.message(), directory.string());
    if (auto checked = check_owner(real, S_IFDIR); !checked) return tl::unexpected(checked.error());

    std::vector<std::filesystem::path> files;
    for (std::filesystem::directory_iterator at(real, error), end; !error && at != end; at.increment(error)) {
        if (at->path().extension() == ".so") files.push_back(at->path());
    }
    if (error) return fail(ErrorCode::io, error.message(), real.string());
    if (files.size() > libraries_max)
        return fail(ErrorCode::limit, fmt::format("{} plugins; at most {}", files.size(), libraries_max),
                    real.string());
    std::ranges::sort(files);
    PluginRegistry registry;
    for (const auto& file : files) registry.add(file);
    return registry;
}

void PluginRegistry::add(const std::filesystem::path& path) {
    auto library = PluginLibrary::load(path);
    if (!library) {
        problems_.push_back(library.error());
        return;
    }
    const auto same = std::ranges::find_if(libraries_, [&](const PluginLibrary& other) {
        return std::string_view(other.plugin().name) == library->plugin().name;
    });
    if (same != libraries_.end()) {
        problems_.push_back({ErrorCode::invalid,
                             fmt::format("is a second plugin named {}", library->plugin().name),
                             path.string(), "the first is " + same->path().string()});
        return;
    }
    libraries_.push_back(std::move(*library));
}

const picket_plugin* PluginRegistry::find(std::string_view name) const {
    const auto found = std::ranges::find_if(
        libraries_, [&](const PluginLibrary& library) { return name == library.plugin().name; });
    return found == libraries_.end() ? nullptr : &found->plugin();
}

}  // namespace picket

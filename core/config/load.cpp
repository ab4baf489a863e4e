// SPDX-License-Identifier: Apache-2.0
// Which files, in which order, and their bytes: bounded, whatever they turn out to be. Main thread.
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "core/config/bind.hpp"
#include "core/config/config.hpp"
#include "core/config/document.hpp"

namespace picket {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> cannot_read(const fs::path& path, int error_number) {
    const bool missing = error_number == ENOENT || error_number == ENOTDIR;
    return fail(missing ? ErrorCode::not_found : ErrorCode::io,
                std::string("cannot read it: ") + std::strerror(error_number), path.string(),
                error_number == EISDIR ? "name a file; a folder's files go into conf.d" : "");
}

Result<std::string> read_bounded(const fs::path& path) {
    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    const std::unique_ptr<std::FILE, Close> file(std::fopen(path.c_str(), "rbe"));
    if (!file) return cannot_read(path, errno);
    std::string text(config_file_bytes_max + 1, '\0');
    errno = 0;
    text.resize(std::fread(text.data(), 1, text.size(), file.get()));
    if (std::ferror(file.get()) != 0) return cannot_read(path, errno);
    if (text.size() > config_file_bytes_max)
        return fail(ErrorCode::limit, "a file of at most 1MiB, is larger", path.string());
    return text;
}

/// The *.toml of a folder by name; a folder that is not there holds none.
Result<std::vector<fs::path>> toml_files(const fs::path& dir) {
    std::vector<fs::path> out;
    std::error_code error;
    fs::directory_iterator entries(dir, error);
    if (error == std::errc::no_such_file_or_directory) return out;
    for (const fs::directory_iterator end; !error && entries != end; entries.increment(error)) {
        const fs::path& path = entries->path();
        if (path.extension() == ".toml" && !path.filename().string().starts_with('.')) out.push_back(path);
        if (out.size() > config_files_max)
            return fail(ErrorCode::limit, "at most 256 files, are more", dir.string());
    }
    if (error) return cannot_read(dir, error.value());
    std::sort(out.begin(), out.end());
    return out;
}

struct Layer {
    fs::path path;
    bool may_be_missing = false;
};

std::vector<Layer> layers_of(const ConfigSources& sources, Binder& binder) {
    std::vector<Layer> out;
    const auto add_dir = [&](const fs::path& dir) {
        auto files = toml_files(dir);
        if (!files) return binder.problem(std::move(files.error()));
        for (const fs::path& file : *files) out.push_back({file, false});
    };
    if (sources.files.empty()) {
        add_dir(sources.vendor_dir);
        out.push_back({sources.main_file, true});
        add_dir(sources.drop_in_dir);
    }
    for (const fs::path& file : sources.files) out.push_back({file, false});
    if (out.size() > config_files_max) {
        out.clear();
        binder.problem(Error{ErrorCode::limit, "at most 256 configuration files, are more", {}, {}});
    }
    return out;
}

void bind_text(Binder& binder, ConfigResult& result, const std::string& name, const std::string& text) {
    const auto nodes = read_document(name, text);
    if (nodes)
        binder.bind(*nodes);
    else
        binder.problem(nodes.error());
    result.config.files.push_back(name);
}

}  // namespace

ConfigResult load_config(const ConfigSources& sources) {
    ConfigResult result;
    Binder binder(result);
    for (const Layer& layer : layers_of(sources, binder)) {
        const auto text = read_bounded(layer.path);
        if (text)
            bind_text(binder, result, layer.path.string(), *text);
        else if (!layer.may_be_missing || text.error().code != ErrorCode::not_found)
            binder.problem(text.error());
    }
    for (const ConfigText& each : sources.on_top) bind_text(binder, result, each.name, each.text);
    binder.finish();
    return result;
}

ConfigResult parse_config(const std::vector<ConfigText>& texts) {
    ConfigResult result;
    Binder binder(result);
    for (const ConfigText& each : texts) bind_text(binder, result, each.name, each.text);
    binder.finish();
    return result;
}

}  // namespace picket

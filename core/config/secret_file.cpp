// SPDX-License-Identifier: Apache-2.0
// Reads secrets from files. Any thread.
#include "core/config/secret_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

#include <fmt/format.h>

namespace picket {
namespace {

struct OpenFile {
    int fd;
    explicit OpenFile(const std::filesystem::path& path)
        // A pipe without a writer must not hold up the start.
        : fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    ~OpenFile() {
        if (fd >= 0) close(fd);
    }
};

tl::unexpected<Error> system_error(const std::filesystem::path& path) {
    const int code = errno;
    return fail(code == ENOENT   ? ErrorCode::not_found
                : code == EACCES ? ErrorCode::denied
                                 : ErrorCode::io,
                std::generic_category().message(code), path.string());
}

Result<void> check_file(const struct stat& file, const std::filesystem::path& path) {
    if (!S_ISREG(file.st_mode)) return fail(ErrorCode::invalid, "is not a file", path.string());
    if ((file.st_mode & S_IROTH) != 0)
        return fail(ErrorCode::denied, "holds a secret, and everybody may read it", path.string(),
                    fmt::format("chmod o-rwx {}", path.string()));
    return {};
}

}  // namespace

Result<Secret> read_secret_file(const std::filesystem::path& path) {
    const OpenFile file(path);
    if (file.fd < 0) return system_error(path);
    struct stat status {};
    if (fstat(file.fd, &status) != 0) return system_error(path);
    if (auto good = check_file(status, path); !good) return tl::unexpected<Error>(good.error());

    std::string text(secret_bytes_max + 3, '\0');  // a line break, and one byte to see that there is more
    size_t size = 0;
    while (size < text.size()) {
        const ssize_t got = read(file.fd, text.data() + size, text.size() - size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return system_error(path);
        if (got == 0) break;
        size += static_cast<size_t>(got);
    }
    Secret whole(std::move(text));  // so that it is wiped
    std::string_view line = std::string_view(whole.reveal()).substr(0, size);
    if (line.ends_with('\n')) line.remove_suffix(1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) return fail(ErrorCode::invalid, "is empty", path.string());
    if (line.size() > secret_bytes_max)
        return fail(ErrorCode::limit, fmt::format("is longer than {} bytes", secret_bytes_max),
                    path.string());
    for (const char c : line)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            return fail(ErrorCode::invalid, "one line of text, is something else", path.string());
    return Secret(std::string(line));
}

std::optional<std::filesystem::path> credential_path(std::string_view name) {
    const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
    if (folder == nullptr || *folder == '\0') return std::nullopt;
    std::filesystem::path path = std::filesystem::path(folder) / name;
    std::error_code error;
    if (!std::filesystem::exists(path, error)) return std::nullopt;
    return path;
}

}  // namespace picket

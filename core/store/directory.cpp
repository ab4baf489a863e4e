// SPDX-License-Identifier: Apache-2.0
// One writer per folder by flock(2): it also holds between two stores of one process, which LMDB must not
// see. Main thread.
#include "core/store/directory.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace picket {
namespace {

tl::unexpected<Error> fail_system(const char* what, const std::filesystem::path& where, int code) {
    const ErrorCode as = code == EACCES || code == EPERM || code == EROFS ? ErrorCode::denied : ErrorCode::io;
    return fail(as, std::string(what) + ": " + std::strerror(code), where.string());
}

Result<void> make_dir(const std::filesystem::path& dir) {
    std::error_code code;
    if (std::filesystem::is_directory(dir, code)) return {};
    if (dir.has_parent_path()) std::filesystem::create_directories(dir.parent_path(), code);
    if (code) return fail_system("cannot make the folder", dir.parent_path(), code.value());
    if (mkdir(dir.c_str(), 0700) != 0 && errno != EEXIST)
        return fail_system("cannot make the folder", dir, errno);
    if (!std::filesystem::is_directory(dir, code))
        return fail(ErrorCode::invalid, "is no folder", dir.string(), "the store needs a folder of its own");
    return {};
}

}  // namespace

Result<StoreDirectory> StoreDirectory::hold(const std::filesystem::path& dir) {
    if (auto made = make_dir(dir); !made) return tl::unexpected(made.error());
    const auto file = dir / "writer.lock";
    const int lock = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (lock < 0) return fail_system("cannot open the lock of the store", file, errno);
    StoreDirectory out(lock);
    if (flock(lock, LOCK_EX | LOCK_NB) == 0) return out;
    if (errno != EWOULDBLOCK) return fail_system("cannot lock the store", file, errno);
    return fail(ErrorCode::denied, "the store is open in another process", dir.string(),
                "is picket running already?");
}

StoreDirectory::StoreDirectory(StoreDirectory&& other) noexcept
    : lock_(std::exchange(other.lock_, -1)) {}

StoreDirectory::~StoreDirectory() {
    if (lock_ >= 0) close(lock_);
}

void StoreDirectory::sync(const std::filesystem::path& dir) {
    const int folder = open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return;
    fsync(folder);
    close(folder);
}

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// Environment: opening, growing, opening again. The map may move only while no transaction of this process is
// open; readers hold a shared lock for as long as theirs is. Any thread.
#include "core/store/lmdb.hpp"

#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <utility>

namespace picket::lmdb {
namespace {

constexpr unsigned databases_max = 16;

/// LMDB reads what the file says to be there; beyond the end of the file that would be a bus error.
bool is_whole(MDB_env* env, const std::filesystem::path& file) {
    MDB_envinfo info{};
    MDB_stat stat{};
    struct stat status {};
    if (mdb_env_info(env, &info) != 0 || mdb_env_stat(env, &stat) != 0) return false;
    if (::stat(file.c_str(), &status) != 0) return false;
    return static_cast<uint64_t>(status.st_size) >= (info.me_last_pgno + 1) * uint64_t{stat.ms_psize};
}

}  // namespace

tl::unexpected<Error> fail_with(int code, const std::filesystem::path& dir) {
    struct Known {
        int code;
        ErrorCode as;
        const char* what;
        const char* hint;
    };
    static constexpr std::array known{
        Known{MDB_MAP_FULL, ErrorCode::limit, "the store is full", "raise its size, or keep less"},
        Known{MDB_READERS_FULL, ErrorCode::limit, "too many read the store at once", ""},
        Known{MDB_INVALID, ErrorCode::invalid, "this is no store, or a broken one", "move it away"},
        Known{MDB_VERSION_MISMATCH, ErrorCode::invalid, "the store is of another LMDB", "move it away"},
        Known{MDB_CORRUPTED, ErrorCode::invalid, "the store is broken", "move it away"},
        Known{EACCES, ErrorCode::denied, "cannot open the store: permission denied", ""},
        Known{EROFS, ErrorCode::denied, "cannot write the store: read-only file system", ""},
        Known{ENOSPC, ErrorCode::io, "cannot write the store: the disk is full", ""},
    };
    for (const Known& entry : known)
        if (entry.code == code) return fail(entry.as, entry.what, dir.string(), entry.hint);
    return fail(ErrorCode::io, std::string("the store's disk: ") + mdb_strerror(code), dir.string());
}

Result<std::unique_ptr<Environment>> Environment::open(const std::filesystem::path& dir, uint64_t map_bytes) {
    std::unique_ptr<Environment> out(new Environment(dir));
    if (auto opened = out->open_env(map_bytes); !opened) return tl::unexpected(opened.error());
    return out;
}

Result<void> Environment::open_env(uint64_t map_bytes) {
    MDB_env* raw = nullptr;
    if (const int code = mdb_env_create(&raw); code != 0) return fail_with(code, dir_);
    std::unique_ptr<MDB_env, Close> env(raw);
    int code = mdb_env_set_maxdbs(raw, databases_max);
    if (code == 0) code = mdb_env_set_mapsize(raw, map_bytes);
    // NOTLS: a read transaction belongs to its object, not to its thread.
    if (code == 0) code = mdb_env_open(raw, dir_.c_str(), MDB_NOTLS, 0600);
    if (code == 0) code = mdb_reader_check(raw, nullptr);
    if (code != 0) return fail_with(code, dir_);
    if (!is_whole(raw, dir_ / "data.mdb")) return fail_with(MDB_CORRUPTED, dir_ / "data.mdb");
    env_ = std::move(env);
    return {};
}

int Environment::grow(uint64_t map_bytes) {
    const auto lock = exclusive_lock();
    return env_ ? mdb_env_set_mapsize(env_.get(), map_bytes) : MDB_PANIC;
}

Result<void> Environment::reopen(const std::function<Result<void>()>& opened) {
    const auto lock = exclusive_lock();
    const uint64_t bytes = map_bytes();
    env_.reset();
    auto result = open_env(bytes);
    if (result) result = opened();
    if (!result) env_.reset();
    return result;
}

uint64_t Environment::map_bytes() const {
    MDB_envinfo info{};
    if (env_) mdb_env_info(env_.get(), &info);
    return info.me_mapsize;
}

std::shared_lock<std::shared_mutex> Environment::read_lock() {
    const std::lock_guard gate(gate_);
    return std::shared_lock(readers_);
}

std::unique_lock<std::shared_mutex> Environment::exclusive_lock() {
    const std::lock_guard gate(gate_);
    return std::unique_lock(readers_);
}

}  // namespace picket::lmdb

// SPDX-License-Identifier: Apache-2.0
// LMDB in C++: an environment that can grow while others read, transactions, ranges of keys. Errors stick to
// a transaction: what follows a failure does nothing, and the last word (status, commit) says what it was, so
// that the code between need not ask after each step. Read transactions on any thread, write transactions on
// one.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>

#include <lmdb.h>

#include "core/model/result.hpp"

namespace picket::lmdb {

using Bytes = std::string_view;
using Database = MDB_dbi;

/// What LMDB or the system says, as an error about `dir`.
tl::unexpected<Error> fail_with(int code, const std::filesystem::path& dir);

class Environment {
  public:
    /// The folder is there. `map_bytes` is how large the file may become before grow().
    static Result<std::unique_ptr<Environment>> open(const std::filesystem::path& dir, uint64_t map_bytes);
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;

    /// Waits until no read transaction is open. No write transaction may be. [writer]
    int grow(uint64_t map_bytes);
    /// After a failure that LMDB does not go on from (MDB_PANIC): closes and opens again. `opened` is called
    /// while readers still wait. If it fails, all transactions do, until it succeeds. [writer]
    Result<void> reopen(const std::function<Result<void>()>& opened);
    [[nodiscard]] uint64_t map_bytes() const;
    [[nodiscard]] const std::filesystem::path& dir() const { return dir_; }

  private:
    friend class Transaction;
    struct Close {
        void operator()(MDB_env* env) const { mdb_env_close(env); }
    };
    explicit Environment(std::filesystem::path dir)
        : dir_(std::move(dir)) {}
    Result<void> open_env(uint64_t map_bytes);
    std::shared_lock<std::shared_mutex> read_lock();
    std::unique_lock<std::shared_mutex> exclusive_lock();

    std::filesystem::path dir_;
    std::unique_ptr<MDB_env, Close> env_;
    std::mutex gate_;            ///< held while waiting to exclude readers: new ones wait behind
    std::shared_mutex readers_;  ///< shared by read transactions; the map moves only while there are none
};

class Transaction {
  public:
    enum class Kind { read, write };
    Transaction(Environment& environment, Kind kind);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    /// Valid until the next write of this transaction.
    std::optional<Bytes> get(Database database, Bytes key);
    void put(Database database, Bytes key, Bytes value);
    /// False: it was not there.
    bool erase(Database database, Bytes key);
    /// Makes it where it is missing.
    Database open(const char* name);
    uint64_t entries(Database database);
    uint64_t bytes(Database database);  ///< in pages that hold it
    /// Ends it. After a failure nothing of it is done.
    Result<void> commit();
    [[nodiscard]] Result<void> status() const;
    [[nodiscard]] int code() const { return code_; }

  private:
    friend class Range;
    bool check(int code);
    MDB_stat stat(Database database);

    Environment& environment_;
    std::shared_lock<std::shared_mutex> lock_;
    MDB_txn* transaction_ = nullptr;
    int code_ = 0;
};

/// The entries with lower <= key < upper, one after the other. Not to be used after a write.
class Range {
  public:
    /// An empty `upper`: to the end.
    Range(Transaction& transaction, Database database, std::string lower, std::string upper,
          bool descending = false);
    ~Range();
    Range(const Range&) = delete;
    Range& operator=(const Range&) = delete;

    /// False: there is none, or the transaction has failed.
    bool next();
    [[nodiscard]] Bytes key() const { return key_; }
    [[nodiscard]] Bytes value() const { return value_; }

  private:
    bool move(MDB_cursor_op operation, Bytes from = {});
    bool first();

    Transaction& transaction_;
    MDB_cursor* cursor_ = nullptr;
    std::string lower_, upper_;
    bool descending_;
    bool started_ = false;
    Bytes key_, value_;
};

}  // namespace picket::lmdb

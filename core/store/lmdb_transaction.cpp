// SPDX-License-Identifier: Apache-2.0
// Transactions and ranges; see lmdb.hpp. Read: any thread. Write: the writer.
#include "core/store/lmdb.hpp"

#include <utility>

namespace picket::lmdb {
namespace {

MDB_val val(Bytes bytes) {
    // LMDB does not write to what it is given, but takes pointers to what is not const.
    return {bytes.size(), const_cast<char*>(bytes.data())};
}

Bytes bytes_of(const MDB_val& value) { return {static_cast<const char*>(value.mv_data), value.mv_size}; }

}  // namespace

Transaction::Transaction(Environment& environment, Kind kind)
    : environment_(environment) {
    const bool read = kind == Kind::read;
    if (read) lock_ = environment.read_lock();
    MDB_env* env = environment.env_.get();
    check(env == nullptr ? MDB_PANIC : mdb_txn_begin(env, nullptr, read ? MDB_RDONLY : 0, &transaction_));
}

Transaction::~Transaction() {
    if (transaction_ != nullptr) mdb_txn_abort(transaction_);
}

bool Transaction::check(int code) {
    if (code_ == 0) code_ = code;
    return code_ == 0;
}

std::optional<Bytes> Transaction::get(Database database, Bytes key) {
    if (code_ != 0) return std::nullopt;
    MDB_val k = val(key);
    MDB_val v{};
    const int code = mdb_get(transaction_, database, &k, &v);
    if (code == MDB_NOTFOUND || !check(code)) return std::nullopt;
    return bytes_of(v);
}

void Transaction::put(Database database, Bytes key, Bytes value) {
    if (code_ != 0) return;
    MDB_val k = val(key);
    MDB_val v = val(value);
    check(mdb_put(transaction_, database, &k, &v, 0));
}

bool Transaction::erase(Database database, Bytes key) {
    if (code_ != 0) return false;
    MDB_val k = val(key);
    const int code = mdb_del(transaction_, database, &k, nullptr);
    return code != MDB_NOTFOUND && check(code);
}

Database Transaction::open(const char* name) {
    Database database = 0;
    if (code_ == 0) check(mdb_dbi_open(transaction_, name, MDB_CREATE, &database));
    return database;
}

MDB_stat Transaction::stat(Database database) {
    MDB_stat out{};
    if (code_ == 0) check(mdb_stat(transaction_, database, &out));
    return out;
}

uint64_t Transaction::entries(Database database) { return stat(database).ms_entries; }

uint64_t Transaction::bytes(Database database) {
    const MDB_stat pages = stat(database);
    return uint64_t{pages.ms_psize} * (pages.ms_branch_pages + pages.ms_leaf_pages + pages.ms_overflow_pages);
}

Result<void> Transaction::commit() {
    MDB_txn* const transaction = std::exchange(transaction_, nullptr);
    if (code_ == 0)
        check(mdb_txn_commit(transaction));
    else if (transaction != nullptr)
        mdb_txn_abort(transaction);
    return status();
}

Result<void> Transaction::status() const {
    if (code_ != 0) return fail_with(code_, environment_.dir());
    return {};
}

Range::Range(Transaction& transaction, Database database, std::string lower, std::string upper,
             bool descending)
    : transaction_(transaction)
    , lower_(std::move(lower))
    , upper_(std::move(upper))
    , descending_(descending) {
    if (transaction_.code_ == 0)
        transaction_.check(mdb_cursor_open(transaction_.transaction_, database, &cursor_));
}

Range::~Range() {
    if (cursor_ != nullptr) mdb_cursor_close(cursor_);
}

bool Range::move(MDB_cursor_op operation, Bytes from) {
    MDB_val k = val(from);
    MDB_val v{};
    const int code = mdb_cursor_get(cursor_, &k, &v, operation);
    if (code == MDB_NOTFOUND || !transaction_.check(code)) return false;
    key_ = bytes_of(k);
    value_ = bytes_of(v);
    return true;
}

bool Range::first() {
    if (!descending_) return lower_.empty() ? move(MDB_FIRST) : move(MDB_SET_RANGE, lower_);
    if (!upper_.empty() && move(MDB_SET_RANGE, upper_)) return move(MDB_PREV);
    return move(MDB_LAST);
}

bool Range::next() {
    if (transaction_.code_ != 0 || cursor_ == nullptr) return false;
    const bool found = started_ ? move(descending_ ? MDB_PREV : MDB_NEXT) : first();
    started_ = true;
    return found && key_ >= lower_ && (upper_.empty() || key_ < upper_);
}

}  // namespace picket::lmdb

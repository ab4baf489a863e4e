// SPDX-License-Identifier: Apache-2.0
// The writer's loop: take all that waits, write it in one transaction, make room where there is none.
#include "core/store/writer.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "core/store/codec.hpp"
#include "core/store/incident_table.hpp"
#include "core/store/log_table.hpp"
#include "core/store/retention.hpp"

namespace picket {
namespace {

using lmdb::Transaction;

constexpr uint64_t reserve_bytes_min = 8 << 20;
constexpr int growths_max = 16;  ///< of the map for one batch: 16 MiB to a terabyte

}  // namespace

StoreWriter::StoreWriter(lmdb::Environment& environment, const Tables& tables, const StoreConfig& config)
    : environment_(environment)
    , tables_(tables)
    , config_(config)
    , thread_([this] { run(); }) {}

StoreWriter::~StoreWriter() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        changed_.notify_one();
    }
    thread_.join();
}

bool StoreWriter::add_put(Change change) {
    if (puts_waiting_ >= config_.queue_max) {
        ++stats_.refused;
        return false;
    }
    ++puts_waiting_;
    Job& job = queue_.emplace_back();
    job.change = std::move(change);
    job.is_put = true;
    changed_.notify_one();
    return true;
}

bool StoreWriter::put(const Incident& incident) {
    const std::lock_guard lock(mutex_);
    if (const auto waiting = incidents_waiting_.find(incident.id); waiting != incidents_waiting_.end()) {
        *waiting->second = incident;
        return true;
    }
    auto newest = std::make_shared<Incident>(incident);
    if (!add_put([this, newest](Transaction& out) { update_incident(out, tables_, *newest); })) return false;
    incidents_waiting_.emplace(incident.id, std::move(newest));
    return true;
}

bool StoreWriter::put(const Finding& finding, const std::string& incident_id) {
    std::string bytes = encode(finding);
    const std::lock_guard lock(mutex_);
    return add_put([this, incident_id, bytes = std::move(bytes)](Transaction& out) {
        append_record(out, tables_, tables_.findings, incident_id, bytes);
    });
}

Result<void> StoreWriter::change(Change change) {
    std::future<Result<void>> done;
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) return fail(ErrorCode::limit, "the store is closing");
        Job& job = queue_.emplace_back();
        job.change = std::move(change);
        job.is_waited_for = true;
        done = job.done.get_future();
        changed_.notify_one();
    }
    return done.get();
}

void StoreWriter::expire(uint64_t now_ns) {
    const std::lock_guard lock(mutex_);
    expire_now_ns_ = now_ns;
    changed_.notify_one();
}

StoreStats StoreWriter::stats() const {
    const std::lock_guard lock(mutex_);
    return stats_;
}

void StoreWriter::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [this] { return stopping_ || !queue_.empty() || expire_now_ns_ != 0; });
        std::deque<Job> batch = std::exchange(queue_, {});
        incidents_waiting_.clear();
        puts_waiting_ = 0;
        if (batch.empty() && stopping_) return;
        lock.unlock();
        if (batch.empty())
            expire_step();
        else
            write(batch);
        lock.lock();
    }
}

void StoreWriter::write(std::deque<Job>& batch) {
    const Result<void> written = try_to_write(batch);
    {
        const std::lock_guard lock(mutex_);
        stats_.commits += written ? 1 : 0;
        stats_.last_error = written ? "" : written.error().text();
        if (!written) stats_.failed += static_cast<uint64_t>(std::ranges::count(batch, true, &Job::is_put));
    }
    for (Job& job : batch)
        if (job.is_waited_for) job.done.set_value(written);
    make_room();
}

Result<void> StoreWriter::try_to_write(const std::deque<Job>& batch) {
    for (int tries = 0;; ++tries) {
        int code = 0;
        {
            Transaction transaction(environment_, Transaction::Kind::write);
            for (const Job& job : batch) job.change(transaction);
            auto committed = transaction.commit();
            code = transaction.code();
            if (committed) return committed;
            if (code == MDB_PANIC) environment_.reopen([] { return Result<void>{}; });
            const bool can_grow = code == MDB_MAP_FULL && tries < growths_max &&
                                  environment_.map_bytes() < config_.size_max_bytes;
            if (!can_grow) return committed;
        }
        environment_.grow(std::min(2 * environment_.map_bytes(), config_.size_max_bytes));
    }
}

/// A transaction writes pages anew before it gives the old ones back, and so does a deletion: the oldest go
/// while there is still room for that.
void StoreWriter::make_room() {
    const uint64_t reserve_bytes = std::max(config_.size_max_bytes / 8, reserve_bytes_min);
    Transaction transaction(environment_, Transaction::Kind::write);
    if (bytes_in_use(transaction, tables_) + reserve_bytes < config_.size_max_bytes) return;
    const size_t gone = erase_oldest_of_all(transaction, tables_);
    if (gone == 0 || !transaction.commit()) return;
    const std::lock_guard lock(mutex_);
    stats_.expired += gone;
}

void StoreWriter::expire_step() {
    uint64_t now_ns = 0;
    {
        const std::lock_guard lock(mutex_);
        now_ns = expire_now_ns_;
    }
    Transaction transaction(environment_, Transaction::Kind::write);
    const size_t gone = erase_expired(transaction, tables_, config_, now_ns);
    const bool committed = gone == 0 || transaction.commit().has_value();
    const std::lock_guard lock(mutex_);
    if (committed) stats_.expired += gone;
    // A step that removed all it may is followed by another, after what waits by then.
    if (gone < expired_per_step || !committed)
        if (expire_now_ns_ == now_ns) expire_now_ns_ = 0;
}

}  // namespace picket

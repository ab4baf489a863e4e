// SPDX-License-Identifier: Apache-2.0
// The writer's loop: take all that waits, write it in one transaction, make room where there is none.
#include "core/store/writer.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include "core/store/codec.hpp"
#include "core/store/incident_table.hpp"
#include "core/store/keys.hpp"
#include "core/store/log_table.hpp"
#include "core/store/retention.hpp"

namespace picket {
namespace {

using lmdb::Transaction;

constexpr uint64_t reserve_bytes_min = 8 << 20;
/// Those who put hear of a removal within a tick or two; nobody removes that many in them.
constexpr size_t buried_max = 16'384;
constexpr const char* full_text = "the store is full: its oldest records went to make room (raise its size)";

/// A transaction writes pages anew before it gives the old ones back, and so does a deletion: the oldest go
/// while there is still room for that.
uint64_t full_bytes(const StoreConfig& config) {
    const uint64_t size = config.size_max_bytes;
    return size - std::max(size / 8, std::min(size / 4, reserve_bytes_min));
}

/// Without a note, and without what surrounds a value: a fourth of the room is left for these.
bool is_small(const Incident& in) {
    size_t bytes = in.id.size() + in.type.size() + in.subject.size() + in.policy.size() + in.reason.size();
    for (const std::string& target : in.targets) bytes += target.size() + 8;
    for (const auto& [name, value] : in.peaks) bytes += name.size() + 24;
    return bytes <= record_bytes_max / 4 * 3;
}

}  // namespace

StoreWriter::StoreWriter(lmdb::Environment& environment, Tables& tables, const StoreConfig& config)
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

bool StoreWriter::refuse_large() {
    ++stats_.failed;
    return false;
}

bool StoreWriter::put(const Incident& incident) {
    const std::lock_guard lock(mutex_);
    if (incident.id.empty() || incident.id.size() > incident_id_max || !is_small(incident))
        return refuse_large();
    if (const auto waiting = incidents_waiting_.find(incident.id); waiting != incidents_waiting_.end()) {
        *waiting->second = incident;
        return true;
    }
    auto newest = std::make_shared<Incident>(incident);
    const bool added = add_put([this, newest](Transaction& out) {
        if (!is_buried(newest->id)) update_incident(out, tables_, *newest);
    });
    if (!added) return false;
    incidents_waiting_.emplace(incident.id, std::move(newest));
    return true;
}

bool StoreWriter::put(const Finding& finding, const std::string& incident_id) {
    std::string bytes = encode(finding);
    const std::lock_guard lock(mutex_);
    if (bytes.size() > record_bytes_max || incident_id.size() > incident_id_max) return refuse_large();
    return add_put([this, incident_id, bytes = std::move(bytes)](Transaction& out) {
        if (!is_buried(incident_id)) append_record(out, tables_, tables_.findings, incident_id, bytes);
    });
}

bool StoreWriter::after_puts(std::function<void()> then) {
    const std::lock_guard lock(mutex_);
    if (puts_waiting_ >= config_.queue_max) return false;
    ++puts_waiting_;
    queue_.emplace_back().then = std::move(then);
    changed_.notify_one();
    return true;
}

bool StoreWriter::is_buried(const std::string& id) const {
    return burying_.contains(id) || buried_.contains(id) || buried_before_.contains(id);
}

/// In two halves, of which the older one goes when the newer one is full.
void StoreWriter::keep_buried() {
    buried_.merge(burying_);
    if (buried_.size() > buried_max / 2) buried_before_ = std::exchange(buried_, {});
}

Result<void> StoreWriter::change(Change change) {
    std::future<Result<void>> done;
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) return fail(ErrorCode::limit, "the store is closing");
        Job& job = queue_.emplace_back();
        job.change = std::move(change);
        job.is_waited_for = true;
        incidents_waiting_.clear();  // what is put from now on comes after this change
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
    StoreStats out = stats_;
    out.waiting = queue_.size() + being_written_;
    return out;
}

void StoreWriter::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [this] { return stopping_ || !queue_.empty() || expire_now_ns_ != 0; });
        std::deque<Job> waiting = std::exchange(queue_, {});
        incidents_waiting_.clear();
        puts_waiting_ = 0;
        being_written_ = waiting.size();
        if (waiting.empty() && stopping_) return;
        lock.unlock();
        std::vector<Job> batch(std::make_move_iterator(waiting.begin()),
                               std::make_move_iterator(waiting.end()));
        if (!batch.empty()) write(batch);
        expire_step();  // one at a time: what comes in meanwhile does not wait for all of them
        lock.lock();
        being_written_ = 0;
    }
}

/// Where a batch does not fit at once into what the limit leaves, its halves may, with room made between.
void StoreWriter::write(std::span<Job> batch) {
    make_room();
    bool is_full = false;
    const Result<void> written = commit([&](Transaction& transaction) {
        for (const Job& job : batch)
            if (job.change) job.change(transaction);
        is_full = transaction.code() == MDB_MAP_FULL;
    });
    if (!written && is_full && batch.size() > 1) {
        const size_t half = batch.size() / 2;
        write(batch.first(half));
        write(batch.subspan(half));
        return;
    }
    settle(batch, written);
}

void StoreWriter::settle(std::span<Job> batch, const Result<void>& written) {
    {
        const std::lock_guard lock(mutex_);
        stats_.commits += written ? 1 : 0;
        stats_.last_error = !written ? written.error().text() : full_ ? full_text : "";
        if (!written) stats_.failed += static_cast<uint64_t>(std::ranges::count(batch, true, &Job::is_put));
    }
    for (Job& job : batch) {
        if (job.is_waited_for) job.done.set_value(written);
        if (job.then) job.then();
    }
}

Result<void> StoreWriter::commit(const Change& change) {
    for (bool reopened = false;;) {
        Transaction transaction(environment_, Transaction::Kind::write);
        burying_.clear();
        change(transaction);
        const auto committed = transaction.commit();
        if (committed) keep_buried();
        const uint64_t map_bytes = environment_.map_bytes();
        if (transaction.code() == MDB_MAP_FULL && map_bytes < config_.size_max_bytes) {
            if (environment_.grow(std::min(2 * map_bytes, config_.size_max_bytes)) != 0) return committed;
        } else if (transaction.code() == MDB_PANIC && !reopened) {
            reopened = true;
            if (!environment_.reopen([this] { return open_tables(environment_, tables_); })) return committed;
        } else {
            return committed;
        }
    }
}

/// Smaller steps where the file has no room even for removing.
size_t StoreWriter::remove_step(const std::function<size_t(Transaction&, size_t max)>& remove) {
    for (size_t max = expired_per_step; max > 0; max /= 4) {
        size_t gone = 0;
        const auto removed = commit([&](Transaction& transaction) { gone = remove(transaction, max); });
        const std::lock_guard lock(mutex_);
        if (removed) {
            stats_.expired += gone;
            return gone;
        }
        stats_.last_error = removed.error().text();
    }
    return 0;
}

void StoreWriter::make_room() {
    const auto in_use = [this] {
        Transaction transaction(environment_, Transaction::Kind::read);
        return bytes_in_use(transaction, tables_);
    };
    const uint64_t limit_bytes = full_bytes(config_);
    uint64_t bytes = in_use();
    if (bytes < limit_bytes / 8 * 7) full_ = false;
    while (bytes >= limit_bytes) {
        const size_t gone = remove_step([this](Transaction& transaction, size_t max) {
            return erase_oldest_of_all(transaction, tables_, max);
        });
        if (gone == 0) return;
        full_ = true;
        bytes = in_use();
    }
}

void StoreWriter::expire_step() {
    uint64_t now_ns = 0;
    {
        const std::lock_guard lock(mutex_);
        now_ns = expire_now_ns_;
    }
    if (now_ns == 0) return;
    const size_t gone = remove_step([this, now_ns](Transaction& transaction, size_t max) {
        return erase_expired(transaction, tables_, config_, now_ns, max);
    });
    // One that finds something is followed by another, until none does.
    const std::lock_guard lock(mutex_);
    if (gone == 0 && expire_now_ns_ == now_ns) expire_now_ns_ = 0;
}

}  // namespace picket

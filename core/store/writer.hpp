// SPDX-License-Identifier: Apache-2.0
// The one thread that writes. All that waits goes to disk in one transaction, so that many small changes cost
// one sync; who asked for a change is answered after the commit. Puts are bounded in number and never wait.
#pragma once
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <map>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "core/store/lmdb.hpp"
#include "core/store/schema.hpp"
#include "core/store/store.hpp"

namespace picket {

class StoreWriter {
  public:
    /// A change. It may run again when the transaction has to be repeated, so it begins afresh each time.
    using Change = std::function<void(lmdb::Transaction&)>;

    StoreWriter(lmdb::Environment& environment, Tables& tables, const StoreConfig& config);
    /// Writes what waits.
    ~StoreWriter();
    StoreWriter(const StoreWriter&) = delete;
    StoreWriter& operator=(const StoreWriter&) = delete;

    // False: too many wait, or it is larger than a record may be. [any]
    bool put(const Incident& incident);
    bool put(const Finding& finding, const std::string& incident_id);
    bool after_puts(std::function<void()> then);
    /// Returns after the commit. [any]
    Result<void> change(Change change);
    void expire(uint64_t now_ns);  // [any]
    /// Within a change that removes this incident: what is put of it from there on is not kept. Those who put
    /// hear of a removal only after it.
    void bury(const std::string& id) { burying_.insert(id); }

    /// Counts, without those of the tables. [any]
    [[nodiscard]] StoreStats stats() const;

  private:
    struct Job {
        Change change;
        std::function<void()> then;  ///< alone: there is nothing to write
        std::promise<Result<void>> done;
        bool is_put = false, is_waited_for = false;
    };

    bool add_put(Change change);
    [[nodiscard]] bool is_buried(const std::string& id) const;
    void keep_buried();
    bool refuse_large();
    void run();
    void write(std::span<Job> batch);
    void settle(std::span<Job> batch, const Result<void>& written);
    Result<void> commit(const Change& change);
    size_t remove_step(const std::function<size_t(lmdb::Transaction&, size_t max)>& remove);
    void make_room();
    void expire_step();

    lmdb::Environment& environment_;
    Tables& tables_;
    StoreConfig config_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Job> queue_;
    size_t puts_waiting_ = 0, being_written_ = 0;
    std::map<std::string, std::shared_ptr<Incident>> incidents_waiting_;  ///< the newest form of each
    // Of the writer's thread: incidents that this transaction removes, and those that the last ones removed.
    std::set<std::string> burying_, buried_, buried_before_;
    StoreStats stats_;
    uint64_t expire_now_ns_ = 0;  ///< 0: nothing to do
    bool full_ = false;           ///< records went for want of space, and there is little of it still
    bool stopping_ = false;
    std::thread thread_;  // last: it uses all the others
};

}  // namespace picket

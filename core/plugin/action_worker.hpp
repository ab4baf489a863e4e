// SPDX-License-Identifier: Apache-2.0
// Calls an action plugin on a thread of its own, so that a slow disk or panel never holds up a tick. Requests
// wait in a bounded queue and are done in order; one that is to be tried again holds back those behind it,
// which keeps the effects in the order of the decisions.
#pragma once
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "core/plugin/instance.hpp"

namespace picket {

struct ActionWorkerConfig {
    size_t queue_max = 1024;  ///< requests that wait; a further one is refused and counted
    uint32_t tries_max = 5;   ///< calls for one request while the plugin says AGAIN
    uint64_t first_backoff_ns = 100'000'000;
    uint64_t longest_backoff_ns = 10'000'000'000;  ///< each wait is twice the one before, up to this
    uint64_t call_timeout_ns = 5'000'000'000;      ///< the deadline that a call is given
};

struct ActionWorkerStats {
    uint64_t done = 0;       ///< the plugin said OK, or GONE to a revert
    uint64_t failed = 0;     ///< anything else, after the last try
    uint64_t retried = 0;    ///< calls beyond the first of a request
    uint64_t dropped = 0;    ///< refused, because the queue was full
    uint64_t abandoned = 0;  ///< still waiting when the time to stop was over
};

class ActionWorker {
  public:
    /// Unix time in nanoseconds. [any]
    using Now = std::function<uint64_t()>;
    /// Told once for each request that was taken; a reopen comes as a request with that action. [worker]
    using Done = std::function<void(const ActionRequest&, const ActionResult&)>;

    /// `instance` is started, and outlives the worker.
    ActionWorker(ActionInstance& instance, const ActionWorkerConfig& config, Now now_ns, Done done);
    ~ActionWorker() { stop(0); }
    ActionWorker(const ActionWorker&) = delete;
    ActionWorker& operator=(const ActionWorker&) = delete;

    // False: the queue is full, or the worker is stopping. [any]
    bool apply(ActionRequest request) { return add({Call::apply, {std::move(request)}}); }
    bool revert(ActionRequest request) { return add({Call::revert, {std::move(request)}}); }
    bool reconcile(std::vector<ActionRequest> requests) {
        return add({Call::reconcile, std::move(requests)});
    }
    /// Never refused; several before the worker gets to it are one. [any]
    void reopen();

    /// Takes nothing new, does what waits until `drain_ns` from now, and joins. What is left then is told as
    /// AGAIN. A call that the plugin does not return from in time is waited for. [main]
    void stop(uint64_t drain_ns);

    [[nodiscard]] ActionWorkerStats stats() const;  // [any]

  private:
    enum class Call : uint8_t { apply, revert, reconcile };
    struct Job {
        Call call;
        std::vector<ActionRequest> requests;
    };

    bool add(Job job);
    void run();
    void process(const Job& job);
    void abandon_rest(std::unique_lock<std::mutex>& lock);
    ActionResult call(const Job& job);
    /// Waits before the next try; false when the worker is stopping, and the next try is the last.
    bool back_off(uint32_t tries);
    void tell(const Job& job, const ActionResult& result) const;

    ActionInstance& instance_;
    ActionWorkerConfig config_;
    Now now_ns_;
    Done done_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Job> queue_;
    ActionWorkerStats stats_;
    bool reopen_ = false, stopping_ = false;
    uint64_t stop_deadline_ns_ = 0;
    std::thread thread_;  // last: it uses all the others
};

}  // namespace picket

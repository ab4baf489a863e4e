// SPDX-License-Identifier: Apache-2.0
// The loop of an action's worker; see action_worker.hpp. [worker]
#include "core/plugin/action_worker.hpp"

#include <algorithm>
#include <chrono>

namespace picket {

ActionWorker::ActionWorker(ActionInstance& instance, const ActionWorkerConfig& config, Now now_ns, Done done)
    : instance_(instance)
    , config_(config)
    , now_ns_(std::move(now_ns))
    , done_(std::move(done))
    , thread_([this] { run(); }) {}

bool ActionWorker::add(Job job) {
    const std::lock_guard lock(mutex_);
    if (stopping_ || queue_.size() >= config_.queue_max) {
        ++stats_.dropped;
        return false;
    }
    queue_.push_back(std::move(job));
    changed_.notify_all();
    return true;
}

void ActionWorker::reopen() {
    const std::lock_guard lock(mutex_);
    reopen_ = true;
    changed_.notify_all();
}

void ActionWorker::stop(uint64_t drain_ns) {
    {
        const std::lock_guard lock(mutex_);
        if (!stopping_) stop_deadline_ns_ = now_ns_() + drain_ns;
        stopping_ = true;
        changed_.notify_all();
    }
    if (thread_.joinable()) thread_.join();
}

ActionWorkerStats ActionWorker::stats() const {
    const std::lock_guard lock(mutex_);
    return stats_;
}

void ActionWorker::run() {
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return stopping_ || reopen_ || !queue_.empty(); });
        if (std::exchange(reopen_, false)) {
            lock.unlock();
            const ActionResult result = instance_.reopen();
            ActionRequest request;
            request.action = "reopen";
            done_(request, result);
            lock.lock();
            continue;
        }
        if (queue_.empty()) return;  // stopping
        if (stopping_ && now_ns_() >= stop_deadline_ns_) return abandon_rest(lock);
        const Job job = std::move(queue_.front());
        queue_.pop_front();
        lock.unlock();
        process(job);
        lock.lock();
    }
}

void ActionWorker::abandon_rest(std::unique_lock<std::mutex>& lock) {
    const std::deque<Job> rest = std::exchange(queue_, {});
    stats_.abandoned += rest.size();
    lock.unlock();
    for (const Job& job : rest) tell(job, {PICKET_AGAIN, "the program stopped before its turn came"});
}

void ActionWorker::process(const Job& job) {
    const uint64_t began_ns = now_ns_();
    ActionResult result = call(job);
    for (uint32_t tries = 1; result.status == PICKET_AGAIN && tries < config_.tries_max; ++tries) {
        const bool more = back_off(tries);
        result = call(job);
        if (!more) break;
    }
    result.began_ns = began_ns;
    const bool done =
        result.status == PICKET_OK || (job.call == Call::revert && result.status == PICKET_GONE);
    {
        const std::lock_guard lock(mutex_);
        ++(done ? stats_.done : stats_.failed);
    }
    tell(job, result);
}

ActionResult ActionWorker::call(const Job& job) {
    uint64_t deadline_ns = now_ns_() + config_.call_timeout_ns;
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) deadline_ns = std::min(deadline_ns, stop_deadline_ns_);
    }
    switch (job.call) {
    case Call::apply:
        return instance_.apply(job.requests.front(), deadline_ns);
    case Call::revert:
        return instance_.revert(job.requests.front(), deadline_ns);
    case Call::reconcile:
        break;
    }
    return instance_.reconcile(job.requests, deadline_ns);
}

bool ActionWorker::back_off(uint32_t tries) {
    const uint32_t doublings = std::min(tries - 1, 32u);
    const uint64_t wait_ns = std::min(config_.first_backoff_ns << doublings, config_.longest_backoff_ns);
    std::unique_lock lock(mutex_);
    ++stats_.retried;
    return !changed_.wait_for(lock, std::chrono::nanoseconds(wait_ns), [this] { return stopping_; });
}

void ActionWorker::tell(const Job& job, const ActionResult& result) const {
    for (const ActionRequest& request : job.requests) done_(request, result);
}

}  // namespace picket

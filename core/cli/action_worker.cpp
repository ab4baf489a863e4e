// SPDX-License-Identifier: Apache-2.0
// The worker thread of an action.
#include "core/cli/action_worker.hpp"

#include <bit>
#include <chrono>

#include <fmt/format.h>

#include "core/engine/clock.hpp"

namespace picket {

ActionWorker::ActionWorker(std::unique_ptr<ActionInstance> action, Log log, uint64_t pause_ms)
    : action_(std::move(action))
    , log_(std::move(log))
    , pause_ms_(pause_ms)
    , thread_([this] { run(); }) {}

ActionWorker::~ActionWorker() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

bool ActionWorker::enqueue(Job job) {
    {
        const std::lock_guard lock(mutex_);
        if (jobs_.size() >= queue_max) return false;
        jobs_.push_back(std::move(job));
    }
    changed_.notify_all();
    return true;
}

void ActionWorker::push(ActionRequest request) {
    if (!enqueue({std::move(request), false})) dropped_.fetch_add(1, std::memory_order_relaxed);
}

void ActionWorker::reopen() {
    // In a full queue the files stay open a little longer; the next signal asks again.
    if (!enqueue({{}, true})) log_(PICKET_LOG_WARNING, "too busy to reopen files; ask again");
}

void ActionWorker::run() {
    for (;;) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
        if (jobs_.empty()) return;
        const Job job = std::move(jobs_.front());
        jobs_.pop_front();
        lock.unlock();
        work(job);
    }
}

void ActionWorker::work(const Job& job) {
    const ActionResult result = job.reopen ? action_->reopen() : apply(job.request);
    if (result.status != PICKET_OK) report(result);
}

ActionResult ActionWorker::apply(const ActionRequest& request) {
    LiveClock clock;
    for (unsigned attempt = 1;; ++attempt) {
        ActionResult result = action_->apply(request, clock.now_ns() + call_ns);
        if (result.status != PICKET_AGAIN || attempt == attempts_max || !pause(attempt)) return result;
    }
}

/// False when it is time to stop.
bool ActionWorker::pause(unsigned attempt) {
    std::unique_lock lock(mutex_);
    return !changed_.wait_for(lock, std::chrono::milliseconds(pause_ms_ * attempt),
                              [this] { return stopping_; });
}

void ActionWorker::report(const ActionResult& result) {
    const uint64_t count = failed_.fetch_add(1, std::memory_order_relaxed) + 1;
    // A lasting fault fails every call: its 1st, 2nd, 4th, 8th... is enough for the log.
    if (!std::has_single_bit(count)) return;
    log_(PICKET_LOG_ERROR, fmt::format("action {}: {} ({}; failure {})", action_->plugin().name, result.text,
                                       status_name(result.status), count));
}

}  // namespace picket

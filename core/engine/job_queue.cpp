// SPDX-License-Identifier: Apache-2.0
// Jobs in order of arrival. One that has more to do comes back to the front. Engine thread; post() on any.
#include "core/engine/job_queue.hpp"

#include <utility>

#include "core/engine/clock.hpp"

namespace picket {

bool JobQueue::post(Job job) {
    const std::lock_guard lock(mutex_);
    if (closed_ || jobs_.size() >= jobs_max_) return false;
    jobs_.push_back(std::move(job));
    return true;
}

void JobQueue::run(Engine& engine, uint64_t until_ns) {
    while (true) {
        Job job;
        {
            const std::lock_guard lock(mutex_);
            if (jobs_.empty()) return;
            job = std::move(jobs_.front());
            jobs_.pop_front();
        }
        bool done = false;
        do done = job(engine);
        while (!done && monotonic_ns() < until_ns);
        if (!done) {
            const std::lock_guard lock(mutex_);
            jobs_.push_front(std::move(job));
        }
        if (monotonic_ns() >= until_ns) return;
    }
}

void JobQueue::close() {
    std::deque<Job> dropped;  // destroyed after the lock is gone: who waits for a job may post again
    const std::lock_guard lock(mutex_);
    closed_ = true;
    dropped.swap(jobs_);
}

}  // namespace picket

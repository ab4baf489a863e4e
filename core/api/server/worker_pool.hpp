// SPDX-License-Identifier: Apache-2.0
// A few threads for requests that wait for the engine or the disk, and a bounded queue before them. What does
// not fit is refused, and the client is told to come back. Any thread.
#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace picket {

class WorkerPool {
  public:
    using Job = std::function<void()>;

    /// The threads take over priority and blocked signals of the calling one.
    WorkerPool(size_t threads, size_t queue_max);
    ~WorkerPool() { stop(); }
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    /// False: the queue is full, or the pool is stopping.
    bool add(Job job);
    /// Does what waits, and joins.
    void stop();

  private:
    void run();

    const size_t queue_max_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Job> queue_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;  // last: they use all the others
};

}  // namespace picket

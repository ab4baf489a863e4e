// SPDX-License-Identifier: Apache-2.0
// Questions to the engine from other threads. The engine answers them between two ticks, as many as fit into
// a budget, so that no reader of the API ever delays a tick by more than that.
#pragma once
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>

namespace picket {

class Engine;

class JobQueue {
  public:
    /// Runs on the engine thread. True: done; false: there is more to do, call again.
    using Job = std::function<bool(Engine&)>;

    explicit JobQueue(size_t jobs_max = 64)
        : jobs_max_(jobs_max) {}

    /// False: too many wait already. [any]
    bool post(Job job);
    /// Runs what waits, until `until_ns` of the monotonic clock; a step that has begun is finished. [engine]
    void run(Engine& engine, uint64_t until_ns);
    /// Posts are refused from now on, and what waits is thrown away. [engine]
    void close();

  private:
    std::mutex mutex_;
    std::deque<Job> jobs_;
    size_t jobs_max_;
    bool closed_ = false;
};

}  // namespace picket

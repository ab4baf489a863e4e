// SPDX-License-Identifier: Apache-2.0
// One action instance and its worker thread, with a bounded queue between it and the engine: a slow disk or a
// slow other side never holds up a tick. Made and destroyed on the main thread; push and reopen from the
// engine thread.
#pragma once
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

#include "core/cli/log.hpp"
#include "core/plugin/instance.hpp"

namespace picket {

class ActionWorker {
  public:
    static constexpr size_t queue_max = 4096;            ///< beyond: the newest is dropped and counted
    static constexpr unsigned attempts_max = 3;          ///< for a passing fault
    static constexpr uint64_t call_ns = 10'000'000'000;  ///< time that a call may take

    /// `action` is started. After a passing fault a request waits for `pause_ms`, then for twice as long.
    ActionWorker(std::unique_ptr<ActionInstance> action, Log log, uint64_t pause_ms = 1000);
    /// Does what is still queued, then joins the thread.
    ~ActionWorker();
    ActionWorker(const ActionWorker&) = delete;
    ActionWorker& operator=(const ActionWorker&) = delete;

    void push(ActionRequest request);
    /// Asks for files to be reopened (log rotation), after what is queued now.
    void reopen();

    [[nodiscard]] uint64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }
    [[nodiscard]] uint64_t failed() const { return failed_.load(std::memory_order_relaxed); }

  private:
    /// A request, or the wish to reopen.
    struct Job {
        ActionRequest request;
        bool reopen = false;
    };
    bool enqueue(Job job);
    void run();
    void work(const Job& job);
    ActionResult apply(const ActionRequest& request);
    bool pause(unsigned attempt);
    void report(const ActionResult& result);

    std::unique_ptr<ActionInstance> action_;
    Log log_;
    uint64_t pause_ms_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Job> jobs_;
    bool stopping_ = false;
    std::atomic<uint64_t> dropped_{0}, failed_{0};
    std::thread thread_;
};

}  // namespace picket

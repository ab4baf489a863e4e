// SPDX-License-Identifier: Apache-2.0
// A reload: read everything anew, refuse it whole if anything is wrong, else apply between two ticks what can
// change while running, and say what waits for a restart. Reading, compiling policies and running their tests
// is done on the caller's thread, never on the engine's.
#pragma once
#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/api/backend.hpp"
#include "core/engine/job_queue.hpp"
#include "core/service/alert_sink.hpp"
#include "core/service/policy_gate.hpp"
#include "core/service/policy_watch.hpp"
#include "core/service/setup.hpp"

namespace picket {

class Reloader {
  public:
    struct Parts {
        /// Everything anew, as it was at the start, with these settings over it.
        std::function<Setup(const StoredSettings&)> load;
        Store& store;
        PolicyGate& gate;
        JobQueue& jobs;
        SourceInstance& source;
        RunningActions& actions;
        std::function<void(const std::string& level)> set_log_level;
        /// The engine has other policies than before. [engine]
        std::function<void(Engine&)> on_policies;
        /// Told of every reload, also of refused ones; on the thread that ran it.
        std::function<void(const std::string& actor, const Result<ReloadReport>&)> on_done;
    };
    /// `running` is what holds now.
    Reloader(Parts parts, const Setup& running);
    ~Reloader() { stop(); }
    Reloader(const Reloader&) = delete;
    Reloader& operator=(const Reloader&) = delete;

    /// Runs one and waits for it. An error: the engine did not get to it. [any but engine]
    Result<ReloadReport> reload(const std::string& actor) { return change({}, {actor, 0}); }
    /// The same with changed settings, which are kept in the store if they are right. [any but engine]
    Result<ReloadReport> change(const StoredSettings& changes, const Actor& actor);
    /// Has one run on a thread of its own; several before it begins are one. [any]
    void request(const std::string& actor);
    void stop();

  private:
    void run();
    Result<ReloadReport> change_now(const StoredSettings& changes, const Actor& actor);
    Result<ReloadReport> apply_soon(std::shared_ptr<const Setup> fresh);
    // [engine]
    ReloadReport apply(Engine& engine, const Setup& fresh);
    void apply_plugins(const Config& fresh, ReloadReport& report);

    Parts parts_;
    Config running_;
    std::mutex one_at_a_time_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::string requested_by_;
    std::atomic<bool> watches_;
    PolicyWatch watch_;
    bool stopping_ = false;
    std::thread thread_;  // last: it uses all the others
};

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// A candidate set of policies beside the live one, and the book of what it would change. Questions and
// changes wait for the engine; the book itself is the engine's. Any thread but the engine's, one at a time.
#pragma once
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "core/api/backend.hpp"
#include "core/engine/job_queue.hpp"
#include "core/response/incident_diff.hpp"
#include "core/service/policy_gate.hpp"
#include "core/service/setup.hpp"
#include "core/service/sinks.hpp"

namespace picket {

class Shadow {
  public:
    struct Parts {
        std::function<Setup(const std::string& dir)>
            load;  ///< as a reload would, but with policies from `dir`
        JobQueue& jobs;
        OptionalSink& live;  ///< gets what the live policies find
        std::function<uint64_t()> now_ns;
    };
    explicit Shadow(Parts parts)
        : parts_(std::move(parts)) {}

    /// Loads and tests the candidate, and has it run from the next tick on, in place of an earlier one.
    Result<ReloadReport> start(const std::string& dir);
    Result<void> discard();
    /// not_found: there is none.
    Result<ShadowView> view();
    /// The folder of the candidate; empty: there is none.
    [[nodiscard]] std::string dir();

  private:
    std::mutex mutex_;
    Parts parts_;
    PolicyGate gate_;
    std::string dir_;
    uint64_t since_ns_ = 0;
    std::shared_ptr<IncidentDiff> diff_;
};

}  // namespace picket

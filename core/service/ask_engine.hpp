// SPDX-License-Identifier: Apache-2.0
// One question to the engine, and its answer: runs between two ticks, while the caller waits. Any thread but
// the engine's.
#pragma once
#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <utility>

#include "core/engine/engine.hpp"
#include "core/engine/job_queue.hpp"
#include "core/model/result.hpp"

namespace picket {

/// The engine runs jobs after each tick; two seconds without one is a daemon that stops or is stuck.
inline constexpr std::chrono::seconds engine_answers_within{2};

/// What `job` returns. An error: the engine did not get to it, and will not: nothing is done unsaid.
template <typename Answer, typename Job>
Result<Answer> ask_engine(JobQueue& jobs, Job job) {
    struct Turn {
        std::promise<Answer> answer;
        std::atomic_flag taken;  ///< by the engine, or by who has given up on it
    };
    const auto turn = std::make_shared<Turn>();
    auto answer = turn->answer.get_future();
    // The engine drops its copy with the job: who waits then learns that nobody will answer.
    const bool posted = jobs.post([turn, job = std::move(job)](Engine& engine) {
        if (!turn->taken.test_and_set()) turn->answer.set_value(job(engine));
        return true;
    });
    const auto given_up = [&] {
        return answer.wait_for(engine_answers_within) != std::future_status::ready &&
               !turn->taken.test_and_set();
    };
    if (!posted || given_up()) return fail(ErrorCode::limit, "the engine did not get to it", {}, "try again");
    try {
        return answer.get();
    } catch (const std::future_error&) {
        return fail(ErrorCode::limit, "the daemon is stopping");
    }
}

}  // namespace picket

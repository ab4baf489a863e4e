// SPDX-License-Identifier: Apache-2.0
// One question to the engine, and its answer: runs between two ticks, while the caller waits. Any thread but
// the engine's.
#pragma once
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

/// What `job` returns. An error: the engine did not get to it; then it may still run later.
template <typename Answer, typename Job>
Result<Answer> ask_engine(JobQueue& jobs, Job job) {
    const auto promise = std::make_shared<std::promise<Answer>>();
    auto answer = promise->get_future();
    const bool posted = jobs.post([promise, job = std::move(job)](Engine& engine) {
        promise->set_value(job(engine));
        return true;
    });
    if (!posted || answer.wait_for(engine_answers_within) != std::future_status::ready)
        return fail(ErrorCode::limit, "the engine did not get to it", {}, "try again");
    try {
        return answer.get();
    } catch (const std::future_error&) {
        return fail(ErrorCode::limit, "the daemon is stopping");
    }
}

}  // namespace picket

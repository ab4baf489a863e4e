// SPDX-License-Identifier: Apache-2.0
// The heaviest rows of one counter, for people who look. A search goes through the table in steps that fit
// beside a tick, and keeps only what it will show. Engine thread; the result goes to who waits for it.
#pragma once
#include <cstdint>
#include <future>
#include <vector>

#include "core/api/backend.hpp"
#include "core/engine/engine.hpp"

namespace picket {

/// All counters of the engine's policies, in the order of Engine::counter_ids().
std::vector<CounterInfo> counter_infos(Engine& engine);

class CounterSearch {
  public:
    /// `measure` into CounterInfo::measures.
    CounterSearch(CounterInfo info, uint32_t measure, size_t limit);

    /// An error: the policies were changed meanwhile.
    std::future<Result<CounterRows>> result() { return promise_.get_future(); }
    /// One step; true: the result is there.
    bool step(Engine& engine);

  private:
    bool begin(Engine& engine);
    void see(Counters& counters, RowRef row);

    CounterId counter_ = 0;
    uint64_t plan_version_ = 0;
    uint32_t measure_;
    size_t limit_;
    uint32_t next_place_ = 0;
    CounterRows rows_;  ///< `top` is a heap, the lowest first, until the end
    std::promise<Result<CounterRows>> promise_;
};

}  // namespace picket

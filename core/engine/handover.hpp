// SPDX-License-Identifier: Apache-2.0
// The border between one capture thread and the engine: a fixed set of record batches that go round in two
// single-producer single-consumer queues. Nothing is allocated or locked; when all batches are on their way,
// records are dropped and counted.
#pragma once
#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <span>

#include <boost/lockfree/spsc_queue.hpp>

#include "core/flow/flow_table.hpp"

namespace picket {

class Handover final : public RecordSink {
  public:
    static constexpr size_t batch_records = 1024;
    struct Batch {
        std::array<picket_flow, batch_records> records;
        size_t count = 0;
    };

    explicit Handover(uint32_t batches)
        : batches_(std::make_unique_for_overwrite<Batch[]>(batches))
        , full_(batches)
        , free_(batches) {
        for (uint32_t i = 0; i < batches; ++i) free_.push(&batches_[i]);
    }

    /// [source] Copies records into free batches.
    void on_records(std::span<picket_flow> records) override {
        while (!records.empty()) {
            const size_t n = std::min(records.size(), batch_records);
            Batch* batch = nullptr;
            if (!free_.pop(batch)) {
                dropped_.fetch_add(records.size(), std::memory_order_relaxed);
                return;
            }
            std::copy_n(records.begin(), n, batch->records.begin());
            batch->count = n;
            full_.push(batch);
            records = records.subspan(n);
        }
    }

    /// [engine] Calls `take(std::span<const picket_flow>)` for each batch that is there.
    template <typename Take>
    void drain(Take&& take) {
        // Not more than were there at the start, so that a fast producer cannot hold the tick up.
        for (size_t left = full_.read_available(); left > 0; --left) {
            Batch* batch = nullptr;
            if (!full_.pop(batch)) return;
            take(std::span<const picket_flow>(batch->records.data(), batch->count));
            free_.push(batch);
        }
    }

    /// Records dropped so far. [any]
    [[nodiscard]] uint64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }

  private:
    std::unique_ptr<Batch[]> batches_;  ///< not touched, hence not resident, before use
    boost::lockfree::spsc_queue<Batch*> full_, free_;
    std::atomic<uint64_t> dropped_{0};
};

}  // namespace picket

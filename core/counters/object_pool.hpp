// SPDX-License-Identifier: Apache-2.0
// Objects that are too large for a row and needed by few: entropy maps and seen filters. Rows hold handles;
// all objects of a table share one bound in bytes. Engine thread.
#pragma once
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "core/counters/entropy.hpp"
#include "core/counters/seen_filter.hpp"

namespace picket {

/// Handle 0 is none.
template <typename T>
class ObjectPool {
  public:
    template <typename... Args>
    uint64_t make(uint64_t bytes, Args&&... args) {
        auto made = std::make_unique<T>(std::forward<Args>(args)...);
        bytes_ += bytes;
        if (free_.empty()) {
            objects_.push_back({std::move(made), bytes});
            return objects_.size();
        }
        const uint64_t handle = free_.back();
        free_.pop_back();
        objects_[handle - 1] = {std::move(made), bytes};
        return handle;
    }
    T& at(uint64_t handle) { return *objects_[handle - 1].object; }
    void release(uint64_t handle) {
        if (handle == 0) return;
        bytes_ -= objects_[handle - 1].bytes;
        objects_[handle - 1] = {};
        free_.push_back(handle);
    }
    [[nodiscard]] uint64_t bytes() const { return bytes_; }

  private:
    struct Entry {
        std::unique_ptr<T> object;
        uint64_t bytes = 0;
    };
    std::vector<Entry> objects_;
    std::vector<uint64_t> free_;
    uint64_t bytes_ = 0;
};

struct Objects {
    uint64_t bytes_max = 0;
    uint64_t refused = 0;  ///< rows that got no object for want of room
    ObjectPool<EntropyMap> entropies;
    ObjectPool<SeenFilter> seen;

    [[nodiscard]] uint64_t bytes() const { return entropies.bytes() + seen.bytes(); }
    uint64_t make_entropy(uint32_t slots, uint32_t values_max) {
        const uint64_t bytes = EntropyMap::full_bytes(slots, values_max);
        return fits(bytes) ? entropies.make(bytes, slots, values_max) : 0;
    }
    uint64_t make_seen(uint32_t values_max, uint64_t memory_ns) {
        const uint64_t bytes = uint64_t{values_max} * 4;
        return fits(bytes) ? seen.make(bytes, values_max, memory_ns) : 0;
    }

  private:
    bool fits(uint64_t more) {
        if (bytes() + more <= bytes_max) return true;
        ++refused;
        return false;
    }
};

}  // namespace picket

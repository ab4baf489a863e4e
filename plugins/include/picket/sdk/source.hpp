// SPDX-License-Identifier: Apache-2.0
// A source as a class. Standard library only. The thread of each function is said below.
//
//     uint32_t shards();                                                          [main]   optional, else 1
//     Outcome next_batch(uint32_t shard, uint64_t timeout_ns, picket_batch& out); [source]
//     void wake();                                                                [any]
//     void stats(picket_source_stats& out);                                       [any]
//     std::string interface_name(uint32_t number);                                [any]
#pragma once
#include <algorithm>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <string>

#include "picket/sdk/outcome.hpp"

namespace picket::sdk {

template <typename T>
concept Source = requires(T self, picket_batch& batch, picket_source_stats& counts) {
    { self.next_batch(uint32_t{}, uint64_t{}, batch) } -> std::convertible_to<Outcome>;
    self.wake();
    self.stats(counts);
    { self.interface_name(uint32_t{}) } -> std::convertible_to<std::string>;
};

/// The functions of the C table, each of them a border that no exception passes.
template <Source T>
struct SourceTable {
    static uint32_t shards(void* self) {
        uint32_t count = 1;
        if constexpr (requires(T instance) { instance.shards(); }) {
            guarded(nullptr, [&] {
                count = static_cast<T*>(self)->shards();
                return Outcome();
            });
        }
        return count;
    }
    static picket_status next_batch(void* self, uint32_t shard, uint64_t timeout_ns, picket_batch* out,
                                    picket_error* error) {
        return guarded(error, [&] {
            picket_batch batch{};
            batch.size = sizeof batch;
            Outcome outcome = static_cast<T*>(self)->next_batch(shard, timeout_ns, batch);
            copy_known(*out, batch);
            return outcome;
        });
    }
    static void wake(void* self) {
        guarded(nullptr, [&] {
            static_cast<T*>(self)->wake();
            return Outcome();
        });
    }
    static void stats(void* self, picket_source_stats* out) {
        guarded(nullptr, [&] {
            picket_source_stats counts{};
            static_cast<T*>(self)->stats(counts);
            copy_known(*out, counts);
            return Outcome();
        });
    }
    static void interface_name(void* self, uint32_t number, char* out, size_t out_size) {
        if (out_size == 0) return;
        out[0] = '\0';
        guarded(nullptr, [&] {
            const std::string name = static_cast<T*>(self)->interface_name(number);
            const size_t size = std::min(name.size(), out_size - 1);
            std::memcpy(out, name.data(), size);
            out[size] = '\0';
            return Outcome();
        });
    }

    static constexpr picket_source table{sizeof(picket_source), shards, next_batch, wake, stats,
                                         interface_name};
};

}  // namespace picket::sdk

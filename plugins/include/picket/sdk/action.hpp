// SPDX-License-Identifier: Apache-2.0
// An action as a class. Standard library only. All functions run on the instance's worker, and should return
// by the deadline of the request.
//
//     Outcome apply(const Request& request);                       idempotent by request.id
//     Outcome revert(const Request& request);
//     Outcome reconcile(const std::vector<Request>& requests);
//     Outcome reopen();                                            optional
#pragma once
#include <algorithm>
#include <array>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "picket/sdk/outcome.hpp"

namespace picket::sdk {

/// A request, borrowed for the call.
struct Request {
    bool dry_run = false;
    std::array<uint8_t, 16> id{};
    std::string_view action, target, reason, params_json;
    uint64_t expires_unix_ms = 0;  ///< 0: does not expire by itself
    uint64_t deadline_ns = 0;      ///< Unix time

    explicit Request(const picket_action_request& from) {
        picket_action_request known{};
        known.size = sizeof known;
        std::memcpy(&known, &from, std::min<size_t>(from.size, sizeof known));
        dry_run = known.dry_run != 0;
        std::copy(std::begin(known.id), std::end(known.id), id.begin());
        action = view(known.action);
        target = view(known.target);
        reason = view(known.reason);
        params_json = view(known.params_json);
        expires_unix_ms = known.expires_unix_ms;
        deadline_ns = known.deadline_ns;
    }
};

template <typename T>
concept Action = requires(T self, const Request& request, const std::vector<Request>& requests) {
    { self.apply(request) } -> std::convertible_to<Outcome>;
    { self.revert(request) } -> std::convertible_to<Outcome>;
    { self.reconcile(requests) } -> std::convertible_to<Outcome>;
};

/// The functions of the C table, each of them a border that no exception passes.
template <Action T>
struct ActionTable {
    static picket_status apply(void* self, const picket_action_request* request, picket_error* error) {
        return guarded(error, [&]() -> Outcome { return static_cast<T*>(self)->apply(Request(*request)); });
    }
    static picket_status revert(void* self, const picket_action_request* request, picket_error* error) {
        return guarded(error, [&]() -> Outcome { return static_cast<T*>(self)->revert(Request(*request)); });
    }
    static picket_status reconcile(void* self, const picket_action_request* requests, size_t count,
                                   picket_error* error) {
        return guarded(error, [&]() -> Outcome {
            std::vector<Request> all;
            all.reserve(count);
            const char* at = reinterpret_cast<const char*>(requests);
            for (size_t i = 0; i < count; ++i) {
                all.emplace_back(*reinterpret_cast<const picket_action_request*>(at));
                at += requests->size;  // the host's stride, which may be longer than ours
            }
            return static_cast<T*>(self)->reconcile(all);
        });
    }
    static picket_status reopen(void* self, picket_error* error) {
        return guarded(error, [&]() -> Outcome {
            if constexpr (requires(T instance) { instance.reopen(); }) return static_cast<T*>(self)->reopen();
            return {};
        });
    }

    static constexpr bool reopens = requires(T instance) { instance.reopen(); };
    static constexpr picket_action table{sizeof(picket_action), apply, revert, reconcile,
                                         reopens ? reopen : nullptr};
};

}  // namespace picket::sdk

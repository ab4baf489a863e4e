// SPDX-License-Identifier: Apache-2.0
// Hands events to whoever streams them. Publishing never waits: each client has a bounded queue, and one that
// reads too slowly is told how many events it missed, and is cut off. Any thread.
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/http.hpp"
#include "core/engine/status.hpp"
#include "core/model/finding.hpp"
#include "core/model/incident.hpp"

namespace picket {

struct EventHubLimits {
    size_t clients_max = 32;
    size_t queue_max = 256;  ///< events that wait for one client
};

struct EventHubStats {
    uint64_t clients = 0;    ///< now
    uint64_t published = 0;  ///< events while somebody was listening
    uint64_t dropped = 0;    ///< events that a client did not get
    uint64_t cut_off = 0;    ///< clients that were too slow
};

class EventHub {
  public:
    explicit EventHub(const EventHubLimits& limits = {})
        : limits_(limits) {}

    void publish(const Finding& finding, const std::string& incident_id);
    /// Opened, closed, or changed by somebody.
    void publish(const IncidentRecord& record);
    /// Once a second.
    void publish(const DaemonStatus& status);
    /// `name` without, `data` on one line.
    void publish(std::string_view name, std::string_view data);

    /// Null: there are as many clients as there may be.
    std::unique_ptr<EventStream> subscribe();
    /// Nobody listens: an event need not be made. [any]
    [[nodiscard]] bool is_idle() const { return clients_now_ == 0; }
    [[nodiscard]] EventHubStats stats() const;

  private:
    class Client;
    class Subscription;
    void remove(const Client* client);

    EventHubLimits limits_;
    std::atomic<size_t> clients_now_{0};
    mutable std::mutex mutex_;
    std::vector<std::shared_ptr<Client>> clients_;
    uint64_t sequence_ = 0;
    EventHubStats stats_;
};

}  // namespace picket

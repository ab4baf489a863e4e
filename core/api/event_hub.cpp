// SPDX-License-Identifier: Apache-2.0
// The hub's lock guards the clients and their queues. Wake-ups are made after it is released: who is woken
// takes locks of its own, and asks for events under them. Any thread.
#include "core/api/event_hub.hpp"

#include <algorithm>
#include <deque>

#include <fmt/format.h>

#include "core/api/json.hpp"
#include "core/api/status_json.hpp"

namespace picket {

/// Members under the hub's lock, but for `wake`, which has its own.
class EventHub::Client {
  public:
    std::deque<std::string> queue;
    uint64_t dropped = 0;  ///< since it was too slow; nothing is queued any more

    void set_wake(std::function<void()> wake) {
        const std::lock_guard lock(wake_mutex_);
        wake_ = std::move(wake);
    }
    void wake() {
        const std::lock_guard lock(wake_mutex_);
        if (wake_) wake_();
    }

  private:
    std::mutex wake_mutex_;
    std::function<void()> wake_;
};

/// What the server holds of a client.
class EventHub::Subscription final : public EventStream {
  public:
    Subscription(EventHub& hub, std::shared_ptr<Client> client)
        : hub_(hub)
        , client_(std::move(client)) {}
    ~Subscription() override { hub_.remove(client_.get()); }
    Subscription(const Subscription&) = delete;
    Subscription& operator=(const Subscription&) = delete;

    std::optional<std::string> next() override {
        const std::lock_guard lock(hub_.mutex_);
        if (is_over_) return std::nullopt;
        std::string out;
        for (const std::string& event : client_->queue) out += event;
        client_->queue.clear();
        if (client_->dropped > 0) {
            out += fmt::format(": dropped {}\n\n", client_->dropped);
            is_over_ = true;
            ++hub_.stats_.cut_off;
        }
        return out;
    }
    void on_ready(std::function<void()> wake) override { client_->set_wake(std::move(wake)); }

  private:
    EventHub& hub_;
    std::shared_ptr<Client> client_;
    bool is_over_ = false;
};

void EventHub::publish(std::string_view name, std::string_view data) {
    if (is_idle()) return;
    std::vector<std::shared_ptr<Client>> to_wake;
    {
        const std::lock_guard lock(mutex_);
        ++stats_.published;
        const std::string text = fmt::format("event: {}\nid: {}\ndata: {}\n\n", name, ++sequence_, data);
        for (const auto& client : clients_) {
            if (client->dropped > 0 || client->queue.size() >= limits_.queue_max) {
                ++client->dropped;
                ++stats_.dropped;
            } else {
                client->queue.push_back(text);
            }
        }
        to_wake = clients_;
    }
    for (const auto& client : to_wake) client->wake();
}

void EventHub::publish(const Finding& finding, const std::string& incident_id) {
    if (!is_idle()) publish("finding", line_of(finding_object(finding, incident_id)));
}

void EventHub::publish(const IncidentRecord& record) {
    if (!is_idle()) publish("incident", line_of(incident_object(record)));
}

void EventHub::publish(const DaemonStatus& status) {
    if (!is_idle()) publish("status", line_of(stream_status_object(status)));
}

std::unique_ptr<EventStream> EventHub::subscribe() {
    const std::lock_guard lock(mutex_);
    if (clients_.size() >= limits_.clients_max) return nullptr;
    auto client = std::make_shared<Client>();
    client->queue.emplace_back(": welcome\n\n");  // the head goes out with the first bytes
    clients_.push_back(client);
    clients_now_ = clients_.size();
    return std::make_unique<Subscription>(*this, std::move(client));
}

void EventHub::remove(const Client* client) {
    const std::lock_guard lock(mutex_);
    std::erase_if(clients_, [client](const auto& other) { return other.get() == client; });
    clients_now_ = clients_.size();
}

EventHubStats EventHub::stats() const {
    const std::lock_guard lock(mutex_);
    EventHubStats out = stats_;
    out.clients = clients_.size();
    return out;
}

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// The loop of a shard over its rings; see live_capture.hpp. [source]
#include "capture/pcap/live_capture.hpp"

#include <poll.h>

#include <algorithm>

#include "capture/pcap/routes.hpp"

namespace picket::capture {
namespace {

/// "auto" replaced by what it means; no name twice.
std::vector<std::string> interface_names(const std::vector<std::string>& wanted) {
    std::vector<std::string> names;
    const auto add = [&](const std::string& name) {
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    };
    for (const std::string& name : wanted) {
        if (name != "auto") {
            add(name);
            continue;
        }
        const auto found = default_route_interfaces();
        if (found.empty() && wanted.size() == 1)
            throw sdk::Failure("interfaces = \"auto\": no interface carries a default route; name one",
                               PICKET_AGAIN);
        std::for_each(found.begin(), found.end(), add);
    }
    return names;
}

}  // namespace

LiveCapture::LiveCapture(const Settings& settings, sdk::Host host, Counters& counters)
    : settings_(settings)
    , counters_(counters) {
    for (const std::string& name : interface_names(settings_.interfaces)) {
        interfaces_.push_back(std::make_unique<LiveInterface>());
        interfaces_.back()->name = name;
        interfaces_.back()->number = static_cast<uint16_t>(interfaces_.size() - 1);
    }
    for (uint32_t number = 0; number < settings_.shards; ++number) {
        auto shard = std::make_unique<Shard>(settings_.snaplen);
        for (const auto& interface : interfaces_)
            shard->handles.push_back(
                std::make_unique<LiveHandle>(settings_, *interface, number, host, counters));
        shards_.push_back(std::move(shard));
    }
    open_all();
}

void LiveCapture::open_all() {
    sdk::Outcome first_fault;
    size_t opened = 0;
    for (const auto& shard : shards_) {
        for (const auto& handle : shard->handles) {
            const sdk::Outcome outcome = handle->open();
            opened += outcome.ok();
            if (outcome.ok()) continue;
            if (outcome.status != PICKET_AGAIN) throw sdk::Failure(outcome.text, outcome.status);
            if (first_fault.ok()) first_fault = outcome;
            handle->retry_later(outcome.text);
        }
    }
    if (opened == 0)
        throw sdk::Failure("no interface could be opened: " + first_fault.text, first_fault.status);
}

std::string LiveCapture::interface_name(uint32_t number) const {
    return number < interfaces_.size() ? interfaces_[number]->name : "";
}

void LiveCapture::wake() {
    for (const auto& shard : shards_) shard->wake.signal();
}

void LiveCapture::read_all(Shard& shard) {
    const size_t count = shard.handles.size();
    for (size_t i = 0; i < count; ++i) {
        LiveHandle& handle = *shard.handles[(shard.first + i) % count];
        if (!handle.is_open()) handle.retry(LiveHandle::Clock::now());
        if (handle.is_open()) handle.read(shard.batch);
    }
    shard.first = (shard.first + 1) % count;
}

bool LiveCapture::wait(Shard& shard, LiveHandle::Clock::time_point deadline) {
    std::vector<pollfd> fds{{shard.wake.fd(), POLLIN, 0}};
    for (const auto& handle : shard.handles) {
        if (handle->is_open()) {
            fds.push_back({handle->fd(), POLLIN, 0});
        } else {
            deadline = std::min(deadline, handle->next_try());
        }
    }
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - LiveHandle::Clock::now()).count();
    ::poll(fds.data(), fds.size(), static_cast<int>(std::clamp<int64_t>(left, 0, 3'600'000)));
    return shard.wake.take();
}

sdk::Outcome LiveCapture::next_batch(uint32_t number, uint64_t timeout_ns, picket_batch& out) {
    Shard& shard = *shards_.at(number);
    // A timeout of a day is as good as an endless one, and keeps the sum within the clock's range.
    constexpr uint64_t longest_ns = uint64_t{86'400} * 1'000'000'000;
    const auto deadline =
        LiveHandle::Clock::now() + std::chrono::nanoseconds(std::min(timeout_ns, longest_ns));
    shard.batch.clear();
    for (;;) {
        read_all(shard);
        if (!shard.batch.packets().empty()) break;
        if (wait(shard, deadline) || LiveHandle::Clock::now() >= deadline) return PICKET_AGAIN;
    }
    out.packets = shard.batch.packets().data();
    out.packet_count = shard.batch.packets().size();
    counters_.received += out.packet_count;
    counters_.truncated += shard.batch.truncated();
    return PICKET_OK;
}

}  // namespace picket::capture

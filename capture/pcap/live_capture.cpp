// SPDX-License-Identifier: Apache-2.0
// The loop of a shard over its rings; see live_capture.hpp. [source]
#include "capture/pcap/live_capture.hpp"

#include <poll.h>

#include <algorithm>

#include "capture/pcap/routes.hpp"

namespace picket::capture {
namespace {

using namespace std::chrono_literals;

constexpr auto longest_wait = 100ms;  // then interfaces are looked after, and opened again

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
    struct Fault {
        LiveHandle* handle;
        sdk::Outcome outcome;
    };
    std::vector<Fault> faults;
    size_t opened = 0;
    for (const auto& shard : shards_) {
        for (const auto& handle : shard->handles) {
            sdk::Outcome outcome = handle->open();
            if (!outcome.ok() && outcome.status != PICKET_AGAIN)
                throw sdk::Failure(handle->name() + ": " + outcome.text, outcome.status);
            if (outcome.ok())
                ++opened;
            else
                faults.push_back({handle.get(), std::move(outcome)});
        }
    }
    if (opened == 0)
        throw sdk::Failure("no interface could be opened: " + faults.front().handle->name() + ": " +
                               faults.front().outcome.text,
                           PICKET_AGAIN);
    for (const Fault& fault : faults) fault.handle->retry_later(fault.outcome.text);
}

std::string LiveCapture::interface_name(uint32_t number) const {
    return number < interfaces_.size() ? interfaces_[number]->name : "";
}

void LiveCapture::wake() {
    for (const auto& shard : shards_) shard->wake.signal();
}

void LiveCapture::read_all(Shard& shard, LiveHandle::Clock::time_point now) {
    const size_t count = shard.handles.size();
    if (count == 0) return;
    for (size_t i = 0; i < count; ++i) {
        LiveHandle& handle = *shard.handles[(shard.first + i) % count];
        if (!handle.is_open()) handle.retry(now);
        if (handle.is_open()) handle.read(shard.batch);
        if (handle.is_open()) handle.look_after(now);
    }
    shard.first = (shard.first + 1) % count;
}

bool LiveCapture::wait(Shard& shard, LiveHandle::Clock::duration at_most) {
    std::vector<pollfd> fds{{shard.wake.fd(), POLLIN, 0}};
    for (const auto& handle : shard.handles) {
        if (handle->is_open()) fds.push_back({handle->fd(), POLLIN, 0});
    }
    const auto timeout = std::clamp<LiveHandle::Clock::duration>(at_most, 0ms, longest_wait);
    ::poll(fds.data(), fds.size(),
           static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(timeout).count()));
    return shard.wake.take();
}

sdk::Outcome LiveCapture::next_batch(uint32_t number, uint64_t timeout_ns, picket_batch& out) {
    Shard& shard = *shards_.at(number);
    auto now = LiveHandle::Clock::now();
    // A timeout of a day is as good as an endless one, and keeps the sum within the clock's range.
    const auto deadline =
        now + std::min<LiveHandle::Clock::duration>(24h, std::chrono::nanoseconds(static_cast<int64_t>(
                                                             std::min<uint64_t>(timeout_ns, INT64_MAX))));
    shard.batch.clear();
    for (;;) {
        read_all(shard, now);
        if (!shard.batch.packets().empty()) break;
        if (wait(shard, deadline - now)) return PICKET_AGAIN;
        now = LiveHandle::Clock::now();
        if (now >= deadline) return PICKET_AGAIN;
    }
    out.packets = shard.batch.packets().data();
    out.packet_count = shard.batch.packets().size();
    counters_.received += out.packet_count;
    counters_.truncated += shard.batch.truncated();
    return PICKET_OK;
}

}  // namespace picket::capture

// SPDX-License-Identifier: Apache-2.0
// Listening on interfaces: one thread for each shard, which serves its share of every interface. An interface
// that goes away is closed and tried again while the others go on. Opened on [main], read on [source].
#pragma once
#include <memory>
#include <vector>

#include "capture/pcap/capture.hpp"
#include "capture/pcap/live_handle.hpp"
#include "capture/pcap/wake_event.hpp"

namespace picket::capture {

class LiveCapture final : public Capture {
  public:
    /// Opens all interfaces. Throws sdk::Failure when none can be opened, when privileges are missing, and
    /// for a wrong filter.
    LiveCapture(const Settings& settings, sdk::Host host, Counters& counters);

    [[nodiscard]] uint32_t shards() const override { return static_cast<uint32_t>(shards_.size()); }
    sdk::Outcome next_batch(uint32_t shard, uint64_t timeout_ns, picket_batch& out) override;
    void wake() override;
    [[nodiscard]] std::string interface_name(uint32_t number) const override;

  private:
    struct Shard {
        explicit Shard(uint32_t copy_limit)
            : batch(copy_limit) {}
        std::vector<std::unique_ptr<LiveHandle>> handles;
        PacketBatch batch;
        WakeEvent wake;
        size_t first = 0;  // whose turn it is, so that a busy interface does not starve the others
    };

    void open_all();
    static void read_all(Shard& shard, LiveHandle::Clock::time_point now);
    /// Waits until a ring has something, or a wake came, which it returns.
    static bool wait(Shard& shard, LiveHandle::Clock::duration at_most);

    Settings settings_;
    Counters& counters_;
    std::vector<std::unique_ptr<LiveInterface>> interfaces_;
    std::vector<std::unique_ptr<Shard>> shards_;
};

}  // namespace picket::capture

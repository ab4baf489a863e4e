// SPDX-License-Identifier: Apache-2.0
// One capture ring: the share that one shard has of one interface. Opened first on [main], then owned by the
// [source] thread of its shard, which also opens it again.
#pragma once
#include <atomic>
#include <chrono>
#include <mutex>
#include <string>

#include "capture/pcap/counters.hpp"
#include "capture/pcap/packet_batch.hpp"
#include "capture/pcap/pcap_handle.hpp"
#include "capture/pcap/settings.hpp"
#include "picket/sdk/host.hpp"

namespace picket::capture {

/// What the shards of one interface share.
struct LiveInterface {
    std::string name;
    uint16_t number = 0;
    std::mutex mutex;    // opening and closing only
    int fanout_id = -1;  // of the group that the shards' sockets form; lives as long as one of them is open
    uint32_t open_handles = 0;
};

class LiveHandle {
  public:
    LiveHandle(const Settings& settings, LiveInterface& interface, uint32_t shard, sdk::Host host,
               Counters& counters)
        : settings_(settings)
        , interface_(interface)
        , shard_(shard)
        , host_(host)
        , counters_(counters) {}
    ~LiveHandle() { close(); }
    LiveHandle(const LiveHandle&) = delete;
    LiveHandle& operator=(const LiveHandle&) = delete;

    /// AGAIN: not up, or not there at the moment; DENIED: privileges are missing; INVALID: wrong filter.
    sdk::Outcome open();
    [[nodiscard]] bool is_open() const { return handle_ != nullptr; }
    [[nodiscard]] int fd() const { return fd_; }
    /// Appends what the ring holds. A fault closes the handle, and retry() is due later.
    void read(PacketBatch& batch);

    using Clock = std::chrono::steady_clock;
    /// Now and then: brings the counts of lost packets up to date, and sees whether the interface is still
    /// up.
    void look_after(Clock::time_point now);
    /// Opens again when it is time.
    void retry(Clock::time_point now);
    /// The first open failed for a passing reason.
    void retry_later(const std::string& reason);
    [[nodiscard]] const std::string& name() const { return interface_.name; }

  private:
    void close();
    void update_losses();
    void went_down(const std::string& reason);
    [[nodiscard]] sdk::Outcome activate(pcap_t* handle) const;
    /// Makes the kernel share the interface's packets out to its shards by flow.
    [[nodiscard]] sdk::Outcome join_fanout(int fd);

    const Settings& settings_;
    LiveInterface& interface_;
    uint32_t shard_;
    sdk::Host host_;
    Counters& counters_;
    PcapHandle handle_;
    PacketOrigin origin_;
    int fd_ = -1;
    Clock::time_point next_look_{};
    uint32_t dropped_kernel_ = 0, dropped_interface_ = 0;  // as the open handle last said
    std::chrono::milliseconds delay_{0};
    Clock::time_point next_try_{};
};

}  // namespace picket::capture

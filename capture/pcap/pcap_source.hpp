// SPDX-License-Identifier: Apache-2.0
// The plugin: packets from capture files, or from interfaces. [main] [source] [any], as in picket/plugin.h.
#pragma once
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "capture/pcap/capture.hpp"
#include "capture/pcap/counters.hpp"
#include "capture/pcap/settings.hpp"
#include "picket/sdk/plugin.hpp"

namespace picket::capture {

class PcapSource {
  public:
    static constexpr sdk::About about{"pcap", "0.1.0", "Apache-2.0",
                                      "Packets from capture files or interfaces, through libpcap",
                                      "CAP_NET_RAW"};
    static constexpr auto& options = capture::options;

    PcapSource(sdk::Host host, std::string_view config_json)
        : host_(host)
        , settings_(read_settings(config_json)) {}

    sdk::Outcome start();
    void stop();

    [[nodiscard]] uint32_t shards() const { return capture_->shards(); }
    sdk::Outcome next_batch(uint32_t shard, uint64_t timeout_ns, picket_batch& out) {
        return capture_->next_batch(shard, timeout_ns, out);
    }
    void wake();
    void stats(picket_source_stats& out) const { counters_.write(out); }
    [[nodiscard]] std::string interface_name(uint32_t number);

  private:
    sdk::Host host_;
    Settings settings_;
    Counters counters_;
    std::mutex
        mutex_;  // capture_ comes and goes on [main] while [any] thread may ask; [source] runs in between
    std::unique_ptr<Capture> capture_;
};

}  // namespace picket::capture

// SPDX-License-Identifier: Apache-2.0
// Several files as one stream in time order; a single file goes through without a copy. [source], one shard.
#pragma once
#include <memory>
#include <span>
#include <vector>

#include "capture/pcap/capture.hpp"
#include "capture/pcap/capture_file.hpp"
#include "capture/pcap/counters.hpp"
#include "capture/pcap/settings.hpp"
#include "capture/pcap/wake_event.hpp"
#include "picket/sdk/host.hpp"

namespace picket::capture {

class FileCapture final : public Capture {
  public:
    /// Opens all files; throws sdk::Failure for the first that cannot be read.
    FileCapture(const Settings& settings, sdk::Host host, Counters& counters);

    [[nodiscard]] uint32_t shards() const override { return 1; }
    sdk::Outcome next_batch(uint32_t shard, uint64_t timeout_ns, picket_batch& out) override;
    void wake() override { wake_.signal(); }
    [[nodiscard]] std::string interface_name(uint32_t number) const override;

  private:
    struct Stream {
        std::string name;
        std::unique_ptr<CaptureFile> file;
        std::span<const picket_packet> run;  // read, and not yet handed out
        uint64_t packets = 0;
    };

    /// Fills the run of a stream; drops the file from those being read at its end.
    CaptureFile::State refill(Stream& stream, int timeout_ms);
    sdk::Outcome next_of_single(int timeout_ms, picket_batch& out);
    sdk::Outcome next_of_many(int timeout_ms, picket_batch& out);
    /// Whether the next packet of stream `a` comes after that of `b`; at equal times the order of listing
    /// counts.
    [[nodiscard]] bool later(size_t a, size_t b) const;
    /// Refills the streams without a run; false while one of them is a pipe without data.
    bool refill_hungry(int timeout_ms);
    /// Moves packets in time order into merged_, until it is full or a stream has to be refilled.
    void merge();

    sdk::Host host_;
    Counters& counters_;
    WakeEvent wake_;
    std::vector<Stream> streams_;
    std::vector<size_t> hungry_;  // streams to refill before the next merge
    std::vector<size_t> heap_;    // streams with a run, the earliest packet on top
    std::vector<picket_packet> merged_;
};

}  // namespace picket::capture

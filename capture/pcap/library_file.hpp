// SPDX-License-Identifier: Apache-2.0
// Any format that libpcap reads: pcapng, and the older and stranger relatives of pcap. [source]
#pragma once
#include "capture/pcap/byte_input.hpp"
#include "capture/pcap/capture_file.hpp"
#include "capture/pcap/packet_batch.hpp"
#include "capture/pcap/pcap_handle.hpp"

namespace picket::capture {

class LibraryFile final : public CaptureFile {
  public:
    LibraryFile(std::unique_ptr<ByteInput> input, const FileOptions& options);

    State read(int timeout_ms) override;
    [[nodiscard]] std::span<const picket_packet> packets() const override { return batch_.packets(); }
    [[nodiscard]] uint64_t truncated() const override { return batch_.truncated(); }

  private:
    std::unique_ptr<ByteInput> input_;  // outlives the handle, which reads from it
    PcapHandle handle_;
    PacketOrigin origin_;
    PacketBatch batch_;
    State after_ = State::more;  // what follows the packets of the batch; libpcap forgets a fault once told
};

}  // namespace picket::capture

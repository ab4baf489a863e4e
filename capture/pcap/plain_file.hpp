// SPDX-License-Identifier: Apache-2.0
// The plain pcap format (draft-ietf-opsawg-pcap): a header of 24 bytes, then records of 16 bytes and the
// packet. libpcap reads the header (link type, byte order, version); the records are walked in the read
// buffer and handed out from there without a copy. [source]
#pragma once
#include <optional>
#include <vector>

#include "capture/pcap/byte_input.hpp"
#include "capture/pcap/capture_file.hpp"
#include "capture/pcap/packet_batch.hpp"
#include "capture/pcap/pcap_handle.hpp"

namespace picket::capture {

inline constexpr size_t plain_header_bytes = 24;

class PlainFile final : public CaptureFile {
  public:
    /// Whether `head`, the first bytes of a file, start a plain capture of version 2.4.
    static bool recognizes(std::span<const uint8_t> head);
    PlainFile(std::unique_ptr<ByteInput> input, const FileOptions& options);

    State read(int timeout_ms) override;
    [[nodiscard]] std::span<const picket_packet> packets() const override {
        return {packets_.data(), count_};
    }
    [[nodiscard]] uint64_t truncated() const override { return truncated_; }

  private:
    struct Record {
        uint32_t seconds, fraction, captured, length;
    };
    enum class Walk : uint8_t { full, starved, corrupt };

    /// Takes records out of the buffer until the batch is full or the buffer holds no whole one.
    Walk walk();
    [[nodiscard]] Record record_at(const uint8_t* at) const;
    [[nodiscard]] bool passes(const Record& record, const uint8_t* data);
    /// Reads on, until the buffer holds at least one whole record or its header.
    ssize_t refill();

    std::unique_ptr<ByteInput> input_;
    PcapHandle header_;
    std::optional<Filter> filter_;
    PacketOrigin origin_;
    uint32_t copy_limit_;
    bool swapped_ = false;
    std::vector<uint8_t> buffer_;
    size_t begin_ = 0, end_ = 0;
    size_t needed_ = 0;  // bytes of the record at begin_, as far as they are known
    std::vector<picket_packet> packets_;
    size_t count_ = 0;
    uint64_t truncated_ = 0;
};

}  // namespace picket::capture

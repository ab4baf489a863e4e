// SPDX-License-Identifier: Apache-2.0
// Writes a pcap file with nanosecond stamps, through one large buffer. Any one thread.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/model/result.hpp"
#include "tests/support/make_traffic/packet.hpp"

namespace picket::traffic {

class PcapWriter {
  public:
    /// `path` "-" is standard output.
    static Result<PcapWriter> open(const std::string& path);
    PcapWriter(PcapWriter&& other) noexcept;
    PcapWriter& operator=(PcapWriter&&) = delete;
    ~PcapWriter();

    Result<void> write(uint64_t time_ns, const Frame& frame);
    /// Must be called last: what is in the buffer goes out here.
    Result<void> finish();

  private:
    PcapWriter(int fd, std::string path);
    void put32(uint32_t value);

    int fd_ = -1;
    std::string path_;
    std::vector<uint8_t> buffer_;
};

}  // namespace picket::traffic

// SPDX-License-Identifier: Apache-2.0
// One capture file, read in its own order. libpcap judges what a file is and reads all its formats; the
// records of the plain pcap format are walked in place here, because that costs a fifth of libpcap's two
// buffered reads and two copies a packet (the figures are in README.md). Opened on [main], read on [source].
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "picket/plugin.h"

namespace picket::capture {

struct FileOptions {
    std::string path;  ///< "-" is standard input
    std::string name;  ///< of the file in messages
    uint16_t number = 0;
    uint32_t copy_limit = 256;  ///< bytes of a packet that are given to the host
    std::string filter;         ///< BPF text, may be empty
    int wake_fd = -1;
};

class CaptureFile {
  public:
    enum class State : uint8_t { more, waiting, end, broken };

    virtual ~CaptureFile() = default;
    /// Reads the next packets, up to a batch. `more`: there is at least one; `waiting`: a pipe has none yet.
    virtual State read(int timeout_ms) = 0;
    /// What the last read gave; borrowed until the next.
    [[nodiscard]] virtual std::span<const picket_packet> packets() const = 0;
    /// How many of these the capture itself had cut.
    [[nodiscard]] virtual uint64_t truncated() const = 0;
    /// Why the file is broken.
    [[nodiscard]] const std::string& fault() const { return fault_; }

  protected:
    State broken(std::string fault) {
        fault_ = std::move(fault);
        return State::broken;
    }

  private:
    std::string fault_;
};

/// Throws sdk::Failure with the path and the reason: missing, empty, no capture, wrong filter.
std::unique_ptr<CaptureFile> open_capture_file(const FileOptions& options);

}  // namespace picket::capture

// SPDX-License-Identifier: Apache-2.0
// Owners for what libpcap hands out, and its filter compiler with errors that name the filter. [main]
// [source]
#pragma once
#include <pcap/pcap.h>

#include <memory>
#include <string>

#include "picket/sdk/outcome.hpp"

namespace picket::capture {

struct PcapClose {
    void operator()(pcap_t* handle) const { pcap_close(handle); }
};
using PcapHandle = std::unique_ptr<pcap_t, PcapClose>;

/// A compiled BPF program.
class Filter {
  public:
    Filter() = default;
    /// Throws sdk::Failure with libpcap's message; `where`, which may be empty, stands before it: a filter is
    /// right or wrong for a link type.
    Filter(pcap_t* handle, const std::string& text, const std::string& where) {
        if (pcap_compile(handle, &program_, text.c_str(), /*optimize=*/1, PCAP_NETMASK_UNKNOWN) == 0) return;
        const std::string prefix = where.empty() ? "" : where + ": ";
        throw sdk::Failure(prefix + "filter \"" + text + "\": " + pcap_geterr(handle));
    }
    ~Filter() { pcap_freecode(&program_); }
    Filter(const Filter&) = delete;
    Filter& operator=(const Filter&) = delete;

    [[nodiscard]] bpf_program* program() { return &program_; }

  private:
    bpf_program program_{};
};

}  // namespace picket::capture

// SPDX-License-Identifier: Apache-2.0
// The options of the source: the table that the host checks against, and the struct that it becomes. [main]
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "picket/sdk/option.hpp"

namespace picket::capture {

inline constexpr std::array options{
    sdk::text_list("files", "", "Captures to read, merged in time order; \"-\" is standard input"),
    sdk::text_list("interfaces", "",
                   "Interfaces to listen on; \"auto\" means those that carry a default route"),
    sdk::text("filter", "", "BPF filter such as \"not port 22\"; empty takes all packets"),
    sdk::integer("snaplen", "256", "Bytes of each packet that are looked at").range(64, 262144).unit("bytes"),
    sdk::size("ring_size", "16MiB", "Capture ring of each interface and shard").range(1 << 20, 1 << 30),
    sdk::flag("promiscuous", "true", "Take packets that are not addressed to the interface"),
    sdk::integer("shards", "1", "Threads that share the packets of each interface")
        .range(1, 64)
        .unit("threads"),
    sdk::duration("buffer_timeout", "20ms", "How long the kernel may hold a ring block that is not full")
        .range(0.001, 1),
};

struct Settings {
    std::vector<std::string> files, interfaces;
    std::string filter;
    uint32_t snaplen = 256;
    int ring_bytes = 16 << 20;
    bool promiscuous = true;
    uint32_t shards = 1;
    int buffer_timeout_ms = 20;
};

/// Throws sdk::Failure unless exactly one of files and interfaces is given, within bounds.
Settings read_settings(std::string_view config_json);

}  // namespace picket::capture

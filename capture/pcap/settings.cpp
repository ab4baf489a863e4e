// SPDX-License-Identifier: Apache-2.0
// From the host's JSON to Settings, and the one rule that the option table cannot say. [main]
#include "capture/pcap/settings.hpp"

#include "picket/sdk/config.hpp"

namespace picket::capture {
namespace {

// Each file holds a descriptor and a read buffer, each interface a ring per shard.
constexpr size_t files_max = 256, interfaces_max = 64;

}  // namespace

Settings read_settings(std::string_view config_json) {
    const sdk::Config config(config_json);
    Settings settings;
    settings.files = config.texts("files");
    settings.interfaces = config.texts("interfaces");
    settings.filter = config.text("filter");
    settings.snaplen = static_cast<uint32_t>(config.integer("snaplen"));
    settings.ring_bytes = static_cast<int>(config.size("ring_size"));
    settings.promiscuous = config.flag("promiscuous");
    settings.shards = static_cast<uint32_t>(config.integer("shards"));
    settings.buffer_timeout_ms = static_cast<int>(
        std::chrono::duration_cast<std::chrono::milliseconds>(config.duration("buffer_timeout")).count());

    if (settings.files.empty() == settings.interfaces.empty())
        throw sdk::Failure("give either files or interfaces, and not both");
    if (settings.files.size() > files_max)
        throw sdk::Failure("at most " + std::to_string(files_max) + " files; join the rest with mergecap");
    if (settings.interfaces.size() > interfaces_max)
        throw sdk::Failure("at most " + std::to_string(interfaces_max) + " interfaces");
    return settings;
}

}  // namespace picket::capture

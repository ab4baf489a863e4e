// SPDX-License-Identifier: Apache-2.0
// Makes capture files byte by byte for the tests, right and broken ones, in a folder that goes away by
// itself; and reads them through the plugin's own C interface, as the host does.
#pragma once
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "picket/plugin.h"

namespace picket::capture::test {

class TempDir {
  public:
    TempDir() {
        std::string name = (std::filesystem::temp_directory_path() / "picket_pcap_XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
        path_ = name;
    }
    ~TempDir() { std::filesystem::remove_all(path_); }
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;

    [[nodiscard]] std::string write(const std::string& name, const std::string& bytes) const {
        std::ofstream(path_ / name, std::ios::binary) << bytes;
        return (path_ / name).string();
    }

  private:
    std::filesystem::path path_;
};

/// Little or big endian, as the file is to be.
struct Bytes {
    bool big = false;
    std::string text{};

    Bytes& u32(uint32_t value) { return put(value, 4); }
    Bytes& u16(uint16_t value) { return put(value, 2); }
    Bytes& raw(const std::string& bytes) {
        text += bytes;
        return *this;
    }

  private:
    Bytes& put(uint32_t value, int size) {
        for (int i = 0; i < size; ++i) text += static_cast<char>(value >> (8 * (big ? size - 1 - i : i)));
        return *this;
    }
};

struct PlainFormat {
    bool big = false, nano = false;
    uint32_t link_type = 1;
    uint16_t minor = 4;
};

inline std::string plain_header(const PlainFormat& format = {}) {
    return Bytes{format.big}
        .u32(format.nano ? 0xa1b23c4du : 0xa1b2c3d4u)
        .u16(2)
        .u16(format.minor)
        .u32(0)
        .u32(0)
        .u32(262144)
        .u32(format.link_type)
        .text;
}

/// `length` on the wire; 0: as captured.
inline std::string plain_record(uint32_t seconds, uint32_t fraction, const std::string& data,
                                uint32_t length = 0, bool big = false) {
    const auto captured = static_cast<uint32_t>(data.size());
    return Bytes{big}
        .u32(seconds)
        .u32(fraction)
        .u32(captured)
        .u32(length == 0 ? captured : length)
        .raw(data)
        .text;
}

/// One section, one Ethernet interface with times in microseconds, one enhanced packet block each.
inline std::string pcapng(const std::vector<std::string>& packets) {
    Bytes out;
    out.u32(0x0a0d0d0a).u32(28).u32(0x1a2b3c4d).u16(1).u16(0).u32(0xffffffff).u32(0xffffffff).u32(28);
    out.u32(1).u32(20).u16(1).u16(0).u32(262144).u32(20);
    for (size_t i = 0; i < packets.size(); ++i) {
        const auto size = static_cast<uint32_t>(packets[i].size());
        const uint32_t padded = (size + 3) & ~3u;
        out.u32(6)
            .u32(32 + padded)
            .u32(0)
            .u32(0)
            .u32(static_cast<uint32_t>(i + 1) * 1'000'000)
            .u32(size)
            .u32(size);
        out.raw(packets[i]).raw(std::string(padded - size, '\0')).u32(32 + padded);
    }
    return out.text;
}

struct SeenPacket {
    std::string data;
    uint64_t time_ns;
    uint32_t length;
    uint16_t link_type, interface;
};

/// Runs an instance of the plugin to its end.
class Reader {
  public:
    explicit Reader(const std::vector<std::string>& files, const nlohmann::json& options = {}) {
        nlohmann::json config{{"files", files},        {"interfaces", nlohmann::json::array()},
                              {"filter", ""},          {"snaplen", 256},
                              {"ring_size", 16777216}, {"promiscuous", true},
                              {"shards", 1},           {"buffer_timeout", 0.02}};
        if (options.is_object()) config.update(options);
        const std::string text = config.dump();
        picket_error error{};
        self_ = plugin().create(&host_, {text.data(), text.size()}, &error);
        fault_ = error.text;
    }
    ~Reader() {
        if (self_ != nullptr) plugin().destroy(self_);
    }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    [[nodiscard]] bool created() const { return self_ != nullptr; }
    /// The text of the last error.
    [[nodiscard]] const std::string& fault() const { return fault_; }
    picket_status start() {
        picket_error error{};
        const picket_status status = plugin().start(self_, &error);
        fault_ = error.text;
        return status;
    }
    picket_status next(uint64_t timeout_ns = 0) {
        picket_batch batch{};
        batch.size = sizeof batch;
        picket_error error{};
        const picket_status status = source().next_batch(self_, 0, timeout_ns, &batch, &error);
        fault_ = error.text;
        for (size_t i = 0; i < batch.packet_count; ++i) {
            const picket_packet& packet = batch.packets[i];
            packets.push_back({{reinterpret_cast<const char*>(packet.data), packet.captured},
                               packet.time_ns,
                               packet.length,
                               packet.link_type,
                               packet.interface});
        }
        batches.push_back(batch.packet_count);
        return status;
    }
    /// Reads on while there are packets; what came instead of them.
    picket_status run() {
        picket_status status = start();
        while (status == PICKET_OK) status = next();
        return status;
    }
    [[nodiscard]] picket_source_stats stats() const {
        picket_source_stats out{};
        out.size = sizeof out;
        source().stats(self_, &out);
        return out;
    }
    [[nodiscard]] std::string interface_name(uint32_t number) const {
        std::array<char, 512> name{};
        source().interface_name(self_, number, name.data(), name.size());
        return name.data();
    }
    void wake() const { source().wake(self_); }
    [[nodiscard]] uint32_t shards() const { return source().shards(self_); }

    std::vector<SeenPacket> packets;
    std::vector<size_t> batches;
    std::vector<std::string> log;

  private:
    static const picket_plugin& plugin() { return *PICKET_ENTRY(); }
    static const picket_source& source() {
        return *static_cast<const picket_source*>(plugin().interface(PICKET_SOURCE_ID));
    }
    static void add_to_log(void* ctx, picket_log_level, picket_str text) {
        static_cast<Reader*>(ctx)->log.emplace_back(text.ptr, text.len);
    }

    picket_host host_{sizeof host_, PICKET_ABI_MINOR, this, add_to_log,
                      [](void*, const char*) -> const void* { return nullptr; }};
    void* self_ = nullptr;
    std::string fault_;
};

}  // namespace picket::capture::test

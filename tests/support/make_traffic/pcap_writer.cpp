// SPDX-License-Identifier: Apache-2.0
// The format: draft-ietf-opsawg-pcap, magic number 0xa1b23c4d, in this machine's byte order. Any one thread.
#include "tests/support/make_traffic/pcap_writer.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace picket::traffic {
namespace {

constexpr size_t buffer_size = 1U << 20U;
constexpr uint64_t ns_per_second = 1'000'000'000;

}  // namespace

PcapWriter::PcapWriter(int fd, std::string path)
    : fd_(fd)
    , path_(std::move(path)) {
    buffer_.reserve(buffer_size);
}

PcapWriter::PcapWriter(PcapWriter&& other) noexcept
    : fd_(std::exchange(other.fd_, -1))
    , path_(std::move(other.path_))
    , buffer_(std::move(other.buffer_)) {}

PcapWriter::~PcapWriter() {
    if (fd_ > STDERR_FILENO) ::close(fd_);
}

Result<PcapWriter> PcapWriter::open(const std::string& path) {
    const bool standard = path == "-";
    const int fd =
        standard ? STDOUT_FILENO : ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0) return fail(ErrorCode::io, std::strerror(errno), path);
    PcapWriter writer(fd, path);
    writer.put32(0xa1b23c4dU);
    writer.put32(2U | 4U << 16U);  // version 2.4
    writer.put32(0);
    writer.put32(0);
    writer.put32(262144);  // the longest packet
    writer.put32(1);       // Ethernet
    return writer;
}

void PcapWriter::put32(uint32_t value) {
    const auto* bytes = reinterpret_cast<const uint8_t*>(&value);
    buffer_.insert(buffer_.end(), bytes, bytes + sizeof value);
}

Result<void> PcapWriter::write(uint64_t time_ns, const Frame& frame) {
    if (buffer_.size() + 16 + frame.size > buffer_size) {
        if (auto done = finish(); !done) return done;
    }
    put32(static_cast<uint32_t>(time_ns / ns_per_second));
    put32(static_cast<uint32_t>(time_ns % ns_per_second));
    put32(static_cast<uint32_t>(frame.size));
    put32(static_cast<uint32_t>(frame.size));
    buffer_.insert(buffer_.end(), frame.bytes.data(), frame.bytes.data() + frame.size);
    return {};
}

Result<void> PcapWriter::finish() {
    size_t done = 0;
    while (done < buffer_.size()) {
        const ssize_t count = ::write(fd_, buffer_.data() + done, buffer_.size() - done);
        if (count < 0 && errno != EINTR) return fail(ErrorCode::io, std::strerror(errno), path_);
        if (count > 0) done += static_cast<size_t>(count);
    }
    buffer_.clear();
    return {};
}

}  // namespace picket::traffic

// SPDX-License-Identifier: Apache-2.0
// Any bytes as a capture file: it is refused with a reason, or read in batches that hold together, to its end
// or to where it breaks. What the plain reader says is compared with libpcap on the same bytes, with a pipe
// in place of the file, and with the same records moved to the edge of the read buffer. Fuzzer's thread.
//   cmake --preset fuzz && ninja -C build/fuzz fuzz_capture_file
//   build/fuzz/fuzz/fuzz_capture_file tests/fuzz/corpus/capture_file
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "capture/pcap/capture_file.hpp"
#include "capture/pcap/library_file.hpp"
#include "capture/pcap/plain_file.hpp"

using namespace picket;
using namespace picket::capture;
using Bytes = std::span<const uint8_t>;
using State = CaptureFile::State;

namespace {

constexpr uint16_t file_number = 7;
constexpr size_t record_header_bytes = 16, read_buffer_bytes = 65536;
constexpr size_t pipe_bytes = 65536;  // what a pipe takes without a reader: pipe(7)

void demand(bool holds) {
    if (!holds) std::abort();
}

/// The input as something that can be opened by its path.
class Opened {
  public:
    static Opened as_file(Bytes bytes) { return {memfd_create("capture", MFD_CLOEXEC), bytes, -1}; }
    static Opened as_pipe(Bytes bytes) {
        std::array<int, 2> ends{};
        demand(pipe2(ends.data(), O_CLOEXEC) == 0);
        return {ends[0], bytes, ends[1]};
    }
    ~Opened() { ::close(fd_); }
    Opened(const Opened&) = delete;
    Opened& operator=(const Opened&) = delete;

    [[nodiscard]] FileOptions options(uint32_t copy_limit, const std::string& filter = "") const {
        return {"/proc/self/fd/" + std::to_string(fd_), "it", file_number, copy_limit, filter, -1};
    }
    /// After it was opened by its path: a pipe ends where nobody can write to it any more.
    void seal() {
        if (writer_ >= 0) ::close(writer_);
        writer_ = -1;
    }

  private:
    Opened(int fd, Bytes bytes, int writer)
        : fd_(fd)
        , writer_(writer) {
        const int to = writer < 0 ? fd : writer;
        demand(::write(to, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
    }

    int fd_, writer_;
};

struct Seen {
    std::vector<uint8_t> data;
    uint64_t time_ns;
    uint32_t length;
    uint16_t link_type;
    bool operator==(const Seen&) const = default;
};

struct Story {
    bool opened = false, broken = false;
    std::vector<Seen> packets;
    bool operator==(const Story&) const = default;
};

void check_packet(const picket_packet& packet, uint32_t copy_limit) {
    demand(packet.captured <= copy_limit && packet.captured <= packet.length);
    demand(packet.interface == file_number && packet.reserved == 0);
}

Story read_all(CaptureFile& file, uint32_t copy_limit, size_t input_bytes) {
    Story story{true, false, {}};
    for (;;) {
        const State state = file.read(0);
        demand(state != State::waiting);
        const auto packets = file.packets();
        demand(packets.empty() == (state != State::more) && packets.size() <= batch_packets);
        demand(file.truncated() <= packets.size());
        for (const picket_packet& packet : packets) {
            check_packet(packet, copy_limit);
            story.packets.push_back({{packet.data, packet.data + packet.captured},
                                     packet.time_ns,
                                     packet.length,
                                     packet.link_type});
        }
        // Every format spends at least four bytes on a packet, so this also proves that it ends.
        demand(story.packets.size() <= input_bytes / 4);
        if (state == State::more) continue;
        story.broken = state == State::broken;
        demand(story.broken != file.fault().empty());
        return story;
    }
}

Story read_by(const auto& open, uint32_t copy_limit, size_t input_bytes) {
    try {
        const std::unique_ptr<CaptureFile> file = open();
        return read_all(*file, copy_limit, input_bytes);
    } catch (const sdk::Failure& refusal) {
        demand(!std::string(refusal.what()).empty());
        return {};
    }
}

Story read_file(Bytes bytes, uint32_t copy_limit, const std::string& filter = "") {
    const Opened input = Opened::as_file(bytes);
    return read_by([&] { return open_capture_file(input.options(copy_limit, filter)); }, copy_limit,
                   bytes.size());
}

Story read_pipe(Bytes bytes, uint32_t copy_limit) {
    Opened input = Opened::as_pipe(bytes);
    // Opened once more by its path, a pipe has its reader before the writer goes.
    const auto open = [&] {
        const FileOptions options = input.options(copy_limit);
        auto opened = std::make_unique<ByteInput>(options.path, options.wake_fd);
        input.seal();
        const bool plain = PlainFile::recognizes(opened->peek(plain_header_bytes));
        if (opened->peek(plain_header_bytes).empty()) throw sdk::Failure("empty");
        return plain ? std::unique_ptr<CaptureFile>(std::make_unique<PlainFile>(std::move(opened), options))
                     : std::make_unique<LibraryFile>(std::move(opened), options);
    };
    return read_by(open, copy_limit, bytes.size());
}

/// libpcap reads what the plain reader reads, apart from what it repairs: it cuts packets to the header's
/// snaplen and takes times for signed.
void compare_with_libpcap(Bytes bytes, const Story& plain, uint32_t copy_limit) {
    const Opened input = Opened::as_file(bytes);
    const auto open = [&] {
        const FileOptions options = input.options(copy_limit);
        return std::make_unique<LibraryFile>(std::make_unique<ByteInput>(options.path, -1), options);
    };
    const Story library = read_by(open, copy_limit, bytes.size());
    demand(plain.opened == library.opened && plain.broken == library.broken);
    demand(plain.packets.size() == library.packets.size());
    for (size_t i = 0; i < plain.packets.size(); ++i) {
        const Seen &ours = plain.packets[i], &theirs = library.packets[i];
        demand(ours.link_type == theirs.link_type && theirs.data.size() <= ours.data.size());
        demand(std::equal(theirs.data.begin(), theirs.data.end(), ours.data.begin()));
    }
}

/// A record before the others that puts their middle onto the end of the read buffer.
void compare_at_buffer_edge(Bytes bytes, const Story& plain, uint32_t copy_limit) {
    const auto size = static_cast<uint32_t>(read_buffer_bytes - record_header_bytes - bytes.size() / 2);
    const bool big = bytes[4] == 0;  // version 2.4 begins with 0 there, or with 2
    const uint32_t stored = big ? __builtin_bswap32(size) : size;
    std::vector<uint8_t> moved(bytes.begin(), bytes.begin() + plain_header_bytes);
    moved.resize(plain_header_bytes + record_header_bytes + size);
    std::memcpy(moved.data() + plain_header_bytes + 8, &stored, sizeof stored);
    std::memcpy(moved.data() + plain_header_bytes + 12, &stored, sizeof stored);
    moved.insert(moved.end(), bytes.begin() + plain_header_bytes, bytes.end());

    Story story = read_file(moved, copy_limit);
    demand(!story.packets.empty() && story.packets.front().length == size);
    story.packets.erase(story.packets.begin());
    demand(story == plain);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const Bytes bytes(data, std::min(size, pipe_bytes));
    constexpr uint32_t copy_limit = 64;
    const Story story = read_file(bytes, copy_limit);
    demand(read_pipe(bytes, copy_limit) == story);
    const Story filtered = read_file(bytes, 262'144, "udp or ip6");
    demand(filtered.packets.size() <= story.packets.size());
    if (!story.opened || !PlainFile::recognizes(bytes)) return 0;
    compare_with_libpcap(bytes, story, copy_limit);
    compare_at_buffer_edge(bytes, story, copy_limit);
    return 0;
}

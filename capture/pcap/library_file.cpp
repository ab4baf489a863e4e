// SPDX-License-Identifier: Apache-2.0
// Reading through libpcap; see library_file.hpp. [source]
#include "capture/pcap/library_file.hpp"

#include <stdio_ext.h>

#include <array>
#include <cstdio>

namespace picket::capture {
namespace {

constexpr size_t stdio_bytes = 65536;  // larger ones fall out of the cache between reading and copying

/// A stdio stream over the input, as libpcap wants it, without a lock for each of its small reads.
FILE* open_stream(ByteInput& input) {
    cookie_io_functions_t functions{};
    functions.read = [](void* cookie, char* to, size_t size) {
        return static_cast<ByteInput*>(cookie)->read(reinterpret_cast<uint8_t*>(to), size);
    };
    FILE* stream = fopencookie(&input, "rb", functions);
    if (stream == nullptr) throw std::bad_alloc();
    setvbuf(stream, nullptr, _IOFBF, stdio_bytes);
    __fsetlocking(stream, FSETLOCKING_BYCALLER);
    return stream;
}

struct Sink {
    PacketBatch& batch;
    const PacketOrigin& origin;
};

void take(u_char* user, const pcap_pkthdr* header, const u_char* data) {
    const auto* sink = reinterpret_cast<const Sink*>(user);
    sink->batch.add(sink->origin, *header, data);
}

}  // namespace

LibraryFile::LibraryFile(std::unique_ptr<ByteInput> input, const FileOptions& options)
    : input_(std::move(input))
    , batch_(options.copy_limit) {
    FILE* stream = open_stream(*input_);
    std::array<char, PCAP_ERRBUF_SIZE> reason{};
    handle_.reset(
        pcap_fopen_offline_with_tstamp_precision(stream, PCAP_TSTAMP_PRECISION_NANO, reason.data()));
    if (!handle_) {
        fclose(stream);
        throw sdk::Failure(options.name + " is no capture that can be read: " + reason.data());
    }
    origin_ = {static_cast<uint16_t>(pcap_datalink(handle_.get())), options.number, 1};
    if (!options.filter.empty()) {
        Filter filter(handle_.get(), options.filter, options.name);
        pcap_setfilter(handle_.get(), filter.program());
    }
}

CaptureFile::State LibraryFile::read(int) {
    batch_.clear();
    Sink sink{batch_, origin_};
    while (after_ == State::more && batch_.room() > 0) {
        const int got = pcap_dispatch(handle_.get(), batch_.room(), take, reinterpret_cast<u_char*>(&sink));
        if (got == 0) after_ = State::end;
        if (got < 0) after_ = broken(pcap_geterr(handle_.get()));
    }
    return batch_.packets().empty() ? after_ : State::more;
}

}  // namespace picket::capture

// SPDX-License-Identifier: Apache-2.0
// Walking the records of a plain capture; see plain_file.hpp. [source]
#include "capture/pcap/plain_file.hpp"

#include <array>
#include <cerrno>
#include <system_error>

namespace picket::capture {
namespace {

constexpr size_t record_header_bytes = 16;
// What is read at once: more than 64 KiB no longer fits beside its packets into the second-level cache.
constexpr size_t read_bytes = 65536;
// libpcap's own bound for all link types that carry IP; a longer record can only be garbage.
constexpr uint32_t captured_max = 262'144;

struct Magic {
    uint32_t value;
    uint64_t fraction_ns;
};
constexpr std::array magics{Magic{0xa1b2c3d4u, 1000}, Magic{0xa1b23c4du, 1}};

uint32_t load(const uint8_t* at) {
    uint32_t value = 0;
    std::memcpy(&value, at, sizeof value);
    return value;
}

const Magic* find_magic(std::span<const uint8_t> head) {
    if (head.size() < plain_header_bytes) return nullptr;
    const uint32_t value = load(head.data());
    for (const Magic& magic : magics) {
        if (value == magic.value || value == __builtin_bswap32(magic.value)) return &magic;
    }
    return nullptr;
}

/// The header as libpcap understands it.
PcapHandle open_header(std::span<const uint8_t> head, const std::string& name) {
    std::array<uint8_t, plain_header_bytes> copy{};
    std::copy_n(head.begin(), copy.size(), copy.begin());
    FILE* file = fmemopen(copy.data(), copy.size(), "rb");
    if (file == nullptr) throw std::bad_alloc();
    std::array<char, PCAP_ERRBUF_SIZE> reason{};
    PcapHandle handle(pcap_fopen_offline(file, reason.data()));
    if (!handle) {
        fclose(file);
        throw sdk::Failure("cannot read " + name + ": " + reason.data());
    }
    // stdio reads ahead, so the bytes are in its buffer; libpcap reads no more of them through this handle.
    return handle;
}

}  // namespace

bool PlainFile::recognizes(std::span<const uint8_t> head) {
    if (find_magic(head) == nullptr) return false;
    // Bytes 4…7 are version 2.4 in either byte order. Older versions order the fields of a record otherwise.
    constexpr std::array<std::array<uint8_t, 4>, 2> version_2_4{{{2, 0, 4, 0}, {0, 2, 0, 4}}};
    return std::any_of(version_2_4.begin(), version_2_4.end(), [&](const auto& version) {
        return std::equal(version.begin(), version.end(), head.begin() + 4);
    });
}

PlainFile::PlainFile(std::unique_ptr<ByteInput> input, const FileOptions& options)
    : input_(std::move(input))
    , copy_limit_(options.copy_limit)
    , buffer_(read_bytes)
    , packets_(batch_packets) {
    const auto head = input_->peek(plain_header_bytes);
    header_ = open_header(head, options.name);
    origin_ = {static_cast<uint16_t>(pcap_datalink(header_.get())), options.number,
               find_magic(head)->fraction_ns};
    swapped_ = pcap_is_swapped(header_.get()) != 0;
    if (!options.filter.empty()) filter_.emplace(header_.get(), options.filter, options.name);
    std::array<uint8_t, plain_header_bytes> skipped{};
    input_->read(skipped.data(), skipped.size());
    needed_ = record_header_bytes;
}

PlainFile::Record PlainFile::record_at(const uint8_t* at) const {
    Record record{load(at), load(at + 4), load(at + 8), load(at + 12)};
    if (swapped_) {
        for (uint32_t* field : {&record.seconds, &record.fraction, &record.captured, &record.length})
            *field = __builtin_bswap32(*field);
    }
    return record;
}

bool PlainFile::passes(const Record& record, const uint8_t* data) {
    pcap_pkthdr header{};
    header.caplen = record.captured;
    header.len = record.length;
    return pcap_offline_filter(filter_->program(), &header, data) != 0;
}

PlainFile::Walk PlainFile::walk() {
    while (count_ < batch_packets) {
        needed_ = record_header_bytes;
        if (end_ - begin_ < needed_) return Walk::starved;
        const Record record = record_at(buffer_.data() + begin_);
        if (record.captured > captured_max) return Walk::corrupt;
        needed_ += record.captured;
        if (end_ - begin_ < needed_) return Walk::starved;
        const uint8_t* data = buffer_.data() + begin_ + record_header_bytes;
        begin_ += needed_;
        if (filter_ && !passes(record, data)) continue;
        packets_[count_++] = {data,
                              record.seconds * uint64_t{1'000'000'000} +
                                  record.fraction * origin_.fraction_ns,
                              std::min(record.captured, copy_limit_),
                              std::max(record.length, record.captured),
                              origin_.link_type,
                              origin_.interface,
                              0};
        truncated_ += cut_by_capture(record.captured, record.length, copy_limit_);
    }
    return Walk::full;
}

ssize_t PlainFile::refill() {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    if (buffer_.size() < needed_) buffer_.resize(needed_);
    ssize_t got = 0;
    while (end_ < needed_) {
        got = input_->read(buffer_.data() + end_, buffer_.size() - end_);
        if (got <= 0) break;
        end_ += static_cast<size_t>(got);
    }
    return got;
}

CaptureFile::State PlainFile::read(int timeout_ms) {
    count_ = 0;
    truncated_ = 0;
    input_->wait_at_most(timeout_ms);
    for (;;) {
        const Walk walked = walk();
        if (count_ > 0) return State::more;  // what stopped the walk is met again by the next read
        if (walked == Walk::corrupt) return broken("a record with an impossible length");
        const ssize_t got = refill();
        if (got > 0) continue;
        if (got == 0) return begin_ == end_ ? State::end : broken("the file ends within a record");
        if (errno == EAGAIN || errno == ECANCELED) return State::waiting;
        return broken(std::generic_category().message(errno));
    }
}

}  // namespace picket::capture

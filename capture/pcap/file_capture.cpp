// SPDX-License-Identifier: Apache-2.0
// Merging files by time; see file_capture.hpp. [source]
#include "capture/pcap/file_capture.hpp"

#include <algorithm>
#include <limits>

#include "capture/pcap/packet_batch.hpp"

namespace picket::capture {
namespace {

int poll_timeout_ms(uint64_t timeout_ns) {
    constexpr uint64_t ns_per_ms = 1'000'000;
    return static_cast<int>(
        std::min<uint64_t>((timeout_ns + ns_per_ms - 1) / ns_per_ms, std::numeric_limits<int>::max()));
}

}  // namespace

FileCapture::FileCapture(const Settings& settings, sdk::Host host, Counters& counters)
    : host_(host)
    , counters_(counters) {
    for (const std::string& path : settings.files) {
        const auto number = static_cast<uint16_t>(streams_.size());
        Stream stream;
        stream.name = path == "-" ? "standard input" : path;
        stream.file =
            open_capture_file({path, stream.name, number, settings.snaplen, settings.filter, wake_.fd()});
        hungry_.push_back(streams_.size());
        streams_.push_back(std::move(stream));
    }
    merged_.reserve(batch_packets);
    counters_.interfaces_up = static_cast<uint32_t>(streams_.size());
}

std::string FileCapture::interface_name(uint32_t number) const {
    return number < streams_.size() ? streams_[number].name : "";
}

CaptureFile::State FileCapture::refill(Stream& stream, int timeout_ms) {
    if (!stream.file) return CaptureFile::State::end;
    const CaptureFile::State state = stream.file->read(timeout_ms);
    stream.run = stream.file->packets();
    stream.packets += stream.run.size();
    counters_.truncated += stream.file->truncated();
    if (state == CaptureFile::State::broken) {
        ++counters_.malformed;
        host_.warning(stream.name + " is broken after " + std::to_string(stream.packets) +
                      " packets: " + stream.file->fault() + "; the rest of it is not read");
    }
    if (state == CaptureFile::State::broken || state == CaptureFile::State::end) {
        stream.file.reset();
        stream.run = {};
        --counters_.interfaces_up;
        return CaptureFile::State::end;
    }
    return state;
}

sdk::Outcome FileCapture::next_batch(uint32_t, uint64_t timeout_ns, picket_batch& out) {
    const int timeout_ms = poll_timeout_ms(timeout_ns);
    sdk::Outcome outcome =
        streams_.size() == 1 ? next_of_single(timeout_ms, out) : next_of_many(timeout_ms, out);
    counters_.received += out.packet_count;
    return outcome;
}

sdk::Outcome FileCapture::next_of_single(int timeout_ms, picket_batch& out) {
    const CaptureFile::State state = refill(streams_.front(), timeout_ms);
    if (state == CaptureFile::State::end) return PICKET_END;
    if (state == CaptureFile::State::waiting) return PICKET_AGAIN;
    out.packets = streams_.front().run.data();
    out.packet_count = streams_.front().run.size();
    return PICKET_OK;
}

bool FileCapture::later(size_t a, size_t b) const {
    const uint64_t time_a = streams_[a].run.front().time_ns, time_b = streams_[b].run.front().time_ns;
    return time_a != time_b ? time_a > time_b : a > b;
}

bool FileCapture::refill_hungry(int timeout_ms) {
    const auto order = [this](size_t a, size_t b) { return later(a, b); };
    while (!hungry_.empty()) {
        const size_t number = hungry_.back();
        const CaptureFile::State state = refill(streams_[number], timeout_ms);
        if (state == CaptureFile::State::waiting) return false;
        hungry_.pop_back();
        if (state == CaptureFile::State::end) continue;
        heap_.push_back(number);
        std::push_heap(heap_.begin(), heap_.end(), order);
    }
    return true;
}

void FileCapture::merge() {
    const auto order = [this](size_t a, size_t b) { return later(a, b); };
    // A refill would overwrite packets that are in merged_ already, so the batch ends where one is needed.
    while (!heap_.empty() && hungry_.empty() && merged_.size() < batch_packets) {
        std::pop_heap(heap_.begin(), heap_.end(), order);
        const size_t first = heap_.back();
        heap_.pop_back();
        Stream& stream = streams_[first];
        // As long as this file stays the earliest, as it does for captures that follow each other, no heap is
        // asked.
        do {
            merged_.push_back(stream.run.front());
            stream.run = stream.run.subspan(1);
        } while (!stream.run.empty() && merged_.size() < batch_packets &&
                 (heap_.empty() || !later(first, heap_.front())));
        if (stream.run.empty()) {
            hungry_.push_back(first);
        } else {
            heap_.push_back(first);
            std::push_heap(heap_.begin(), heap_.end(), order);
        }
    }
}

sdk::Outcome FileCapture::next_of_many(int timeout_ms, picket_batch& out) {
    merged_.clear();
    if (!refill_hungry(timeout_ms)) return PICKET_AGAIN;
    if (heap_.empty()) return PICKET_END;
    merge();
    out.packets = merged_.data();
    out.packet_count = merged_.size();
    return PICKET_OK;
}

}  // namespace picket::capture

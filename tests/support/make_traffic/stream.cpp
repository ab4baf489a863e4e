// SPDX-License-Identifier: Apache-2.0
// The pace and the merge. Any one thread.
#include "tests/support/make_traffic/stream.hpp"

#include <algorithm>
#include <utility>

namespace picket::traffic {

namespace {
constexpr uint64_t ns_per_second = 1'000'000'000;
}

Paced::Paced(Pace pace, Random random, Fill fill, Answer answer)
    : pace_(pace)
    , random_(random)
    , fill_(std::move(fill))
    , answer_(std::move(answer)) {}

uint64_t Paced::slice_begin_ns(uint64_t step) const {
    const uint64_t whole = step / pace_.per_second;
    const uint64_t rest = step % pace_.per_second;
    return pace_.start_ns + whole * ns_per_second + rest * ns_per_second / pace_.per_second;
}

bool Paced::next(Packet& packet) {
    if (answer_due_) {
        answer_due_ = false;
        packet = Packet{};
        if (answer_(packet, step_ - 1, random_)) {
            // Half-way from the question to the end of its slice, so that order needs no queue.
            packet.time_ns = last_ns_ + (slice_begin_ns(step_) - last_ns_) / 2;
            return true;
        }
    }
    if (step_ == pace_.steps) return false;
    packet = Packet{};
    const uint64_t begin_ns = slice_begin_ns(step_);
    last_ns_ = begin_ns + random_.below(slice_begin_ns(step_ + 1) - begin_ns);
    packet.time_ns = last_ns_;
    fill_(packet, step_++, random_);
    answer_due_ = answer_ != nullptr;
    return true;
}

Merged::Merged(std::vector<std::unique_ptr<Stream>> streams) {
    for (auto& stream : streams) {
        Head head{std::move(stream), {}};
        if (head.stream->next(head.packet)) heads_.push_back(std::move(head));
    }
}

bool Merged::next(Packet& packet) {
    if (heads_.empty()) return false;
    const auto first = std::min_element(heads_.begin(), heads_.end(), [](const Head& a, const Head& b) {
        return a.packet.time_ns < b.packet.time_ns;
    });
    packet = first->packet;
    if (!first->stream->next(first->packet)) heads_.erase(first);
    return true;
}

}  // namespace picket::traffic

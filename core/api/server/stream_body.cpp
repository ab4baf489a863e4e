// SPDX-License-Identifier: Apache-2.0
// Suspending and resuming, under one lock, so that no wake-up is lost.
#include "core/api/server/stream_body.hpp"

#include <algorithm>
#include <cstring>

#include "core/engine/clock.hpp"

namespace picket {

MHD_Response* StreamBody::make_response() {
    using Holder = std::shared_ptr<StreamBody>;
    constexpr size_t block_bytes = 16 << 10;
    last_sent_ns_ = monotonic_ns();
    source_->on_ready([weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->wake();
    });
    return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, block_bytes, &StreamBody::read,
                                             new Holder(shared_from_this()),
                                             [](void* holder) { delete static_cast<Holder*>(holder); });
}

ssize_t StreamBody::read(void* self, uint64_t, char* out, size_t size) {
    return (*static_cast<std::shared_ptr<StreamBody>*>(self))->read(out, size);
}

ssize_t StreamBody::read(char* out, size_t size) {
    const std::lock_guard lock(mutex_);
    if (sent_ == text_.size()) {
        sent_ = 0;
        std::optional<std::string> more;
        if (!ended_ && source_ != nullptr) more = source_->next();
        if (!more) return MHD_CONTENT_READER_END_OF_STREAM;
        text_ = std::move(*more);
        if (text_.empty() && std::exchange(keep_alive_due_, false)) text_ = ":\n\n";
    }
    if (text_.empty()) {
        asleep_ = true;
        MHD_suspend_connection(connection_);
        return 0;
    }
    const size_t count = std::min(size, text_.size() - sent_);
    std::memcpy(out, text_.data() + sent_, count);
    sent_ += count;
    keep_alive_due_ = false;
    last_sent_ns_ = monotonic_ns();
    return static_cast<ssize_t>(count);
}

void StreamBody::resume() {
    if (asleep_ && connection_ != nullptr) MHD_resume_connection(connection_);
    asleep_ = false;
}

void StreamBody::wake() {
    const std::lock_guard lock(mutex_);
    resume();
}

void StreamBody::keep_alive(uint64_t silent_since_ns) {
    const std::lock_guard lock(mutex_);
    if (!asleep_ || last_sent_ns_ > silent_since_ns) return;
    keep_alive_due_ = true;
    resume();
}

void StreamBody::end() {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    resume();
}

void StreamBody::detach() {
    const std::lock_guard lock(mutex_);
    connection_ = nullptr;
    source_.reset();
}

}  // namespace picket

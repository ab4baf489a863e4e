// SPDX-License-Identifier: Apache-2.0
// The buddy system (Knowlton 1965). Free blocks are linked through their own first words; pages are only
// resident once used. Engine thread.
#include "core/counters/arena.hpp"

#include <sys/mman.h>

#include <bit>
#include <cstring>
#include <new>

namespace picket {
namespace {
uint64_t link_of(uint32_t next, uint32_t previous) { return (uint64_t{next} << 32) | previous; }
}  // namespace

Arena::Arena(uint64_t bytes) {
    const uint64_t word_count = std::bit_ceil(bytes < 4096 ? 4096 : bytes) / sizeof(uint64_t);
    top_log2_ = static_cast<unsigned>(std::countr_zero(word_count));
    mapped_bytes_ = word_count * sizeof(uint64_t);
    void* memory = mmap(nullptr, mapped_bytes_, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    words_ = static_cast<uint64_t*>(memory);
    free_heads_.assign(top_log2_ + 1, none);
    free_log2_.assign(word_count >> min_log2, 0);
    push_free(0, top_log2_);
}

Arena::~Arena() { munmap(words_, mapped_bytes_); }

void Arena::push_free(uint32_t offset, unsigned log2) {
    const uint32_t next = free_heads_[log2];
    words_[offset] = link_of(next, none);
    if (next != none) words_[next] = link_of(static_cast<uint32_t>(words_[next] >> 32), offset);
    free_heads_[log2] = offset;
    free_log2_[unit_of(offset)] = static_cast<uint8_t>(log2);
}

void Arena::unlink_free(uint32_t offset, unsigned log2) {
    const auto next = static_cast<uint32_t>(words_[offset] >> 32);
    const auto previous = static_cast<uint32_t>(words_[offset]);
    if (next != none) words_[next] = link_of(static_cast<uint32_t>(words_[next] >> 32), previous);
    if (previous != none) {
        words_[previous] = link_of(next, static_cast<uint32_t>(words_[previous]));
    } else {
        free_heads_[log2] = next;
    }
    free_log2_[unit_of(offset)] = 0;
}

uint32_t Arena::allocate(unsigned log2) {
    if (log2 < min_log2) log2 = min_log2;
    unsigned at = log2;
    while (at <= top_log2_ && free_heads_[at] == none) ++at;
    if (at > top_log2_) return none;
    const uint32_t offset = free_heads_[at];
    unlink_free(offset, at);
    while (at > log2) {
        --at;
        push_free(offset + (uint32_t{1} << at), at);
    }
    used_words_ += uint64_t{1} << log2;
    std::memset(words_ + offset, 0, sizeof(uint64_t) << log2);
    return offset;
}

void Arena::release(uint32_t offset, unsigned log2) {
    if (log2 < min_log2) log2 = min_log2;
    used_words_ -= uint64_t{1} << log2;
    while (log2 < top_log2_) {
        const uint32_t buddy = offset ^ (uint32_t{1} << log2);
        if (free_log2_[unit_of(buddy)] != log2) break;
        unlink_free(buddy, log2);
        offset &= ~(uint32_t{1} << log2);
        ++log2;
    }
    push_free(offset, log2);
}

}  // namespace picket

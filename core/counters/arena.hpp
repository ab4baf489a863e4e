// SPDX-License-Identifier: Apache-2.0
// Memory for the value sets of one table: power-of-two blocks of 64-bit words out of one bounded region, by
// the buddy system, so that a flood of small sets does not keep a large one from growing afterwards. Engine
// thread.
#pragma once
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace picket {

class Arena {
  public:
    static constexpr unsigned min_log2 = 3;  ///< smallest block: 8 words, one cache line
    static constexpr uint32_t none = UINT32_MAX;

    explicit Arena(uint64_t bytes);
    ~Arena();
    Arena(const Arena&) = delete;
    Arena& operator=(const Arena&) = delete;

    void swap(Arena& other) noexcept {
        std::swap(words_, other.words_);
        std::swap(mapped_bytes_, other.mapped_bytes_);
        std::swap(top_log2_, other.top_log2_);
        std::swap(used_words_, other.used_words_);
        free_heads_.swap(other.free_heads_);
        free_log2_.swap(other.free_log2_);
    }

    /// A block of 2^log2 zeroed words, as an offset in words; `none` when there is no room.
    uint32_t allocate(unsigned log2);
    void release(uint32_t offset, unsigned log2);
    [[nodiscard]] uint64_t* words(uint32_t offset) { return words_ + offset; }
    [[nodiscard]] const uint64_t* words(uint32_t offset) const { return words_ + offset; }
    [[nodiscard]] uint64_t used_bytes() const { return used_words_ * sizeof(uint64_t); }

  private:
    [[nodiscard]] uint32_t unit_of(uint32_t offset) const { return offset >> min_log2; }
    void push_free(uint32_t offset, unsigned log2);
    void unlink_free(uint32_t offset, unsigned log2);

    uint64_t* words_ = nullptr;
    size_t mapped_bytes_ = 0;
    unsigned top_log2_ = min_log2;
    uint64_t used_words_ = 0;
    std::vector<uint32_t> free_heads_;  ///< by log2: offset of the first free block
    std::vector<uint8_t> free_log2_;    ///< by unit: log2 of the free block that starts here, 0 if none does
};

}  // namespace picket

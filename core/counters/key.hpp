// SPDX-License-Identifier: Apache-2.0
// The key of a row, and how it is made from a record: whole words, the addresses first and then the numbers
// side by side, so that making, hashing and comparing are a few instructions each. Engine thread.
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/counters/cell.hpp"
#include "core/counters/declaration.hpp"
#include "core/counters/filter.hpp"
#include "core/model/hash.hpp"

namespace picket {

inline constexpr uint32_t key_parts_limit = 4;
inline constexpr uint32_t key_words_max = 2 * key_parts_limit;
using Key = std::array<uint64_t, key_words_max>;

/// The words of an address as they lie in memory.
struct AddressWords {
    uint64_t first = 0, second = 0;
    static AddressWords of(const uint8_t* bytes) { return {load_word(bytes), load_word(bytes + 8)}; }
};

class KeyMaker {
  public:
    explicit KeyMaker(const std::vector<KeyPart>& by);

    [[nodiscard]] uint32_t words() const { return words_; }
    /// The key of a record; false if the record lacks a part of it.
    bool make(const ClassifiedRecord& in, Key& key) const {
        uint64_t* out = key.data();
        for (const AddressPart& part : addresses_) {
            const End end = part.ends[static_cast<size_t>(in.direction)];
            if (end == End::none) return false;
            out = put(part, AddressWords::of(bytes_of(in, end)), out);
        }
        if (numbers_.empty()) return true;
        std::fill(out, key.data() + words_, 0);
        for (const NumberPart& part : numbers_) {
            const uint64_t id = number_id(in, part.field);
            if (id == 0) return false;
            key[part.word] |= (id - 1) << part.shift;
        }
        return true;
    }
    /// The hash of make()'s key, without making it. `ends`: end_state() of the record's src and dst.
    bool hash_of(const ClassifiedRecord& in, const std::array<uint64_t, 2>& ends, uint64_t seed,
                 uint64_t& hash) const {
        uint64_t state = seed ^ hash_odd_1;
        for (const AddressPart& part : addresses_) {
            const End end = part.ends[static_cast<size_t>(in.direction)];
            if (end == End::none) return false;
            if (&part == addresses_.data() && !part.is_masked) {
                state = ends[end == End::src ? 0 : 1];
                continue;
            }
            uint64_t words[2];
            put(part, AddressWords::of(bytes_of(in, end)), words);
            state = mix(words[0] ^ state, words[1] ^ hash_odd_2);
        }
        if (!numbers_.empty()) {
            uint64_t words[2] = {0, 0};
            for (const NumberPart& part : numbers_) {
                const uint64_t id = number_id(in, part.field);
                if (id == 0) return false;
                words[part.word - first_number_word_] |= (id - 1) << part.shift;
            }
            state = mix(words[0] ^ state, words[1] ^ hash_odd_2);
        }
        hash = mix(state ^ hash_odd_2, hash_odd_1);
        return true;
    }
    /// The same by a recipe, which is_simple; false if the record has no such number.
    bool hash_by(const KeyRecipe& recipe, const ClassifiedRecord& in, const std::array<uint64_t, 2>& ends,
                 uint64_t seed, uint64_t& hash) const {
        uint64_t state = ends[recipe.first == End::src ? 0 : 1];
        if (recipe.is_masked) {
            uint64_t words[2];
            put(addresses_[0], AddressWords::of(bytes_of(in, recipe.first)), words);
            state = mix(words[0] ^ seed ^ hash_odd_1, words[1] ^ hash_odd_2);
        }
        if (recipe.second != End::none) {
            const AddressWords second = AddressWords::of(bytes_of(in, recipe.second));
            state = mix(second.first ^ state, second.second ^ hash_odd_2);
        }
        if (recipe.has_number) {
            const uint64_t id = number_id(in, recipe.number);
            if (id == 0) return false;
            state = mix((id - 1) ^ state, hash_odd_2);
        }
        hash = mix(state ^ hash_odd_2, hash_odd_1);
        return true;
    }
    [[nodiscard]] KeyRecipe recipe(Direction direction) const;
    /// What hash_of() starts from, where the first part of the key is this whole address.
    static uint64_t end_state(const uint8_t* address, uint64_t seed) {
        return mix(load_word(address) ^ seed ^ hash_odd_1, load_word(address + 8) ^ hash_odd_2);
    }
    /// The key from values that were shown before; false if they are not what the key is made of.
    bool make(std::span<const KeyValue> parts, Key& key) const;
    [[nodiscard]] uint64_t hash(const Key& key, uint64_t seed) const {
        return hash_words(key.data(), words_, seed);
    }
    /// Part number `part` of a key, in the order of declaration.
    [[nodiscard]] KeyValue part(const uint64_t* key, uint32_t part) const;

  private:
    struct AddressPart {
        uint32_t declared = 0;  ///< number in the declaration
        std::array<End, direction_count> ends{};
        bool is_masked = false;
        AddressWords v4_mask, v6_mask;
    };
    struct NumberPart {
        uint32_t declared = 0;
        Field field = Field::proto;
        uint32_t word = 0, shift = 0;
        uint64_t mask = 0;
    };
    static const uint8_t* bytes_of(const ClassifiedRecord& in, End end) {
        return end == End::src ? in.record->src : in.record->dst;
    }
    uint64_t* put(const AddressPart& part, AddressWords address, uint64_t* out) const {
        if (part.is_masked) {
            const AddressWords& mask = is_v4(address) ? part.v4_mask : part.v6_mask;
            address.first &= mask.first;
            address.second &= mask.second;
        }
        out[0] = address.first;
        out[1] = address.second;
        return out + 2;
    }
    [[nodiscard]] bool is_v4(const AddressWords& address) const {
        return address.first == v4_start_.first && (address.second & v4_front_.second) == v4_start_.second;
    }

    std::vector<AddressPart> addresses_;
    std::vector<NumberPart> numbers_;
    std::vector<Field> fields_;  ///< as declared
    uint32_t words_ = 0;
    uint32_t first_number_word_ = 0;
    AddressWords v4_start_, v4_front_;  ///< ::ffff:0.0.0.0 and the mask of its prefix
};

}  // namespace picket

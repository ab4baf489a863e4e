// SPDX-License-Identifier: Apache-2.0
// The layout of keys, and keys by hand. Engine thread.
#include "core/counters/key.hpp"

namespace picket {
namespace {

AddressWords mask_of(unsigned bits) {
    std::array<uint8_t, 16> all;
    all.fill(0xff);
    return AddressWords::of(Address(all).masked(bits).bytes().data());
}

}  // namespace

KeyMaker::KeyMaker(const std::vector<KeyPart>& by)
    : v4_start_(AddressWords::of(Address::from_v4(0).bytes().data()))
    , v4_front_(mask_of(96)) {
    for (uint32_t i = 0; i < by.size(); ++i) {
        fields_.push_back(by[i].field);
        if (!info_of(by[i].field).is_address) continue;
        AddressPart part;
        part.declared = i;
        part.is_masked = by[i].v4_bits != 32 || by[i].v6_bits != 128;
        part.v4_mask = mask_of(96U + by[i].v4_bits);
        part.v6_mask = mask_of(by[i].v6_bits);
        for (size_t d = 0; d < direction_count; ++d)
            part.ends[d] = end_of(by[i].field, static_cast<Direction>(d));
        addresses_.push_back(part);
        words_ += 2;
    }
    first_number_word_ = words_;
    uint32_t bits_left = 0;
    for (uint32_t i = 0; i < by.size(); ++i) {
        const FieldInfo& info = info_of(by[i].field);
        if (info.is_address) continue;
        const uint32_t bits = info.key_bytes * 8U;
        if (bits_left < bits) {
            ++words_;
            bits_left = 64;
        }
        numbers_.push_back({i, info.field, words_ - 1, 64 - bits_left, (uint64_t{1} << bits) - 1});
        bits_left -= bits;
    }
}

bool KeyMaker::make(std::span<const KeyValue> parts, Key& key) const {
    if (parts.size() != fields_.size()) return false;
    for (size_t i = 0; i < parts.size(); ++i)
        if (parts[i].field != fields_[i]) return false;
    key.fill(0);
    uint64_t* out = key.data();
    for (const AddressPart& part : addresses_)
        out = put(part, AddressWords::of(parts[part.declared].address.bytes().data()), out);
    for (const NumberPart& part : numbers_)
        key[part.word] |= (parts[part.declared].number & part.mask) << part.shift;
    return true;
}

KeyValue KeyMaker::part(const uint64_t* key, uint32_t part) const {
    KeyValue out;
    out.field = fields_[part];
    for (size_t i = 0; i < addresses_.size(); ++i)
        if (addresses_[i].declared == part)
            out.address = Address::from_bytes(reinterpret_cast<const uint8_t*>(key + 2 * i));
    for (const NumberPart& number : numbers_)
        if (number.declared == part) out.number = key[number.word] >> number.shift & number.mask;
    return out;
}

}  // namespace picket

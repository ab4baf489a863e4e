// SPDX-License-Identifier: Apache-2.0
// An address prefix, and the longest-match map from addresses to values. The map is built once and then
// only read: it flattens all prefixes to disjoint ranges, so that a lookup is one binary search.
// Any thread for reading.
#pragma once
#include <endian.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/model/address.hpp"

namespace picket {

class Prefix {
  public:
    Prefix() = default;
    /// `bits` counts from the start of the 16 bytes: an IPv4 /24 has 120. Host bits are cleared.
    Prefix(const Address& address, unsigned bits)
        : address_(address.masked(bits))
        , bits_(bits) {}
    /// "10.0.0.0/8", "2001:db8::/32", or an address, which is a prefix of full length.
    static Result<Prefix> parse(std::string_view text);

    [[nodiscard]] const Address& first() const { return address_; }
    [[nodiscard]] Address last() const;
    [[nodiscard]] unsigned bits() const { return bits_; }
    [[nodiscard]] bool contains(const Address& address) const { return address.masked(bits_) == address_; }
    [[nodiscard]] std::string text() const;

    auto operator<=>(const Prefix&) const = default;

  private:
    Address address_;
    unsigned bits_ = 0;
};

/// Longest match from address to T. T is copied into the ranges; keep it small (an index).
template <typename T>
class PrefixMap {
  public:
    PrefixMap() = default;
    /// Of equal prefixes the last wins.
    explicit PrefixMap(std::vector<std::pair<Prefix, T>> entries);

    /// The value of the longest prefix that holds `address`, or nullptr.
    [[nodiscard]] const T* find(const Address& address) const {
        const auto after = std::upper_bound(starts_.begin(), starts_.end(), Words(address));
        if (after == starts_.begin()) return nullptr;
        const auto& value = values_[static_cast<size_t>(after - starts_.begin()) - 1];
        return value ? &*value : nullptr;
    }
    [[nodiscard]] bool contains(const Address& address) const { return find(address) != nullptr; }
    [[nodiscard]] bool empty() const { return starts_.empty(); }

  private:
    /// An address as two numbers: compared in a few instructions.
    struct Words {
        explicit Words(const Address& address) {
            std::memcpy(&high, address.bytes().data(), 8);
            std::memcpy(&low, address.bytes().data() + 8, 8);
            high = be64toh(high);
            low = be64toh(low);
        }
        auto operator<=>(const Words&) const = default;
        uint64_t high = 0, low = 0;
    };
    std::vector<Words> starts_;             ///< of ranges, each up to the next one's start
    std::vector<std::optional<T>> values_;  ///< beside starts_
};

/// The address after `address`; nothing after the last one.
std::optional<Address> next_address(const Address& address);

template <typename T>
PrefixMap<T>::PrefixMap(std::vector<std::pair<Prefix, T>> entries) {
    // Shorter prefixes first: each later one is nested in what is there, or stands apart.
    std::stable_sort(entries.begin(), entries.end(),
                     [](const auto& a, const auto& b) { return a.first.bits() < b.first.bits(); });
    std::map<Address, std::optional<T>> starts;
    for (const auto& [prefix, value] : entries) {
        const auto after = next_address(prefix.last());
        if (after && !starts.contains(*after)) {
            const auto at = starts.upper_bound(*after);
            std::optional<T> outer = at == starts.begin() ? std::nullopt : std::prev(at)->second;
            starts.emplace(*after, std::move(outer));
        }
        const auto begin = starts.lower_bound(prefix.first());
        const auto end = after ? starts.lower_bound(*after) : starts.end();
        starts.erase(begin, end);
        starts[prefix.first()] = value;
    }
    for (auto& [from, value] : starts) {
        starts_.emplace_back(from);
        values_.push_back(std::move(value));
    }
}

}  // namespace picket

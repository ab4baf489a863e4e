// SPDX-License-Identifier: Apache-2.0
// Cursor: kind, direction, key, in hex. Any thread.
#include "core/store/page_cursor.hpp"

#include <algorithm>
#include <optional>

namespace picket {
namespace {

constexpr std::string_view digits = "0123456789abcdef";

std::string head_of(const Listing& listing) {
    return {static_cast<char>(listing.kind), static_cast<char>(listing.descending)};
}

std::optional<std::string> bytes_of(std::string_view hex) {
    if (hex.size() % 2 != 0) return std::nullopt;
    std::string out;
    out.reserve(hex.size() / 2);
    for (size_t i = 0; i < hex.size(); i += 2) {
        const size_t high = digits.find(hex[i]);
        const size_t low = digits.find(hex[i + 1]);
        if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
        out += static_cast<char>(high << 4 | low);
    }
    return out;
}

}  // namespace

std::string cursor_text(const Listing& listing, std::string_view key) {
    const std::string bytes = head_of(listing).append(key);
    std::string out;
    for (const char c : bytes) {
        out += digits[static_cast<uint8_t>(c) >> 4];
        out += digits[static_cast<uint8_t>(c) & 15];
    }
    return out;
}

Result<void> go_on_from(std::string_view cursor, Listing& listing) {
    if (cursor.empty()) return {};
    const std::string head = head_of(listing);
    const auto wrong = [] {
        return fail(ErrorCode::invalid, "not a cursor of this listing", "cursor",
                    "give 'next' of the page before, with the same sort");
    };
    if (cursor.size() > 2 * (head.size() + listing.key_max)) return wrong();
    const auto bytes = bytes_of(cursor);
    if (!bytes || !bytes->starts_with(head)) return wrong();
    std::string key = bytes->substr(head.size());
    if (key.size() < listing.key_min || !key.starts_with(listing.prefix)) return wrong();
    if (listing.descending)
        listing.upper = listing.upper.empty() ? std::move(key) : std::min(key, listing.upper);
    else
        listing.lower = std::max(key.append(1, '\0'), listing.lower);  // the first key after it
    return {};
}

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// The text by which a listing is gone on with: which listing, which way, and the key of the last entry seen.
// It comes back from outside, so any text may stand there. Any thread.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/model/result.hpp"

namespace picket {

/// Which listing a cursor belongs to.
enum class ListingKind : uint8_t { incidents = 1, findings, findings_of_incident, audit, audit_of_object };

/// A listing, and the part of its table that it goes through.
struct Listing {
    ListingKind kind;
    bool descending;
    std::string prefix;            ///< all keys begin with it
    size_t key_min, key_max;       ///< bytes of a key
    std::string lower{}, upper{};  ///< lower <= key < upper; an empty upper: to the end
};

std::string cursor_text(const Listing& listing, std::string_view key);
/// Narrows the listing to what comes after the cursor. An empty text changes nothing; invalid: not a cursor
/// of this listing.
Result<void> go_on_from(std::string_view cursor, Listing& listing);

}  // namespace picket

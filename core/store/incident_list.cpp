// SPDX-License-Identifier: Apache-2.0
// Listing incidents: along the order that the query sorts by, past what the digests rule out. Any thread.
#include <algorithm>
#include <utility>

#include "core/store/incident_table.hpp"
#include "core/store/keys.hpp"
#include "core/store/page_cursor.hpp"

namespace picket {
namespace {

using lmdb::Transaction;

constexpr size_t page_limit_max = 1000;

/// A query, made ready to be held against digests and records.
class Filter {
  public:
    explicit Filter(const IncidentQuery& query)
        : query_(query)
        , type_(digest_hash(query.type.value_or("")))
        , subject_(digest_hash(query.subject.value_or("")))
        , policy_(digest_hash(query.policy.value_or(""))) {
        for (const IncidentStatus status : query.statuses) statuses_ |= 1u << static_cast<unsigned>(status);
    }

    /// False: the record cannot match.
    [[nodiscard]] bool may_match(const Digest& digest, uint64_t opened_ns) const {
        return (statuses_ == 0 || (statuses_ >> (digest.status & 31u) & 1u) != 0) &&
               (!query_.active || *query_.active == (digest.active != 0)) &&
               (!query_.severity_min || digest.severity >= static_cast<uint8_t>(*query_.severity_min)) &&
               (!query_.type || digest.type == type_) && (!query_.subject || digest.subject == subject_) &&
               (!query_.policy || digest.policy == policy_) &&
               (!query_.since_ns || opened_ns >= *query_.since_ns) &&
               (!query_.until_ns || opened_ns < *query_.until_ns);
    }
    /// What the digest cannot say for sure.
    [[nodiscard]] bool matches(const Incident& incident) const {
        return (!query_.type || incident.type == *query_.type) &&
               (!query_.subject || incident.subject == *query_.subject) &&
               (!query_.policy || incident.policy == *query_.policy);
    }

  private:
    const IncidentQuery& query_;
    uint32_t statuses_ = 0;  ///< one bit each; none: any
    uint32_t type_, subject_, policy_;
};

std::string at_value(IncidentSort sort, uint64_t value) {
    std::string out = sort_prefix(sort);
    append_u64(out, value);
    return out;
}

/// Where the condition is the order itself, it is a part of the table.
Listing listing_of(const IncidentQuery& query) {
    const std::string prefix = sort_prefix(query.sort);
    Listing out{ListingKind::incidents,          query.descending, prefix,        sort_key_head + 1,
                sort_key_head + incident_id_max, prefix,           behind(prefix)};
    if (query.sort == IncidentSort::opened && query.since_ns)
        out.lower = at_value(query.sort, *query.since_ns);
    if (query.sort == IncidentSort::opened && query.until_ns)
        out.upper = at_value(query.sort, *query.until_ns);
    if (query.sort == IncidentSort::severity && query.severity_min)
        out.lower = at_value(query.sort, static_cast<uint64_t>(*query.severity_min));
    return out;
}

}  // namespace

Result<IncidentPage> list_incidents(Transaction& transaction, const Tables& tables,
                                    const IncidentQuery& query) {
    const Filter filter(query);
    const size_t limit = std::clamp<size_t>(query.limit, 1, page_limit_max);
    Listing listing = listing_of(query);
    if (auto placed = go_on_from(query.cursor, listing); !placed) return tl::unexpected(placed.error());

    IncidentPage page;
    std::string last;  // key of the last entry that is done with
    size_t looked_at = 0, decoded = 0;
    lmdb::Range entries(transaction, tables.incident_order, listing.lower, listing.upper, query.descending);
    while (entries.next()) {
        if (looked_at++ == listing_entries_max || decoded == listing_records_max) {
            page.next = cursor_text(listing, last);
            break;
        }
        const std::string_view key = entries.key();
        if (filter.may_match(read_digest(entries.value()), opened_in_sort_key(key))) {
            ++decoded;
            auto record = read_incident(transaction, tables, std::string(key.substr(sort_key_head)));
            if (record && filter.matches(record->incident)) {
                if (page.items.size() == limit) {
                    page.next = cursor_text(listing, last);
                    break;
                }
                page.items.push_back(*std::move(record));
            }
        }
        last = key;
    }
    if (auto read = transaction.status(); !read) return tl::unexpected(read.error());
    return page;
}

}  // namespace picket

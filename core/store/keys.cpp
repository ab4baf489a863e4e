// SPDX-License-Identifier: Apache-2.0
// Keys and digests; see keys.hpp. Any thread.
#include "core/store/keys.hpp"

namespace picket {
namespace {

constexpr size_t digest_size = 3 + 3 * 4;

void append_u32(std::string& out, uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift);
}

uint32_t read_u32(std::string_view bytes) {
    uint32_t out = 0;
    for (size_t i = 0; i < 4; ++i) out = out << 8 | static_cast<uint8_t>(bytes[i]);
    return out;
}

uint64_t value_of(IncidentSort sort, const Incident& incident) {
    switch (sort) {
    case IncidentSort::opened:
        return incident.opened_ns;
    case IncidentSort::last:
        return incident.last_ns;
    case IncidentSort::severity:
        return static_cast<uint64_t>(incident.severity);
    case IncidentSort::findings:
        break;
    }
    return incident.findings;
}

}  // namespace

void append_u64(std::string& out, uint64_t value) {
    for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift);
}

uint64_t read_u64(std::string_view bytes) {
    if (bytes.size() < 8) return 0;
    return uint64_t{read_u32(bytes)} << 32 | read_u32(bytes.substr(4));
}

std::string behind(std::string prefix) {
    while (!prefix.empty() && static_cast<uint8_t>(prefix.back()) == 0xff) prefix.pop_back();
    if (!prefix.empty()) prefix.back() = static_cast<char>(static_cast<uint8_t>(prefix.back()) + 1);
    return prefix;
}

std::string sort_prefix(IncidentSort sort) { return {static_cast<char>(sort)}; }

std::string sort_key(IncidentSort sort, const Incident& incident) {
    std::string out = sort_prefix(sort);
    append_u64(out, value_of(sort, incident));
    append_u64(out, incident.opened_ns);
    return out + incident.id;
}

uint32_t digest_hash(std::string_view text) {
    uint32_t hash = 0x811c9dc5;
    for (const char c : text) hash = (hash ^ static_cast<uint8_t>(c)) * 0x01000193;
    return hash;
}

std::string digest_of(const IncidentRecord& record) {
    const Incident& incident = record.incident;
    std::string out{static_cast<char>(record.status), static_cast<char>(incident.severity),
                    static_cast<char>(incident.active())};
    for (const auto* text : {&incident.type, &incident.subject, &incident.policy})
        append_u32(out, digest_hash(*text));
    return out;
}

Digest read_digest(std::string_view bytes) {
    if (bytes.size() < digest_size) return {};
    const auto at = [&](size_t i) { return static_cast<uint8_t>(bytes[i]); };
    return {at(0),
            at(1),
            at(2),
            read_u32(bytes.substr(3)),
            read_u32(bytes.substr(7)),
            read_u32(bytes.substr(11))};
}

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// The book of both sides. One thread.
#include "core/response/incident_diff.hpp"

#include <algorithm>

namespace picket {

DiffKind DiffEntry::kind() const {
    if (live.incidents == 0) return DiffKind::added;
    if (candidate.incidents == 0) return DiffKind::dropped;
    // What was going on before is found by the candidate when it begins: that is no difference.
    const bool moved = !went_on && live.opened_ns != candidate.opened_ns;
    return moved ? DiffKind::moved : DiffKind::same;
}

DiffEntry* IncidentDiff::note(DiffSide DiffEntry::*side, const Incident& incident) {
    const std::pair key(incident.type, incident.subject);
    if (entries_.size() >= entries_max_ && !entries_.contains(key)) {
        ++not_kept_;
        return nullptr;
    }
    DiffEntry& entry = entries_[key];
    entry.type = incident.type;
    entry.subject = incident.subject;
    DiffSide& own = entry.*side;
    if (own.incidents == 0) own.opened_ns = incident.opened_ns;
    ++own.incidents;
    own.severity = std::max(own.severity, incident.severity);
    own.reason = incident.reason;
    return &entry;
}

void IncidentDiff::begin_with(const Incident& incident) {
    if (DiffEntry* entry = note(&DiffEntry::live, incident)) entry->went_on = true;
}

std::vector<DiffEntry> IncidentDiff::differences() const {
    std::vector<DiffEntry> out;
    for (const auto& [key, entry] : entries_)
        if (entry.kind() != DiffKind::same) out.push_back(entry);
    return out;
}

std::array<size_t, 4> IncidentDiff::counts() const {
    std::array<size_t, 4> out{};
    for (const auto& [key, entry] : entries_) ++out[static_cast<size_t>(entry.kind())];
    return out;
}

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// Opening, extending and closing of incidents. Two ordered maps: by key, and by the last finding, so that
// neither a finding nor a tick looks at more than it touches. Engine thread.
#include "core/response/incidents.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

namespace picket {
namespace {

// FNV-1a, 64 bit (draft-eastlake-fnv): short, stable over releases, and good enough to name an incident.
uint64_t fnv1a(std::string_view text, uint64_t hash = 0xcbf29ce484222325) {
    for (const char c : text) hash = (hash ^ static_cast<uint8_t>(c)) * 0x100000001b3;
    return hash;
}

void raise_peaks(std::vector<std::pair<std::string, double>>& peaks, const Finding& finding) {
    for (const auto& measure : finding.measures) {
        const auto at = std::ranges::find(peaks, measure.first, &std::pair<std::string, double>::first);
        if (at == peaks.end()) {
            peaks.push_back(measure);
        } else {
            at->second = std::max(at->second, measure.second);
        }
    }
}

}  // namespace

void IncidentTracker::add(const Finding& finding) {
    ++stats_.findings;
    const auto found = open_.find(Key(finding.type, finding.subject));
    const bool is_new = found == open_.end();
    Open& open = is_new ? this->open(finding) : found->second;
    const bool says_more = extend(open, finding);
    if (open.muted) return;
    if (!is_new && !says_more && finding.time_ns < open.passed_on_ns + config_.repeat_ns) return;
    open.passed_on_ns = finding.time_ns;
    ++stats_.passed_on;
    sink_.on_finding(finding, open.incident);
    if (is_new) sink_.on_incident(open.incident);
}

IncidentTracker::Open& IncidentTracker::open(const Finding& finding) {
    make_room(finding.time_ns);
    ++stats_.opened;
    const Key key(finding.type, finding.subject);
    Open& open = open_[key];
    open.incident.id = fmt::format(
        "{:016x}", fnv1a(fmt::format("{}\n{}\n{}", finding.type, finding.subject, finding.time_ns)));
    open.incident.type = finding.type;
    open.incident.subject = finding.subject;
    open.incident.policy = finding.policy;
    open.incident.opened_ns = open.incident.last_ns = finding.time_ns;
    open.incident.severity = finding.severity;
    by_last_.emplace(finding.time_ns, key);
    by_id_.emplace(open.incident.id, key);
    return open;
}

void IncidentTracker::make_room(uint64_t now_ns) {
    if (open_.size() < config_.open_max || by_last_.empty()) return;
    ++stats_.closed_early;
    close(open_.find(by_last_.begin()->second), now_ns);
}

void IncidentTracker::restore(const Incident& incident) {
    const Key key(incident.type, incident.subject);
    if (open_.contains(key)) return;
    make_room(incident.last_ns);
    open_[key] = {incident, incident.last_ns, false};
    by_last_.emplace(incident.last_ns, key);
    by_id_.emplace(incident.id, key);
}

IncidentTracker::Map::iterator IncidentTracker::find(const std::string& id) {
    const auto key = by_id_.find(id);
    return key == by_id_.end() ? open_.end() : open_.find(key->second);
}

void IncidentTracker::release(const std::string& id, uint64_t now_ns) {
    if (const auto at = find(id); at != open_.end()) close(at, now_ns);
}

void IncidentTracker::forget(const std::string& id) {
    const auto at = find(id);
    if (at == open_.end()) return;
    by_last_.erase({at->second.incident.last_ns, at->first});
    by_id_.erase(id);
    open_.erase(at);
}

void IncidentTracker::mute(const std::string& id, bool muted) {
    if (const auto at = find(id); at != open_.end()) at->second.muted = muted;
}

void IncidentTracker::set_intervals(uint64_t repeat_ns, uint64_t quiet_ns) {
    config_.repeat_ns = repeat_ns;
    config_.quiet_ns = quiet_ns;
}

/// Takes the finding into the incident; true if it says more than the incident did.
bool IncidentTracker::extend(Open& open, const Finding& finding) {
    Incident& incident = open.incident;
    const bool worse = finding.severity > incident.severity;
    ++incident.findings;
    incident.severity = std::max(incident.severity, finding.severity);
    incident.confidence = std::max(incident.confidence, finding.confidence);
    incident.reason = finding.reason;
    requeue(Key(incident.type, incident.subject), incident.last_ns, finding.time_ns);
    incident.last_ns = finding.time_ns;
    raise_peaks(incident.peaks, finding);
    if (finding.target.empty() ||
        std::ranges::find(incident.targets, finding.target) != incident.targets.end())
        return worse;
    if (incident.targets.size() >= config_.targets_max) {
        ++incident.targets_more;
        return worse;
    }
    incident.targets.push_back(finding.target);
    return true;
}

void IncidentTracker::requeue(const Key& key, uint64_t old_last_ns, uint64_t new_last_ns) {
    by_last_.erase({old_last_ns, key});
    by_last_.emplace(new_last_ns, key);
}

void IncidentTracker::close(Map::iterator at, uint64_t when_ns) {
    Incident incident = std::move(at->second.incident);
    by_last_.erase({incident.last_ns, at->first});
    by_id_.erase(incident.id);
    open_.erase(at);
    incident.closed_ns = when_ns;
    ++stats_.closed;
    sink_.on_incident(incident);
}

void IncidentTracker::expire(uint64_t now_ns) {
    while (next_expiry_ns() <= now_ns) close(open_.find(by_last_.begin()->second), next_expiry_ns());
}

void IncidentTracker::close_all(uint64_t now_ns) {
    while (!by_last_.empty()) close(open_.find(by_last_.begin()->second), std::min(now_ns, next_expiry_ns()));
}

std::vector<Incident> IncidentTracker::open_incidents() const {
    std::vector<Incident> out;
    for (const auto& [key, open] : open_) out.push_back(open.incident);
    return out;
}

uint64_t IncidentTracker::next_expiry_ns() const {
    if (by_last_.empty()) return std::numeric_limits<uint64_t>::max();
    return by_last_.begin()->first + config_.quiet_ns;
}

}  // namespace picket

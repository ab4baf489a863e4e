// SPDX-License-Identifier: Apache-2.0
// What survives a restart: incidents, findings, and who changed what. One LMDB environment; one thread of its
// own writes, so that a slow disk never holds up a tick. What a reader was shown is on disk.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/model/incident.hpp"
#include "core/model/result.hpp"

namespace picket {

struct StoreConfig {
    std::filesystem::path dir;  ///< is made, with mode 0700, where it is missing
    uint64_t size_max_bytes = 1ull << 30;
    uint64_t incident_retention_ns = 90ull * 86'400 * 1'000'000'000;  ///< after an incident's last finding
    uint64_t findings_max = 100'000;                                  ///< beyond: the oldest go
    uint64_t audit_max = 100'000;                                     ///< beyond: the oldest go
    size_t queue_max = 16'384;  ///< puts that wait for the writer; beyond: refused and counted
};

/// A finding as it is kept, with its place in the order of arrival.
struct FindingRecord {
    uint64_t sequence = 0;
    std::string incident;  ///< id
    Finding finding;
};

/// A change that somebody made.
struct AuditRecord {
    uint64_t sequence = 0;
    uint64_t time_ns = 0;
    std::string actor;   ///< "uid:1000 (ops)", "token@127.0.0.1"
    std::string action;  ///< "incident.status", "incident.note", "incident.delete", "config.reload"
    std::string object;  ///< an incident's id, a policy's name
    std::string before, after;
};

/// What people set while it runs, by the key that it has in the configuration ("policy.flood.mode"), each
/// value as it would stand there ("\"off\"").
using StoredSettings = std::map<std::string, std::string>;

enum class IncidentSort : uint8_t { opened, last, severity, findings };

/// What to list. Absent conditions hold for all.
struct IncidentQuery {
    std::vector<IncidentStatus> statuses;  ///< any of these
    std::optional<std::string> type, subject, policy;
    std::optional<bool> active;
    std::optional<Severity> severity_min;
    std::optional<uint64_t> since_ns, until_ns;  ///< opened in [since, until)
    IncidentSort sort = IncidentSort::opened;
    bool descending = true;
    size_t limit = 100;  ///< 1…1000
    std::string cursor;  ///< IncidentPage::next of the page before; empty: the first page
};
struct IncidentPage {
    std::vector<IncidentRecord> items;
    std::string next;  ///< empty: this is the last page
};

/// Findings or audit entries, newest first unless `ascending`.
struct RecordQuery {
    std::optional<std::string> incident;  ///< findings: of this incident
    std::optional<uint64_t> since_ns, until_ns;
    bool ascending = false;
    size_t limit = 100;  ///< 1…1000
    std::string cursor;
};
template <typename T>
struct RecordPage {
    std::vector<T> items;
    std::string next;
};

/// Who changes something, for the audit.
struct Actor {
    std::string name;
    uint64_t time_ns = 0;
};
struct IncidentChange {
    std::optional<IncidentStatus> status;
    std::optional<std::string> note;  ///< at most 4 KiB
};
/// Of a change to many: which were changed, and which were not there.
struct BulkResult {
    std::vector<IncidentRecord> changed;
    std::vector<std::string> missing;
};

struct StoreStats {
    uint64_t incidents = 0, findings = 0, audits = 0;  ///< kept now
    uint64_t size_bytes = 0, size_max_bytes = 0;       ///< in use, and the limit
    uint64_t commits = 0;
    uint64_t waiting = 0;      ///< puts and changes that are not on disk yet
    uint64_t refused = 0;      ///< puts for which there was no room in the queue
    uint64_t failed = 0;       ///< puts that could not be written
    uint64_t undecodable = 0;  ///< records that could not be read, and were passed over
    uint64_t expired = 0;      ///< records that went by age, by number, or for want of space
    std::string last_error;    ///< why the last write failed; empty after one that did not
};

class Store {
  public:
    /// Opens or makes it; a store of a newer schema is refused, an older one is brought up to date.
    static Result<std::unique_ptr<Store>> open(const StoreConfig& config);
    /// Writes what waits.
    ~Store();
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    // Queued, never waits; false when there is no room. Status and note of an incident that is there stay.
    // [any]
    bool put(const Incident& incident);
    bool put(const Finding& finding, const std::string& incident_id);
    /// Calls `then` on the writer's thread when all that was put before is on disk, or has failed to get
    /// there. It may read the store, and must be quick. False: there is no room, it is not called. [any]
    bool after_puts(std::function<void()> then);

    // Of what is committed. [any]
    [[nodiscard]] Result<IncidentPage> incidents(const IncidentQuery& query) const;
    [[nodiscard]] Result<std::optional<IncidentRecord>> incident(const std::string& id) const;
    [[nodiscard]] Result<RecordPage<FindingRecord>> findings(const RecordQuery& query) const;
    [[nodiscard]] Result<RecordPage<AuditRecord>> audit(const RecordQuery& query) const;
    [[nodiscard]] Result<StoredSettings> settings() const;
    [[nodiscard]] StoreStats stats() const;

    // Return when the change is on disk, with its audit entries. A change that changes nothing makes none.
    // [any]
    Result<BulkResult> change(const std::vector<std::string>& ids, const IncidentChange& change,
                              const Actor& actor);
    /// Also removes their findings.
    Result<BulkResult> remove(const std::vector<std::string>& ids, const Actor& actor);
    Result<void> add_audit(const AuditRecord& record);
    /// Sets all of them, or none; an empty value removes the key.
    Result<void> set(const StoredSettings& changes, const Actor& actor);
    /// Removes what is older than the retention, as of `now_ns`. Cheap when there is nothing to do; the
    /// engine asks for it once a minute. Queued. [any]
    void expire(uint64_t now_ns);
    /// Waits until all that was put before is on disk. [any]
    Result<void> flush();

  private:
    struct Impl;
    explicit Store(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace picket

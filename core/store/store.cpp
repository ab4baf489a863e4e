// SPDX-License-Identifier: Apache-2.0
// The store as others see it: reads in transactions of their own, changes through the writer. Any thread.
#include "core/store/store.hpp"

#include <algorithm>
#include <utility>

#include "core/store/codec.hpp"
#include "core/store/directory.hpp"
#include "core/store/incident_table.hpp"
#include "core/store/keys.hpp"
#include "core/store/log_table.hpp"
#include "core/store/writer.hpp"

namespace picket {

using lmdb::Transaction;

struct Store::Impl {
    StoreDirectory directory;  // first: the lock is given back last
    StoreConfig config;
    std::unique_ptr<lmdb::Environment> environment;
    Tables tables;
    std::unique_ptr<StoreWriter> writer;  // last: it uses all the others

    Impl(StoreDirectory held, const StoreConfig& in)
        : directory(std::move(held))
        , config(in) {}
};

namespace {

constexpr uint64_t first_map_bytes = 16 << 20;
constexpr uint64_t size_bytes_min = 4 << 20;
constexpr uint64_t page_bytes = 4096;
constexpr size_t note_bytes_max = 4096;
constexpr size_t actor_bytes_max = 1024;
constexpr size_t setting_key_bytes_max = 200, setting_bytes_max = 4096;
constexpr uint64_t settings_max = 1000;

Result<void> check(const Actor& actor) {
    if (actor.name.size() <= actor_bytes_max) return {};
    return fail(ErrorCode::invalid, "a name has at most 1024 bytes", "actor");
}

/// Also of a file that is there, with room for removing some of it: the limit may have been larger.
uint64_t map_bytes_of(const StoreConfig& config) {
    std::error_code code;
    const uint64_t file_bytes = std::filesystem::file_size(config.dir / "data.mdb", code);
    const uint64_t first = std::min(first_map_bytes, config.size_max_bytes);
    const uint64_t wanted = code ? first : std::max(first, file_bytes + file_bytes / 8);
    return wanted / page_bytes * page_bytes;
}

template <typename Decode>
auto decoded_or_counted(const Tables& tables, Decode decode, std::string_view bytes) {
    auto record = decode(bytes);
    if (!record) ++tables.undecodable;
    return record;
}

bool in_time(const RecordQuery& query, uint64_t time_ns) {
    return (!query.since_ns || time_ns >= *query.since_ns) && (!query.until_ns || time_ns < *query.until_ns);
}

LogQuery log_query(const RecordQuery& query, ListingKind all, ListingKind of_owner) {
    return {all, of_owner, query.incident, query.ascending, query.limit, query.cursor};
}

void add_entry(Transaction& transaction, const Tables& tables, const AuditRecord& record) {
    append_record(transaction, tables, tables.audit, record.object, encode(record));
}

/// Applies the change to one record, with an audit entry for each part that is new.
bool apply(IncidentRecord& record, const IncidentChange& change, const Actor& actor,
           const std::function<void(const AuditRecord&)>& audit) {
    const auto entry = [&](std::string action, std::string before, std::string after) {
        audit({0, actor.time_ns, actor.name, std::move(action), record.incident.id, std::move(before),
               std::move(after)});
    };
    bool changed = false;
    if (change.status && *change.status != record.status) {
        entry("incident.status", std::string(name_of(record.status)), std::string(name_of(*change.status)));
        record.status = *change.status;
        changed = true;
    }
    if (change.note && *change.note != record.note) {
        entry("incident.note", record.note, *change.note);
        record.note = *change.note;
        changed = true;
    }
    if (changed) {
        record.changed_by = actor.name;
        record.changed_ns = actor.time_ns;
    }
    return changed;
}

}  // namespace

Store::Store(std::unique_ptr<Impl> impl)
    : impl_(std::move(impl)) {}
Store::~Store() = default;

Result<std::unique_ptr<Store>> Store::open(const StoreConfig& config) {
    if (config.size_max_bytes < size_bytes_min)
        return fail(ErrorCode::invalid, "a store needs at least 4 MiB", config.dir.string(),
                    "raise its size");
    auto directory = StoreDirectory::hold(config.dir);
    if (!directory) return tl::unexpected<Error>(directory.error());
    auto impl = std::make_unique<Impl>(std::move(*directory), config);
    auto environment = lmdb::Environment::open(config.dir, map_bytes_of(config));
    if (!environment) return tl::unexpected<Error>(environment.error());
    impl->environment = std::move(*environment);
    if (auto opened = open_tables(*impl->environment, impl->tables); !opened)
        return tl::unexpected<Error>(opened.error());
    StoreDirectory::sync(config.dir);
    impl->writer = std::make_unique<StoreWriter>(*impl->environment, impl->tables, config);
    return std::unique_ptr<Store>(new Store(std::move(impl)));
}

bool Store::put(const Incident& incident) { return impl_->writer->put(incident); }
bool Store::put(const Finding& finding, const std::string& incident_id) {
    return impl_->writer->put(finding, incident_id);
}
bool Store::after_puts(std::function<void()> then) { return impl_->writer->after_puts(std::move(then)); }

Result<IncidentPage> Store::incidents(const IncidentQuery& query) const {
    Transaction transaction(*impl_->environment, Transaction::Kind::read);
    return list_incidents(transaction, impl_->tables, query);
}

Result<std::optional<IncidentRecord>> Store::incident(const std::string& id) const {
    Transaction transaction(*impl_->environment, Transaction::Kind::read);
    auto record = read_incident(transaction, impl_->tables, id);
    if (auto read = transaction.status(); !read) return tl::unexpected<Error>(read.error());
    return record;
}

Result<RecordPage<FindingRecord>> Store::findings(const RecordQuery& query) const {
    Transaction transaction(*impl_->environment, Transaction::Kind::read);
    RecordPage<FindingRecord> page;
    const auto see = [&](const LogEntryRef& entry) {
        auto finding = decoded_or_counted(impl_->tables, decode_finding, entry.bytes);
        if (!finding || !in_time(query, finding->time_ns)) return Take::skip;
        page.items.push_back({entry.sequence, std::string(entry.owner), *std::move(finding)});
        return Take::take;
    };
    auto next = list_records(transaction, impl_->tables.findings,
                             log_query(query, ListingKind::findings, ListingKind::findings_of_incident), see);
    if (!next) return tl::unexpected<Error>(next.error());
    page.next = *std::move(next);
    return page;
}

Result<RecordPage<AuditRecord>> Store::audit(const RecordQuery& query) const {
    Transaction transaction(*impl_->environment, Transaction::Kind::read);
    RecordPage<AuditRecord> page;
    const auto see = [&](const LogEntryRef& entry) {
        auto record = decoded_or_counted(impl_->tables, decode_audit, entry.bytes);
        if (!record || !in_time(query, record->time_ns)) return Take::skip;
        record->sequence = entry.sequence;
        record->object = entry.owner;
        page.items.push_back(*std::move(record));
        return Take::take;
    };
    auto next = list_records(transaction, impl_->tables.audit,
                             log_query(query, ListingKind::audit, ListingKind::audit_of_object), see);
    if (!next) return tl::unexpected<Error>(next.error());
    page.next = *std::move(next);
    return page;
}

Result<StoredSettings> Store::settings() const {
    Transaction transaction(*impl_->environment, Transaction::Kind::read);
    StoredSettings out;
    lmdb::Range all(transaction, impl_->tables.settings, {}, {});
    while (all.next()) out.emplace(all.key(), all.value());
    if (auto read = transaction.status(); !read) return tl::unexpected<Error>(read.error());
    return out;
}

Result<void> Store::set(const StoredSettings& changes, const Actor& actor) {
    if (auto known = check(actor); !known) return known;
    for (const auto& [key, value] : changes)
        if (key.empty() || key.size() > setting_key_bytes_max || value.size() > setting_bytes_max)
            return fail(ErrorCode::invalid, "a setting has a key of 1…200 bytes and at most 4096 bytes", key);
    bool full = false;
    const auto done = impl_->writer->change([&](Transaction& transaction) {
        full = transaction.entries(impl_->tables.settings) + changes.size() > settings_max;
        if (full) return;
        for (const auto& [key, value] : changes) {
            const auto there = transaction.get(impl_->tables.settings, key);
            const std::string before(there.value_or(lmdb::Bytes{}));
            if (before == value) continue;
            if (value.empty())
                transaction.erase(impl_->tables.settings, key);
            else
                transaction.put(impl_->tables.settings, key, value);
            add_entry(transaction, impl_->tables,
                      {0, actor.time_ns, actor.name, "setting", key, before, value});
        }
    });
    if (done && full) return fail(ErrorCode::limit, "at most 1000 settings are kept");
    return done;
}

StoreStats Store::stats() const {
    StoreStats out = impl_->writer->stats();
    Transaction transaction(*impl_->environment, Transaction::Kind::read);
    out.incidents = transaction.entries(impl_->tables.incidents);
    out.findings = transaction.entries(impl_->tables.findings.records);
    out.audits = transaction.entries(impl_->tables.audit.records);
    out.size_bytes = bytes_in_use(transaction, impl_->tables);
    out.size_max_bytes = impl_->config.size_max_bytes;
    out.undecodable = impl_->tables.undecodable;
    return out;
}

Result<BulkResult> Store::change(const std::vector<std::string>& ids, const IncidentChange& change,
                                 const Actor& actor) {
    if (change.note && change.note->size() > note_bytes_max)
        return fail(ErrorCode::invalid, "a note has at most 4096 bytes", "note");
    if (auto known = check(actor); !known) return tl::unexpected<Error>(known.error());
    BulkResult result;
    const auto done = impl_->writer->change([&](Transaction& transaction) {
        result = {};
        for (const std::string& id : ids) {
            auto record = read_incident(transaction, impl_->tables, id);
            if (!record) {
                result.missing.push_back(id);
                continue;
            }
            const auto audit = [&](const AuditRecord& entry) {
                add_entry(transaction, impl_->tables, entry);
            };
            if (apply(*record, change, actor, audit)) write_incident(transaction, impl_->tables, *record);
            result.changed.push_back(*std::move(record));
        }
    });
    if (!done) return tl::unexpected<Error>(done.error());
    return result;
}

Result<BulkResult> Store::remove(const std::vector<std::string>& ids, const Actor& actor) {
    if (auto known = check(actor); !known) return tl::unexpected<Error>(known.error());
    BulkResult result;
    const auto done = impl_->writer->change([&](Transaction& transaction) {
        result = {};
        for (const std::string& id : ids) {
            if (!has_incident(transaction, impl_->tables, id)) {
                result.missing.push_back(id);
                continue;
            }
            auto record = read_incident(transaction, impl_->tables, id);
            erase_incident(transaction, impl_->tables, id);
            impl_->writer->bury(id);
            erase_records_of(transaction, impl_->tables.findings, id);
            const std::string before = record ? std::string(name_of(record->status)) : "unreadable";
            add_entry(transaction, impl_->tables,
                      {0, actor.time_ns, actor.name, "incident.delete", id, before, ""});
            if (!record) record.emplace().incident.id = id;
            result.changed.push_back(*std::move(record));
        }
    });
    if (!done) return tl::unexpected<Error>(done.error());
    return result;
}

Result<void> Store::add_audit(const AuditRecord& record) {
    if (encode(record).size() > record_bytes_max)
        return fail(ErrorCode::invalid, "an audit entry has at most 64 KiB", "audit");
    return impl_->writer->change(
        [&](Transaction& transaction) { add_entry(transaction, impl_->tables, record); });
}

void Store::expire(uint64_t now_ns) { impl_->writer->expire(now_ns); }

Result<void> Store::flush() {
    return impl_->writer->change([](Transaction&) {});
}

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// Opening the tables; see schema.hpp. Writer or opening thread.
#include "core/store/schema.hpp"

#include <array>

#include "core/store/keys.hpp"

namespace picket {
namespace {

using lmdb::Transaction;

constexpr const char* version_key = "schema";

/// Version 1 is what the tables hold when nothing is in them.
void make_first(Transaction&, const Tables&) {}

constexpr std::array<SchemaStep, 1> steps_so_far{{{1, make_first}}};

void open_all(Transaction& transaction, Tables& tables) {
    tables.meta = transaction.open("meta");
    tables.incidents = transaction.open("incidents");
    tables.incident_order = transaction.open("incident_order");
    tables.settings = transaction.open("settings");
    tables.findings.records = transaction.open("findings");
    tables.findings.by_owner = transaction.open("findings_by_incident");
    tables.audit.records = transaction.open("audit");
    tables.audit.by_owner = transaction.open("audit_by_object");
}

Result<void> refuse(const lmdb::Environment& environment, uint64_t version, uint64_t known) {
    return fail(ErrorCode::invalid,
                "the store is of version " + std::to_string(version) + ", this Picket knows up to " +
                    std::to_string(known),
                environment.dir().string(), "use the newer Picket, or move the folder away");
}

}  // namespace

std::span<const SchemaStep> schema_steps() { return steps_so_far; }

Result<void> open_tables(lmdb::Environment& environment, Tables& tables, std::span<const SchemaStep> steps) {
    Transaction transaction(environment, Transaction::Kind::write);
    open_all(transaction, tables);
    const auto stored = transaction.get(tables.meta, version_key);
    const uint64_t version = stored ? read_u64(*stored) : 0;
    const uint64_t known = steps.back().to;
    if (version > known) return refuse(environment, version, known);
    for (const SchemaStep& step : steps)
        if (step.to > version) step.run(transaction, tables);
    if (version < known) {
        std::string bytes;
        append_u64(bytes, known);
        transaction.put(tables.meta, version_key, bytes);
    }
    return transaction.commit();
}

uint64_t bytes_in_use(Transaction& transaction, const Tables& tables) {
    uint64_t out = 0;
    for (const lmdb::Database database :
         {tables.meta, tables.incidents, tables.incident_order, tables.settings, tables.findings.records,
          tables.findings.by_owner, tables.audit.records, tables.audit.by_owner})
        out += transaction.bytes(database);
    return out;
}

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// The tables of a store, and the version of their form. A store of an older version is brought up to date
// step by step, in one transaction; one of a newer version is refused. Writer or opening thread.
#pragma once
#include <atomic>
#include <cstdint>
#include <span>

#include "core/store/lmdb.hpp"

namespace picket {

/// Records in order of arrival (key: sequence), and the same by whom they belong to (key: owner, sequence).
struct LogTable {
    const char* name = "";  ///< in meta: the next sequence
    lmdb::Database records = 0, by_owner = 0;
};

struct Tables {
    lmdb::Database meta = 0;
    lmdb::Database incidents = 0;       ///< id → record
    lmdb::Database incident_order = 0;  ///< sort key → digest, four for each incident
    lmdb::Database settings = 0;        ///< key → value
    LogTable findings{"findings"};
    LogTable audit{"audit"};
    mutable std::atomic<uint64_t> undecodable{0};  ///< records that could not be read, and were passed over
};

/// Brings a store from version `to - 1` to `to`.
struct SchemaStep {
    uint64_t to;
    void (*run)(lmdb::Transaction&, const Tables&);
};
std::span<const SchemaStep> schema_steps();

/// Opens all tables, makes what is missing, brings them to the last of `steps`.
Result<void> open_tables(lmdb::Environment& environment, Tables& tables,
                         std::span<const SchemaStep> steps = schema_steps());
/// Bytes of all pages that hold something.
uint64_t bytes_in_use(lmdb::Transaction& transaction, const Tables& tables);

}  // namespace picket

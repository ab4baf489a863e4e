// SPDX-License-Identifier: Apache-2.0
// What the handlers may ask of the running daemon. core/service implements it; tests have one of their own.
// Any thread; none of it waits longer than a second, but for the store's disk.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/engine/status.hpp"
#include "core/model/result.hpp"
#include "core/plugin/registry.hpp"
#include "core/response/incident_diff.hpp"
#include "core/store/store.hpp"

namespace picket {

/// A counter that some policy declared.
struct CounterInfo {
    std::string name;  ///< "port_scan.tries"
    std::string policy;
    std::vector<std::string> key;       ///< names of the key's fields
    std::vector<std::string> measures;  ///< names
    std::string table;                  ///< "src,dst outbound": TableStats::key
    uint64_t window_ns = 0;
};
struct CounterRow {
    std::vector<std::string> key;  ///< as texts
    std::vector<double> values;    ///< by measure
};
struct CounterQuery {
    std::string counter;
    std::string sort;   ///< a measure; empty: the first
    size_t limit = 20;  ///< 1…1000
};
struct CounterRows {
    CounterInfo counter;
    uint64_t time_ns = 0;         ///< end of the tick that the values belong to
    uint64_t rows = 0;            ///< with traffic in their window
    std::vector<CounterRow> top;  ///< highest first
};

/// What a reload came to.
struct ReloadReport {
    bool applied = false;
    std::vector<Error> problems;             ///< why not
    std::vector<std::string> changed;        ///< keys that hold now
    std::vector<std::string> needs_restart;  ///< keys that changed in the files, and wait for a restart
};

/// A candidate set of policies, and what it would change.
struct ShadowView {
    std::string dir;
    uint64_t since_ns = 0, time_ns = 0;
    std::vector<PolicyStatus> policies;
    std::vector<DiffEntry> differences;
    std::array<size_t, 4> counts{};  ///< by DiffKind
    uint64_t not_kept = 0;           ///< incidents for which the book had no room
};

class ApiBackend {
  public:
    virtual ~ApiBackend() = default;
    /// Never null. Published once a second.
    [[nodiscard]] virtual std::shared_ptr<const DaemonStatus> status() const = 0;
    [[nodiscard]] virtual std::vector<CounterInfo> counters() const = 0;
    /// not_found: no such counter or measure; limit: too many ask.
    virtual Result<CounterRows> counter_rows(const CounterQuery& query) = 0;
    [[nodiscard]] virtual Store& store() = 0;
    [[nodiscard]] virtual const PluginRegistry& plugins() const = 0;
    /// After the store has changed or removed these: the tracker learns of it.
    virtual void incidents_changed(const std::vector<std::string>& ids) = 0;
    /// Reads everything again, with these settings changed and kept if they are right. None: a mere reload.
    virtual Result<ReloadReport> change_settings(const StoredSettings& changes, const Actor& actor) = 0;
    /// not_found: there is none.
    virtual Result<ShadowView> shadow() = 0;
    /// Has the policies of a folder run beside the live ones.
    virtual Result<ReloadReport> start_shadow(const std::string& dir) = 0;
    virtual Result<void> discard_shadow() = 0;
    /// The candidate becomes the live set, also after a restart.
    virtual Result<ReloadReport> promote_shadow(const Actor& actor) = 0;
    [[nodiscard]] virtual uint64_t now_ns() const = 0;
};

}  // namespace picket

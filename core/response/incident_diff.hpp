// SPDX-License-Identifier: Apache-2.0
// What a candidate set of policies would have found and the live one has not, and the other way round: two
// streams of incidents side by side, matched by type and subject. Bounded. One thread.
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/response/incidents.hpp"

namespace picket {

enum class DiffKind : uint8_t {
    added,    ///< only the candidate has it
    dropped,  ///< only the live set has it
    moved,    ///< both have it, at another time
    same,
};
inline constexpr std::array<std::string_view, 4> diff_kind_names{"added", "dropped", "moved", "same"};
inline std::string_view name_of(DiffKind kind) { return diff_kind_names[static_cast<size_t>(kind)]; }

/// Incidents of one type and subject, as one set of policies saw them.
struct DiffSide {
    uint64_t opened_ns = 0;  ///< the first; 0: none
    uint32_t incidents = 0;
    Severity severity = Severity::info;
    std::string reason;
};
struct DiffEntry {
    std::string type, subject;
    DiffSide live, candidate;
    bool went_on = false;  ///< the live one was there before the comparison began
    [[nodiscard]] DiffKind kind() const;
};

class IncidentDiff {
  public:
    explicit IncidentDiff(size_t entries_max = 10'000)
        : live_(*this, &DiffEntry::live)
        , candidate_(*this, &DiffEntry::candidate)
        , entries_max_(entries_max) {}
    IncidentDiff(const IncidentDiff&) = delete;
    IncidentDiff& operator=(const IncidentDiff&) = delete;

    EventSink& live() { return live_; }
    EventSink& candidate() { return candidate_; }
    /// A live incident that goes on as the comparison begins.
    void begin_with(const Incident& incident);

    /// What is not the same, by type and subject.
    [[nodiscard]] std::vector<DiffEntry> differences() const;
    /// By DiffKind.
    [[nodiscard]] std::array<size_t, 4> counts() const;
    /// Incidents that found no room.
    [[nodiscard]] uint64_t not_kept() const { return not_kept_; }

  private:
    class Side final : public EventSink {
      public:
        Side(IncidentDiff& diff, DiffSide DiffEntry::*side)
            : diff_(diff)
            , side_(side) {}
        void on_finding(const Finding&, const Incident&) override {}
        void on_incident(const Incident& incident) override {
            if (incident.active()) diff_.note(side_, incident);
        }

      private:
        IncidentDiff& diff_;
        DiffSide DiffEntry::*side_;
    };

    DiffEntry* note(DiffSide DiffEntry::*side, const Incident& incident);

    Side live_, candidate_;
    size_t entries_max_;
    std::map<std::pair<std::string, std::string>, DiffEntry> entries_;
    uint64_t not_kept_ = 0;
};

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// The JSON form of events: one object a line, keys in a fixed order. Other programs read it, so keys are only
// ever appended. The same input gives the same bytes. Any thread.
#pragma once
#include <string>

#include "core/engine/replay.hpp"
#include "core/model/finding.hpp"
#include "core/response/incidents.hpp"

namespace picket {

/// `incident`: the one that the finding belongs to.
std::string finding_json(const Finding& finding, const Incident& incident);
/// `time` is the moment of the change that is told: opening or closing.
std::string incident_json(const Incident& incident);
/// `files_truncated`: capture files that broke off before their end.
std::string summary_json(const ReplaySummary& summary, uint64_t files_truncated);

}  // namespace picket

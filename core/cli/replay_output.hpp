// SPDX-License-Identifier: Apache-2.0
// What a replay prints while it runs and when it ends: JSON lines for programs, or a table for people. Main
// thread.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "core/engine/replay.hpp"
#include "core/response/incidents.hpp"
#include "core/terminal/terminal.hpp"

namespace picket {

class ReplayOutput : public EventSink {
  public:
    /// `warnings`: what the reader of the files had to say: files that break off, and the like.
    virtual void on_end(const ReplaySummary& summary, uint64_t files_truncated) = 0;
};

std::unique_ptr<ReplayOutput> make_json_output();
std::unique_ptr<ReplayOutput> make_table_output(Progress& progress);

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// The two outputs of a replay. Main thread.
#include "core/cli/replay_output.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/api/event_json.hpp"
#include "core/model/duration.hpp"
#include "core/terminal/table.hpp"

namespace picket {
namespace {

void print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

class JsonOutput final : public ReplayOutput {
  public:
    void on_finding(const Finding& finding, const Incident& incident) override {
        print(finding_json(finding, incident) + '\n');
    }
    void on_incident(const Incident& incident) override { print(incident_json(incident) + '\n'); }
    void on_end(const ReplaySummary& summary, uint64_t files_truncated) override {
        print(summary_json(summary, files_truncated) + '\n');
    }
};

/// Findings as they come; at the end the incidents that they were part of, worst first.
class TableOutput final : public ReplayOutput {
  public:
    explicit TableOutput(Progress& progress)
        : progress_(progress)
        , colours_(wants_colours(stdout)) {}

    void on_finding(const Finding& finding, const Incident&) override {
        progress_.clear();
        if (!head_printed_) print(table_head(columns(), colours_));
        head_printed_ = true;
        const std::string who =
            finding.target.empty() ? finding.subject : finding.subject + " → " + finding.target;
        const std::string row =
            table_row(columns(), {time_text(finding.time_ns), std::string(name_of(finding.severity)),
                                  finding.type, who, finding.reason});
        print(coloured(finding.severity, std::string_view(row).substr(0, row.size() - 1), colours_) + '\n');
    }

    void on_incident(const Incident& incident) override {
        if (incident.active()) return;
        ++closed_;
        if (incidents_.size() < incidents_max) incidents_.push_back(incident);
    }

    void on_end(const ReplaySummary& summary, uint64_t files_truncated) override {
        progress_.clear();
        print_incidents();
        print_summary(summary, files_truncated);
    }

  private:
    static constexpr size_t incidents_max = 1000;  ///< kept for the end; the others are only counted

    static const std::vector<Column>& columns() {
        static const std::vector<Column> all{{"time", 24, false},
                                             {"severity", 8, false},
                                             {"type", 30, false},
                                             {"subject → target", 34, false},
                                             {"reason", 0, false}};
        return all;
    }

    void print_incidents() {
        if (incidents_.empty()) return;
        std::stable_sort(incidents_.begin(), incidents_.end(),
                         [](const Incident& a, const Incident& b) { return a.severity > b.severity; });
        std::vector<std::vector<std::string>> rows;
        for (const Incident& incident : incidents_)
            rows.push_back({std::string(name_of(incident.severity)), incident.type, incident.subject,
                            std::to_string(incident.targets.size() + incident.targets_more),
                            grouped(incident.findings),
                            duration_text((incident.last_ns - incident.opened_ns) / ns_per_ms * ns_per_ms)});
        print("\nIncidents\n");
        print(table_text({{"severity", 0, false},
                          {"type", 0, false},
                          {"subject", 0, false},
                          {"targets", 0, true},
                          {"findings", 0, true},
                          {"lasted", 0, true}},
                         rows, colours_));
        if (closed_ > incidents_.size())
            print(fmt::format("and {} more\n", grouped(closed_ - incidents_.size())));
    }

    static void print_summary(const ReplaySummary& summary, uint64_t files_truncated) {
        const double rate = summary.seconds > 0 ? static_cast<double>(summary.packets) / summary.seconds : 0;
        print(fmt::format("\n{} packets, {} bytes, {} flows; findings: {}, incidents: {}\n",
                          grouped(summary.packets), grouped(summary.bytes), grouped(summary.flows),
                          grouped(summary.findings), grouped(summary.incidents)));
        print(fmt::format("{:.2f} s, {} packets/s\n", summary.seconds, grouped(static_cast<uint64_t>(rate))));
        const auto decoded = [&](DecodeResult result) {
            return summary.decoded.at(static_cast<size_t>(result));
        };
        const std::vector<std::pair<const char*, uint64_t>> notes{
            {"files that break off before their end", files_truncated},
            {"packets not counted for want of room", summary.dropped},
            {"packets late by more than a tick", summary.late},
            {"packets that are not IP", decoded(DecodeResult::not_ip)},
            {"packets cut before their headers end", decoded(DecodeResult::truncated)},
            {"packets with contradictory headers", decoded(DecodeResult::malformed)},
            {"packets of an unknown link type", decoded(DecodeResult::unknown_link_type)},
        };
        for (const auto& [what, count] : notes)
            if (count > 0) print(fmt::format("{} {}\n", grouped(count), what));
    }

    Progress& progress_;
    bool colours_, head_printed_ = false;
    std::vector<Incident> incidents_;
    uint64_t closed_ = 0;
};

}  // namespace

std::unique_ptr<ReplayOutput> make_json_output() { return std::make_unique<JsonOutput>(); }
std::unique_ptr<ReplayOutput> make_table_output(Progress& progress) {
    return std::make_unique<TableOutput>(progress);
}

}  // namespace picket

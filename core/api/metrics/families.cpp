// SPDX-License-Identifier: Apache-2.0
// The tables: one line for each family. Labels are names of sources, tables, policies and actions, of which
// the configuration bounds the number. Any thread.
#include "core/api/metrics/families.hpp"

#include <algorithm>
#include <array>

#include "core/api/status_json.hpp"

namespace picket {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

/// The samples of a family under construction.
class Samples {
  public:
    explicit Samples(prometheus::MetricFamily& family)
        : family_(family) {}
    void add(double value, Labels labels = {}) {
        ClientMetric metric;
        metric.label = std::move(labels);
        (family_.type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
        family_.metric.push_back(std::move(metric));
    }
    void add(uint64_t value, Labels labels = {}) { add(static_cast<double>(value), std::move(labels)); }

  private:
    prometheus::MetricFamily& family_;
};

struct Family {
    const char* name;
    const char* help;
    MetricType type;
    void (*collect)(const Scrape&, Samples&);
};

constexpr MetricType counter = MetricType::Counter;
constexpr MetricType gauge = MetricType::Gauge;

double seconds(uint64_t ns) { return static_cast<double>(ns) / 1e9; }

/// For families with one sample: an expression of `status`, `store`, `api` or `streams`.
#define VALUE(expression)                                                                                    \
    [](const Scrape& scrape, Samples& out) {                                                                 \
        [[maybe_unused]] const DaemonStatus& status = scrape.status;                                         \
        [[maybe_unused]] const StoreStats& store = scrape.store;                                             \
        out.add(expression);                                                                                 \
    }
/// For families with one sample for each member of a list of the status: an expression of `of`.
#define EACH(list, label, expression)                                                                        \
    [](const Scrape& scrape, Samples& out) {                                                                 \
        for (const auto& of : scrape.status.list) out.add(expression, {{label, label_of(of)}});              \
    }

const std::string& label_of(const SourceStatus& source) { return source.name; }
const std::string& label_of(const TableStats& table) { return table.key; }
const std::string& label_of(const PolicyStatus& policy) { return policy.name; }

template <size_t n>
void add_counts(Samples& out, const char* label, const std::array<const char*, n>& names,
                const std::array<uint64_t, n>& counts) {
    for (size_t i = 0; i < n; ++i) out.add(counts.at(i), {{label, names.at(i)}});
}

const Family daemon_families[] = {
    {"picket_build_info", "The version that runs; always 1.", gauge,
     [](const Scrape&, Samples& out) {
         out.add(1.0, {{"version", PICKET_VERSION}});
     }},
    {"picket_healthy", "1 while nothing is wrong; picket status says what is.", gauge,
     VALUE(status.problems.empty() ? 1.0 : 0.0)},
    {"picket_uptime_seconds", "Time since the start.", gauge,
     VALUE(seconds(status.time_ns - std::min(status.started_ns, status.time_ns)))},
    {"picket_ticks_total", "Ticks that were run.", counter, VALUE(status.tick.ticks)},
    {"picket_ticks_late_total", "Ticks that took longer than engine.tick.", counter, VALUE(status.tick.late)},
    {"picket_tick_longest_seconds", "The longest tick since the start.", gauge,
     VALUE(seconds(status.tick.longest_ns))},
    {"picket_packets_total", "Packets that were decoded.", counter, VALUE(status.capture.packets)},
    {"picket_flows_total", "New flows.", counter, VALUE(status.capture.flows)},
    {"picket_records_dropped_total", "Flow records lost because the engine was behind.", counter,
     VALUE(status.capture.records_dropped)},
    {"picket_direction_packets_total", "Packets by direction, seen from engine.local.", counter,
     [](const Scrape& scrape, Samples& out) {
         add_counts<direction_count>(out, "direction", {"inbound", "outbound", "internal", "transit"},
                                     scrape.status.engine.packets_by_direction);
     }},
    {"picket_decode_packets_total", "Packets by what decoding came to.", counter,
     [](const Scrape& scrape, Samples& out) {
         add_counts<decode_result_count>(out, "result",
                                         {"ok", "not_ip", "truncated", "malformed", "unknown_link_type"},
                                         scrape.status.capture.decoded);
     }},
    {"picket_incidents_open", "Incidents for which findings keep coming.", gauge,
     VALUE(status.incidents_open)},
    {"picket_incidents_opened_total", "Incidents that were opened.", counter, VALUE(status.incidents.opened)},
    {"picket_incidents_closed_total", "Incidents that were closed.", counter, VALUE(status.incidents.closed)},
    {"picket_incidents_closed_early_total", "Incidents closed for want of room.", counter,
     VALUE(status.incidents.closed_early)},
    {"picket_findings_total", "Findings of all detectors.", counter, VALUE(status.incidents.findings)},
    {"picket_findings_passed_on_total", "Findings that said something new.", counter,
     VALUE(status.incidents.passed_on)},
    {"process_resident_memory_bytes", "Resident memory.", gauge, VALUE(status.memory_bytes)},
    {"process_start_time_seconds", "Start of the process, in Unix time.", gauge,
     VALUE(seconds(status.started_ns))},
};

const Family part_families[] = {
    {"picket_source_packets_total", "Packets that a source handed on.", counter,
     EACH(sources, "source", of.stats.received)},
    {"picket_source_dropped_total", "Packets that a source lost, and where.", counter,
     [](const Scrape& scrape, Samples& out) {
         for (const SourceStatus& source : scrape.status.sources) {
             out.add(source.stats.dropped_kernel, {{"source", source.name}, {"where", "kernel"}});
             out.add(source.stats.dropped_interface, {{"source", source.name}, {"where", "interface"}});
         }
     }},
    {"picket_source_truncated_total", "Packets captured shorter than they were.", counter,
     EACH(sources, "source", of.stats.truncated)},
    {"picket_source_malformed_total", "Records that a source could not read.", counter,
     EACH(sources, "source", of.stats.malformed)},
    {"picket_source_failures_total", "Calls for packets that failed.", counter,
     EACH(sources, "source", of.failures)},
    {"picket_source_interfaces", "Interfaces of a source by state.", gauge,
     [](const Scrape& scrape, Samples& out) {
         for (const SourceStatus& source : scrape.status.sources) {
             out.add(uint64_t{source.stats.interfaces_up}, {{"source", source.name}, {"state", "up"}});
             out.add(uint64_t{source.stats.interfaces_down}, {{"source", source.name}, {"state", "down"}});
         }
     }},
    {"picket_table_rows", "Rows in use.", gauge, EACH(tables, "table", uint64_t{of.rows})},
    {"picket_table_rows_max", "Rows that there is room for.", gauge,
     EACH(tables, "table", uint64_t{of.rows_max})},
    {"picket_table_evictions_total", "Rows that made room for others while in use.", counter,
     EACH(tables, "table", of.evicted)},
    {"picket_table_refused_packets_total", "Packets not counted because all rows in reach were heavier.",
     counter, EACH(tables, "table", of.refused)},
    {"picket_table_memory_bytes", "Memory of a table.", gauge, EACH(tables, "table", of.memory_bytes)},
    {"picket_table_sampled_sets", "Sets of distinct values that are estimates by now.", gauge,
     EACH(tables, "table", of.sampled_sets)},
    {"picket_policies", "Policies by state.", gauge,
     [](const Scrape& scrape, Samples& out) {
         add_counts<3>(out, "state", {"running", "off", "stopped"}, policy_states(scrape.status.policies));
     }},
    {"picket_policy_stopped", "1 where a policy was stopped after an error.", gauge,
     EACH(policies, "policy", of.state == PolicyState::stopped ? 1.0 : 0.0)},
    {"picket_policy_fell_back", "1 where the version before runs again, as the newer one failed.", gauge,
     EACH(policies, "policy", of.fell_back ? 1.0 : 0.0)},
    {"picket_policy_mode", "How far a policy may go: 0 off, 1 observe, 2 dry run, 3 enforce.", gauge,
     EACH(policies, "policy", static_cast<double>(of.mode))},
    {"picket_reloads_total", "Reloads by what came of them.", counter,
     [](const Scrape& scrape, Samples& out) {
         out.add(scrape.status.reloads.applied, {{"result", "applied"}});
         out.add(scrape.status.reloads.refused, {{"result", "refused"}});
     }},
    {"picket_reload_refused", "1 where the last reload was refused: what runs is not what the files say.",
     gauge,
     [](const Scrape& scrape, Samples& out) {
         out.add(scrape.status.reloads.problems.empty() ? 0.0 : 1.0, {});
     }},
    {"picket_policy_calls_total", "Calls of a detector.", counter, EACH(policies, "policy", of.calls)},
    {"picket_policy_seconds_total", "Processor time of a detector.", counter,
     EACH(policies, "policy", seconds(of.call_ns))},
    {"picket_policy_longest_call_seconds", "The longest call of a detector.", gauge,
     EACH(policies, "policy", seconds(of.longest_call_ns))},
    {"picket_policy_memory_bytes", "Memory of a policy's Lua state.", gauge,
     EACH(policies, "policy", of.memory_bytes)},
    {"picket_policy_findings_total", "Findings of a policy.", counter, EACH(policies, "policy", of.findings)},
    {"picket_policy_findings_dropped_total", "Findings of a policy beyond its bound.", counter,
     EACH(policies, "policy", of.findings_dropped)},
    {"picket_policy_errors_total", "Errors of a policy.", counter, EACH(policies, "policy", of.errors)},
    {"picket_action_requests_total", "Requests to an action by what came of them.", counter,
     [](const Scrape& scrape, Samples& out) {
         for (const ActionStatus& action : scrape.status.actions) {
             out.add(action.done, {{"action", action.name}, {"result", "done"}});
             out.add(action.failed, {{"action", action.name}, {"result", "failed"}});
             out.add(action.retried, {{"action", action.name}, {"result", "retried"}});
             out.add(action.dropped, {{"action", action.name}, {"result", "dropped"}});
         }
     }},
};

const Family store_families[] = {
    {"picket_store_incidents", "Incidents that are kept.", gauge, VALUE(store.incidents)},
    {"picket_store_findings", "Findings that are kept.", gauge, VALUE(store.findings)},
    {"picket_store_audits", "Audit entries that are kept.", gauge, VALUE(store.audits)},
    {"picket_store_size_bytes", "Space that the store uses.", gauge, VALUE(store.size_bytes)},
    {"picket_store_size_max_bytes", "Space that the store may use.", gauge, VALUE(store.size_max_bytes)},
    {"picket_store_commits_total", "Transactions that were written.", counter, VALUE(store.commits)},
    {"picket_store_refused_total", "Puts for which there was no room in the queue.", counter,
     VALUE(store.refused)},
    {"picket_store_failed_total", "Puts that could not be written.", counter, VALUE(store.failed)},
    {"picket_store_undecodable_total", "Records that could not be read, and were passed over.", counter,
     VALUE(store.undecodable)},
    {"picket_store_expired_total", "Records that went by age, by number or for want of space.", counter,
     VALUE(store.expired)},
};

const Family api_families[] = {
    {"picket_api_requests_total", "Answers by class of status.", counter,
     [](const Scrape& scrape, Samples& out) {
         for (size_t i = 2; i < scrape.api.responses.size(); ++i)
             out.add(scrape.api.responses.at(i).load(), {{"code", std::to_string(i) + "xx"}});
     }},
    {"picket_api_connections", "Open connections.", gauge, VALUE(scrape.api.connections.load())},
    {"picket_api_cut_off_total", "Connections closed because they took too long.", counter,
     VALUE(scrape.api.cut_off.load())},
    {"picket_api_refused_busy_total", "Requests refused because too many waited.", counter,
     VALUE(scrape.api.refused_busy.load())},
    {"picket_stream_clients", "Clients of the event stream.", gauge, VALUE(scrape.streams.clients)},
    {"picket_stream_events_total", "Events that were published to somebody.", counter,
     VALUE(scrape.streams.published)},
    {"picket_stream_dropped_total", "Events that a slow client did not get.", counter,
     VALUE(scrape.streams.dropped)},
    {"picket_stream_cut_off_total", "Clients of the stream that were too slow.", counter,
     VALUE(scrape.streams.cut_off)},
};
#undef VALUE
#undef EACH

void collect(std::span<const Family> table, const Scrape& scrape,
             std::vector<prometheus::MetricFamily>& out) {
    for (const Family& family : table) {
        prometheus::MetricFamily made{family.name, family.help, family.type, {}};
        Samples samples(made);
        family.collect(scrape, samples);
        if (!made.metric.empty()) out.push_back(std::move(made));
    }
}

}  // namespace

std::vector<prometheus::MetricFamily> state_families(const Scrape& scrape) {
    std::vector<prometheus::MetricFamily> out;
    collect(daemon_families, scrape, out);
    collect(part_families, scrape, out);
    collect(store_families, scrape, out);
    collect(api_families, scrape, out);
    return out;
}

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// One object literal for each shape of etc/openapi.yaml. Any thread.
#include "core/api/status_json.hpp"

#include <unistd.h>

namespace picket {
namespace {

constexpr std::array<std::string_view, 3> state_names{"running", "off", "stopped"};
constexpr std::array<const char*, direction_count> direction_names{"inbound", "outbound", "internal",
                                                                   "transit"};
constexpr std::array<const char*, decode_result_count> decode_names{"ok", "not_ip", "truncated", "malformed",
                                                                    "unknown_link_type"};

template <size_t n>
Json named_counts(const std::array<const char*, n>& names, const std::array<uint64_t, n>& counts) {
    Json out = Json::object();
    for (size_t i = 0; i < n; ++i) out[names.at(i)] = counts.at(i);
    return out;
}

template <typename T, typename Make>
Json array_of(const std::vector<T>& items, const Make& make) {
    Json out = Json::array();
    for (const T& item : items) out.push_back(make(item));
    return out;
}

Json health_object(const DaemonStatus& status) {
    return Json{{"ok", status.problems.empty()}, {"reasons", status.problems}};
}

Json action_object(const ActionStatus& action) {
    return Json{{"name", action.name},
                {"done", action.done},
                {"failed", action.failed},
                {"retried", action.retried},
                {"dropped", action.dropped}};
}

Json table_object(const TableStats& table) {
    return Json{{"key", table.key},
                {"rows", table.rows},
                {"rows_max", table.rows_max},
                {"evicted", table.evicted},
                {"refused", table.refused},
                {"heaviest_evicted", table.heaviest_evicted},
                {"memory_bytes", table.memory_bytes},
                {"sampled_sets", table.sampled_sets}};
}

Json store_object(const StoreStats& store) {
    return Json{{"incidents", store.incidents},
                {"findings", store.findings},
                {"audits", store.audits},
                {"size_bytes", store.size_bytes},
                {"size_max_bytes", store.size_max_bytes},
                {"commits", store.commits},
                {"refused", store.refused},
                {"failed", store.failed},
                {"undecodable", store.undecodable},
                {"expired", store.expired},
                {"last_error", store.last_error}};
}

Json tick_object(const TickStatus& tick) {
    return Json{{"count", tick.ticks},
                {"last_seconds", json_seconds(tick.last_ns)},
                {"longest_seconds", json_seconds(tick.longest_ns)},
                {"late", tick.late}};
}

Json incidents_object(const DaemonStatus& status) {
    return Json{{"open", status.incidents_open},         {"opened", status.incidents.opened},
                {"closed", status.incidents.closed},     {"closed_early", status.incidents.closed_early},
                {"findings", status.incidents.findings}, {"passed_on", status.incidents.passed_on}};
}

Json optional_number(const std::optional<double>& value) {
    return value ? json_number(*value) : Json(nullptr);
}

/// As in the configuration, but as JSON's own types where there is one.
struct ParamValue {
    const OptionSpec& spec;
    const OptionValue& value;
    Json operator()(bool flag) const { return flag; }
    Json operator()(int64_t number) const { return number; }
    Json operator()(double number) const { return json_number(number); }
    Json operator()(const std::string& text) const { return text; }
    Json operator()(const std::vector<std::string>& texts) const { return texts; }
    Json operator()(uint64_t) const {
        const std::string text = option_text(spec, value);
        const bool is_quoted = text.size() >= 2 && text.front() == '"';
        return is_quoted ? text.substr(1, text.size() - 2) : text;
    }
    Json operator()(const std::vector<PortRange>& ports) const {
        Json out = Json::array();
        for (const PortRange& range : ports)
            out.push_back(range.first == range.last
                              ? Json(range.first)
                              : Json(std::to_string(range.first) + "-" + std::to_string(range.last)));
        return out;
    }
};

}  // namespace

std::string_view name_of(PolicyState state) { return state_names.at(static_cast<size_t>(state)); }

std::array<uint64_t, 3> policy_states(const std::vector<PolicyStatus>& policies) {
    std::array<uint64_t, 3> out{};
    for (const PolicyStatus& policy : policies) ++out.at(static_cast<size_t>(policy.state));
    return out;
}

Json finding_record_object(const FindingRecord& record) {
    Json out{{"sequence", record.sequence}};
    out.update(finding_object(record.finding, record.incident));
    return out;
}

Json source_object(const SourceStatus& source) {
    return Json{{"name", source.name},
                {"shards", source.shards},
                {"received", source.stats.received},
                {"dropped_kernel", source.stats.dropped_kernel},
                {"dropped_interface", source.stats.dropped_interface},
                {"truncated", source.stats.truncated},
                {"malformed", source.stats.malformed},
                {"failures", source.failures},
                {"interfaces_up", source.stats.interfaces_up},
                {"interfaces_down", source.stats.interfaces_down}};
}

Json params_array(const std::vector<PolicyParam>& params) {
    return array_of(params, [](const PolicyParam& param) {
        return Json{{"name", param.spec.name},
                    {"value", std::visit(ParamValue{param.spec, param.value}, param.value)},
                    {"origin", param.origin},
                    {"unit", param.spec.unit},
                    {"help", param.spec.help},
                    {"min", optional_number(param.spec.min)},
                    {"max", optional_number(param.spec.max)}};
    });
}

Json reloads_object(const ReloadStatus& reloads) {
    return Json{{"applied", reloads.applied},
                {"refused", reloads.refused},
                {"last", reloads.last_ns == 0 ? Json() : json_time(reloads.last_ns)},
                {"last_by", reloads.last_by},
                {"problems", reloads.problems}};
}

/// What a group sees in another way than all others do.
Json group_object(const PolicyGroup& group, const std::vector<PolicyParam>& params) {
    std::vector<PolicyParam> own;
    for (size_t i = 0; i < group.params.size(); ++i)
        if (group.params[i].origin != params[i].origin) own.push_back(group.params[i]);
    return Json{
        {"name", group.name},
        {"prefixes", array_of(group.prefixes, [](const Prefix& prefix) { return Json(prefix.text()); })},
        {"params", params_array(own)}};
}

Json policy_object(const PolicyStatus& policy) {
    return Json{{"name", policy.name},
                {"summary", policy.summary},
                {"file", policy.file},
                {"hash", policy.hash},
                {"state", name_of(policy.state)},
                {"mode", name_of(policy.mode)},
                {"mode_origin", policy.mode_origin},
                {"fell_back", policy.fell_back},
                {"last_error", policy.last_error},
                {"calls", policy.calls},
                {"seconds", json_seconds(policy.call_ns)},
                {"longest_seconds", json_seconds(policy.longest_call_ns)},
                {"memory_bytes", policy.memory_bytes},
                {"findings", policy.findings},
                {"findings_dropped", policy.findings_dropped},
                {"errors", policy.errors},
                {"params", params_array(policy.params)},
                {"groups", array_of(policy.groups, [&](const PolicyGroup& group) {
                     return group_object(group, policy.params);
                 })}};
}

Json status_object(const DaemonStatus& status, const StoreStats& store) {
    const auto states = policy_states(status.policies);
    return Json{
        {"version", PICKET_VERSION},
        {"pid", ::getpid()},
        {"started", json_time(status.started_ns)},
        {"time", json_time(status.time_ns)},
        {"uptime_seconds", json_seconds(status.time_ns - std::min(status.started_ns, status.time_ns))},
        {"health", health_object(status)},
        {"memory_bytes", status.memory_bytes},
        {"tick", tick_object(status.tick)},
        {"packets", status.capture.packets},
        {"flows", status.capture.flows},
        {"records_dropped", status.capture.records_dropped},
        {"directions", named_counts(direction_names, status.engine.packets_by_direction)},
        {"decoded", named_counts(decode_names, status.capture.decoded)},
        {"sources", array_of(status.sources, source_object)},
        {"actions", array_of(status.actions, action_object)},
        {"tables", array_of(status.tables, table_object)},
        {"policies", {{"running", states[0]}, {"off", states[1]}, {"stopped", states[2]}}},
        {"reloads", reloads_object(status.reloads)},
        {"incidents", incidents_object(status)},
        {"store", store_object(store)},
    };
}

Json stream_status_object(const DaemonStatus& status) {
    return Json{{"time", json_time(status.time_ns)},
                {"health", health_object(status)},
                {"packets", status.capture.packets},
                {"flows", status.capture.flows},
                {"records_dropped", status.capture.records_dropped},
                {"incidents_open", status.incidents_open},
                {"memory_bytes", status.memory_bytes},
                {"tick_seconds", json_seconds(status.tick.last_ns)}};
}

}  // namespace picket

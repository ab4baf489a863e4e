// SPDX-License-Identifier: Apache-2.0
// Why an incident was raised: what is stored of it and of its findings, told in sentences and as numbers.
// Workers.
#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/api/handlers/handlers.hpp"
#include "core/api/json.hpp"
#include "core/api/status_json.hpp"
#include "core/config/option_text.hpp"

namespace picket {
namespace {

constexpr size_t targets_told = 5;

/// All that there is to tell.
struct Case {
    IncidentRecord record;
    std::optional<FindingRecord> first, latest;
    std::optional<PolicyStatus> policy;  ///< as it is loaded now
};

struct Measured {
    std::string name;
    double value = 0, peak = 0;
    std::optional<double> limit;
};

std::optional<double> value_of(const std::vector<std::pair<std::string, double>>& values,
                               const std::string& name) {
    const auto at =
        std::find_if(values.begin(), values.end(), [&](const auto& pair) { return pair.first == name; });
    if (at == values.end()) return std::nullopt;
    return at->second;
}

/// Of the latest finding; where none is kept any more, the highest values of the incident.
std::vector<Measured> measures_of(const Case& of) {
    const Incident& incident = of.record.incident;
    std::vector<Measured> out;
    for (const auto& [name, value] : of.latest ? of.latest->finding.measures : incident.peaks)
        out.push_back({name, value, value_of(incident.peaks, name).value_or(value),
                       of.latest ? value_of(of.latest->finding.limits, name) : std::nullopt});
    return out;
}

std::string subject_sentence(const Incident& incident) {
    std::string targets;
    if (!incident.targets.empty()) {
        const size_t told = std::min(incident.targets.size(), targets_told);
        targets = fmt::format(" toward {}",
                              fmt::join(incident.targets.begin(),
                                        incident.targets.begin() + static_cast<ptrdiff_t>(told), ", "));
        if (incident.targets.size() > told)
            targets += fmt::format(" and {} more", incident.targets.size() - told);
        if (incident.targets_more > 0)
            targets += fmt::format(", with {} findings toward others", incident.targets_more);
    }
    return fmt::format("{} was reported for {}{}: {}.", incident.subject, incident.type, targets,
                       incident.reason);
}

std::string time_sentence(const Incident& incident) {
    const uint64_t lasted_ns = incident.last_ns - std::min(incident.opened_ns, incident.last_ns);
    return fmt::format("It began at {} and was last seen at {}, after {}, with {} {}; {}.",
                       time_text(incident.opened_ns), time_text(incident.last_ns), duration_text(lasted_ns),
                       incident.findings, incident.findings == 1 ? "finding" : "findings",
                       incident.active() ? "it still goes on"
                                         : "it ended at " + time_text(incident.closed_ns));
}

std::string limit_sentence(const Measured& measured, const Finding& latest) {
    const double limit = *measured.limit, margin = measured.value - limit;
    std::string out = fmt::format("At {} {} was {}, and the limit is {}: ", time_text(latest.time_ns),
                                  measured.name, number_text(measured.value), number_text(limit));
    if (margin > 0 && limit > 0)
        out += fmt::format("{} above it, {:.0f} %", number_text(margin), 100 * margin / limit);
    else
        out += margin > 0 ? fmt::format("{} above it", number_text(margin)) : std::string("exactly reached");
    if (measured.peak > measured.value)
        out += fmt::format("; the highest was {}", number_text(measured.peak));
    return out + ".";
}

std::string silence_sentence(const std::vector<Measured>& measures, const std::string& policy) {
    std::vector<std::string> parts;
    for (const Measured& measured : measures)
        if (measured.limit)
            parts.push_back(fmt::format("{} below {}", measured.name, number_text(*measured.limit)));
    const bool one = parts.size() == 1;
    return fmt::format("Had {}{} stayed{}, {} would have been silent.", one ? "" : "any one of these ",
                       one ? parts.front().substr(0, parts.front().find(' '))
                           : fmt::format("({})", fmt::join(parts, ", ")),
                       one ? parts.front().substr(parts.front().find(' ')) : "", policy);
}

std::string other_measures_sentence(const std::vector<Measured>& measures) {
    std::vector<std::string> parts;
    for (const Measured& measured : measures)
        if (!measured.limit)
            parts.push_back(fmt::format("{} {}", measured.name, number_text(measured.value)));
    if (parts.empty()) return {};
    return fmt::format("Beside it stood: {}.", fmt::join(parts, ", "));
}

std::string policy_sentence(const Case& of) {
    const Incident& incident = of.record.incident;
    const std::string judged = fmt::format("Severity {}, confidence {}", name_of(incident.severity),
                                           number_text(incident.confidence));
    if (!of.policy)
        return fmt::format("{}; policy {}, which is not loaded any more.", judged, incident.policy);
    const PolicyStatus& policy = *of.policy;
    std::vector<std::string> params;
    for (const PolicyParam& param : policy.params)
        params.push_back(
            fmt::format("{} = {} ({})", param.spec.name, option_text(param.spec, param.value), param.origin));
    std::string out = fmt::format("{}; policy {}, now {} from {} with hash {}", judged, policy.name,
                                  name_of(policy.state), policy.file, policy.hash);
    if (!params.empty()) out += fmt::format(" and {}", fmt::join(params, ", "));
    return out + ".";
}

std::string people_sentence(const IncidentRecord& record) {
    if (record.changed_by.empty()) return "Nobody has looked at it yet.";
    std::string out = fmt::format("{} made it {} at {}", record.changed_by, name_of(record.status),
                                  time_text(record.changed_ns));
    if (!record.note.empty()) out += fmt::format(", and noted: {}", record.note);
    return out + ".";
}

std::vector<std::string> sentences_of(const Case& of, const std::vector<Measured>& measures) {
    const Incident& incident = of.record.incident;
    std::vector<std::string> out{subject_sentence(incident), time_sentence(incident)};
    bool has_limit = false;
    for (const Measured& measured : measures) {
        if (!measured.limit) continue;
        out.push_back(limit_sentence(measured, of.latest->finding));
        has_limit = true;
    }
    if (has_limit) out.push_back(silence_sentence(measures, incident.policy));
    if (std::string others = other_measures_sentence(measures); !others.empty())
        out.push_back(std::move(others));
    if (!of.latest)
        out.emplace_back("Its findings are not kept any more; the measures are the highest that were seen.");
    out.push_back(policy_sentence(of));
    out.push_back(people_sentence(of.record));
    return out;
}

Json measured_object(const Measured& measured) {
    return Json{{"name", measured.name},
                {"value", json_number(measured.value)},
                {"limit", measured.limit ? json_number(*measured.limit) : Json(nullptr)},
                {"margin", measured.limit ? json_number(measured.value - *measured.limit) : Json(nullptr)}};
}

Json finding_or_null(const std::optional<FindingRecord>& record) {
    return record ? finding_record_object(*record) : Json(nullptr);
}

Result<std::optional<FindingRecord>> one_finding(const Store& store, const std::string& id, bool first) {
    RecordQuery query;
    query.incident = id;
    query.ascending = first;
    query.limit = 1;
    auto page = store.findings(query);
    if (!page) return tl::unexpected(page.error());
    if (page->items.empty()) return std::nullopt;
    return std::move(page->items.front());
}

Result<Case> gather(ApiBackend& backend, IncidentRecord record) {
    Case out{std::move(record), {}, {}, {}};
    const Incident& incident = out.record.incident;
    auto first = one_finding(backend.store(), incident.id, true),
         latest = one_finding(backend.store(), incident.id, false);
    if (!first) return tl::unexpected(first.error());
    if (!latest) return tl::unexpected(latest.error());
    out.first = std::move(*first);
    out.latest = std::move(*latest);
    const auto status = backend.status();
    for (const PolicyStatus& policy : status->policies)
        if (policy.name == incident.policy) out.policy = policy;
    return out;
}

Response explain(ApiBackend& backend, const Request& request) {
    const std::string& id = request.path_values.at("id");
    auto found = backend.store().incident(id);
    if (!found) return problem(found.error());
    if (!*found) return problem(404, "there is no incident " + id);
    const auto of = gather(backend, std::move(**found));
    if (!of) return problem(of.error());
    const auto measures = measures_of(*of);
    Json numbers = Json::array();
    for (const Measured& measured : measures) numbers.push_back(measured_object(measured));
    Json policy;
    if (of->policy)
        policy = Json{{"hash", of->policy->hash},
                      {"state", name_of(of->policy->state)},
                      {"params", params_array(of->policy->params)}};
    return json_response(Json{{"incident", incident_object(of->record)},
                              {"first", finding_or_null(of->first)},
                              {"latest", finding_or_null(of->latest)},
                              {"policy", std::move(policy)},
                              {"sentences", sentences_of(*of, measures)},
                              {"measures", std::move(numbers)}});
}

}  // namespace

void add_explain_routes(Routes& routes, ApiParts parts) {
    routes.push_back(
        {Method::get,
         "/api/v1/incidents/{id}/explain",
         Access::granted,
         "Why it was raised, in sentences and numbers",
         [&backend = parts.backend](const Request& request) { return explain(backend, request); },
         {},
         true});
}

}  // namespace picket

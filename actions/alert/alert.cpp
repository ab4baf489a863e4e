// SPDX-License-Identifier: Apache-2.0
// Rate limit and delivery of alerts, and the entry of the plugin; see alert.hpp.
#include "actions/alert/alert.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>

#include "actions/alert/journal.hpp"
#include "actions/alert/line_writer.hpp"
#include "picket/sdk/config.hpp"

namespace picket::alert {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t incidents_max = 4096;
constexpr std::array<uint8_t, 16> no_id{};

uint64_t monotonic_ns() {
    return static_cast<uint64_t>(std::chrono::steady_clock::now().time_since_epoch() /
                                 std::chrono::nanoseconds(1));
}

Alert::Target line_target(const std::shared_ptr<LineWriter>& writer, bool reopens) {
    Alert::Target target;
    target.write = [writer](const Json&, const std::string& line, const sdk::Request& request) {
        return writer->write(line, request.deadline_ns);
    };
    if (reopens) target.reopen = [writer] { return writer->reopen(); };
    return target;
}

std::vector<Alert::Target> make_targets(const sdk::Config& config) {
    std::vector<Alert::Target> targets;
    if (config.flag("stdout"))
        targets.push_back(line_target(std::make_shared<LineWriter>(STDOUT_FILENO, "standard output"), false));
    if (const std::string path = config.text("file"); !path.empty())
        targets.push_back(line_target(std::make_shared<LineWriter>(path), true));
    if (config.flag("journal")) {
        targets.push_back({[](const Json& event, const std::string&, const sdk::Request& request) {
                               return send_to_journal(journal_fields(event, request.reason));
                           },
                           {}});
    }
    if (targets.empty()) throw sdk::Failure("give alerts somewhere to go: stdout, file or journal");
    return targets;
}

uint64_t interval_of(const sdk::Config& config) {
    return static_cast<uint64_t>(config.duration("interval").count());
}

/// The incident's id as a key; empty when the event names none, and then there is no limit.
std::string incident_of(const Json& event) {
    const auto found = event.find("incident");
    return found == event.end() || found->is_null() ? std::string() : found->dump();
}

}  // namespace

Alert::Alert(sdk::Host host, std::string_view config_json)
    : Alert(host, make_targets(sdk::Config(config_json)), interval_of(sdk::Config(config_json)),
            monotonic_ns) {}

Alert::Alert(sdk::Host host, std::vector<Target> targets, uint64_t interval_ns, Clock now_ns)
    : host_(host)
    , targets_(std::move(targets))
    , interval_ns_(interval_ns)
    , now_ns_(std::move(now_ns))
    , limit_(incidents_max) {}

sdk::Outcome Alert::start() { return reopen(); }

sdk::Outcome Alert::reconfigure(std::string_view config_json) {
    interval_ns_ = interval_of(sdk::Config(config_json));
    return {};
}

void Alert::stop() {
    if (limit_.forgotten() > 0)
        host_.warning("there were more than " + std::to_string(incidents_max) +
                      " incidents in an interval; " + std::to_string(limit_.forgotten()) +
                      " were forgotten, and may have been alerted more often");
}

sdk::Outcome Alert::reopen() {
    sdk::Outcome all;
    for (const Target& target : targets_) {
        if (!target.reopen) continue;
        if (sdk::Outcome outcome = target.reopen(); !outcome.ok()) all = std::move(outcome);
    }
    return all;
}

sdk::Outcome Alert::apply(const sdk::Request& request) {
    Json event = Json::parse(request.params_json, nullptr, /*allow_exceptions=*/false);
    if (!event.is_object()) return {PICKET_INVALID, "the alert is not a JSON object"};
    if (request.dry_run) return {};

    const std::string incident = incident_of(event);
    const uint64_t now_ns = now_ns_();
    const bool again = request.id == begun_.id && request.id != no_id;
    if (!again) {
        RateLimit::Verdict verdict{true, 0};
        if (!incident.empty()) verdict = limit_.check(incident, now_ns, interval_ns_);
        if (!verdict.pass) return {};
        begun_ = {request.id, verdict.suppressed, std::vector<bool>(targets_.size(), false)};
    }
    if (begun_.suppressed > 0) event["suppressed"] = begun_.suppressed;
    sdk::Outcome outcome = deliver(event, request);
    // One target that has it is enough: the others must not lift the limit by failing for ever.
    if (!incident.empty() && std::ranges::find(begun_.delivered, true) != begun_.delivered.end())
        limit_.sent(incident, now_ns);
    return outcome;
}

sdk::Outcome Alert::deliver(const Json& event, const sdk::Request& request) {
    const std::string line = event.dump(-1, ' ', false, Json::error_handler_t::replace);
    sdk::Outcome all;
    for (size_t i = 0; i < targets_.size(); ++i) {
        if (begun_.delivered[i]) continue;
        sdk::Outcome outcome = targets_[i].write(event, line, request);
        begun_.delivered[i] = outcome.ok();
        // One that may work soon outweighs one that will not: the request is to come again.
        if (!outcome.ok() && all.status != PICKET_AGAIN) all = std::move(outcome);
    }
    return all;
}

}  // namespace picket::alert

PICKET_PLUGIN(picket::alert::Alert)

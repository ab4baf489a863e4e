// SPDX-License-Identifier: Apache-2.0
// See shadow.hpp.
#include "core/service/shadow.hpp"

#include <filesystem>
#include <utility>

#include "core/service/ask_engine.hpp"

namespace picket {
namespace {

Error none() {
    return {ErrorCode::not_found, "there is no shadow", {}, "picket policy shadow DIR begins one"};
}

}  // namespace

Result<ReloadReport> Shadow::start(const std::string& dir) {
    const std::lock_guard lock(mutex_);
    ReloadReport report;
    if (!std::filesystem::path(dir).is_absolute()) {
        report.problems.push_back({ErrorCode::invalid, "the whole path of a folder of policies", dir, {}});
        return report;
    }
    const Setup candidate = parts_.load(dir);
    report.problems = candidate.problems;
    if (report.problems.empty()) report.problems = gate_.check(candidate.policies->status());
    if (!report.problems.empty()) return report;
    const auto diff = std::make_shared<IncidentDiff>();
    const auto begun = ask_engine<Result<void>>(
        parts_.jobs, [diff, policies = candidate.policies, live = &parts_.live](Engine& engine) {
            for (const Incident& incident : engine.incidents().open_incidents()) diff->begin_with(incident);
            auto set = engine.set_shadow(policies, diff->candidate());
            if (set) live->set(diff, &diff->live());
            return set;
        });
    if (!begun) return tl::unexpected<Error>(begun.error());
    if (!*begun) {
        report.problems.push_back(begun->error());
        return report;
    }
    diff_ = diff;
    dir_ = dir;
    since_ns_ = parts_.now_ns();
    report.applied = true;
    for (const PolicyStatus& policy : candidate.policies->status()) report.changed.push_back(policy.name);
    return report;
}

Result<void> Shadow::discard() {
    const std::lock_guard lock(mutex_);
    if (!diff_) return tl::unexpected<Error>(none());
    const auto ended = ask_engine<bool>(parts_.jobs, [live = &parts_.live](Engine& engine) {
        live->set(nullptr, nullptr);
        engine.clear_shadow();
        return true;
    });
    if (!ended) return tl::unexpected<Error>(ended.error());
    diff_ = nullptr;
    dir_.clear();
    return {};
}

Result<ShadowView> Shadow::view() {
    const std::lock_guard lock(mutex_);
    if (!diff_) return tl::unexpected<Error>(none());
    auto view = ask_engine<ShadowView>(parts_.jobs, [diff = diff_](Engine& engine) {
        ShadowView out;
        out.time_ns = engine.now_ns();
        out.differences = diff->differences();
        out.counts = diff->counts();
        out.not_kept = diff->not_kept();
        if (engine.shadow()) out.policies = engine.shadow()->status();
        return out;
    });
    if (!view) return view;
    view->dir = dir_;
    view->since_ns = since_ns_;
    return view;
}

std::string Shadow::dir() {
    const std::lock_guard lock(mutex_);
    return dir_;
}

}  // namespace picket

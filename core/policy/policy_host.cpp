// SPDX-License-Identifier: Apache-2.0
// All policies in order of file name. Loading builds a new set beside the running one and swaps it in whole,
// so that a wrong file or setting changes nothing. Engine thread.
#include "core/policy/policy_host.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "core/policy/policy.hpp"

namespace picket {

struct PolicyHost::Impl {
    PolicyBudget budget;
    BudgetClock clock;
    std::vector<std::unique_ptr<Policy>> policies;
};

PolicyHost::PolicyHost(const PolicyBudget& budget, BudgetClock clock)
    : impl_(std::make_unique<Impl>()) {
    impl_->budget = budget;
    impl_->clock = clock ? std::move(clock) : thread_budget_clock();
}

PolicyHost::~PolicyHost() = default;

namespace {

std::vector<std::filesystem::path> detector_files(const std::filesystem::path& dir,
                                                  std::vector<Error>& errors) {
    std::vector<std::filesystem::path> out;
    std::error_code error;
    const std::filesystem::path folder = dir / "detectors";
    for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end;
         at.increment(error)) {
        const std::string name = at->path().filename().string();
        if (name.ends_with(".lua") && !name.ends_with(".test.lua") && name.front() != '.')
            out.push_back(at->path());
    }
    if (error) errors.push_back(Error{ErrorCode::not_found, error.message(), folder.string(), {}});
    std::sort(out.begin(), out.end());
    return out;
}

void check_policy_names(const std::vector<std::filesystem::path>& files,
                        const std::map<std::string, PolicySettings>& settings, std::vector<Error>& errors) {
    std::vector<std::string> known;
    for (const auto& file : files) known.push_back(file.stem().string());
    for (const auto& [name, setting] : settings) {
        if (std::find(known.begin(), known.end(), name) != known.end()) continue;
        const auto near = nearest_name(name, known);
        errors.push_back(Error{ErrorCode::invalid, fmt::format("policy.{}: there is no such policy", name),
                               setting.origin, near ? fmt::format("did you mean '{}'?", *near) : ""});
    }
}

}  // namespace

std::vector<Error> PolicyHost::load(const std::filesystem::path& dir,
                                    const std::map<std::string, PolicySettings>& settings,
                                    const PolicySettings& others) {
    std::vector<Error> errors;
    const auto files = detector_files(dir, errors);
    if (errors.empty()) check_policy_names(files, settings, errors);
    std::vector<std::unique_ptr<Policy>> loaded;
    for (const auto& file : files) {
        const auto own = settings.find(file.stem().string());
        const PolicySettings& its = own == settings.end() ? others : own->second;
        if (auto policy = Policy::load(file, its, impl_->budget, impl_->clock, errors))
            loaded.push_back(std::move(policy));
    }
    if (errors.empty()) impl_->policies = std::move(loaded);
    return errors;
}

std::vector<Error> PolicyHost::load_file(const std::filesystem::path& file,
                                         const std::map<std::string, PolicySettings>& settings) {
    std::vector<Error> errors;
    const std::string name = file.stem().string();
    for (const auto& policy : impl_->policies)
        if (policy->status().name == name)
            errors.push_back(Error{ErrorCode::invalid, fmt::format("policy '{}' is loaded already", name),
                                   file.string(), policy->status().file});
    if (!errors.empty()) return errors;
    const auto own = settings.find(name);
    if (auto policy = Policy::load(file, own == settings.end() ? PolicySettings{} : own->second,
                                   impl_->budget, impl_->clock, errors))
        impl_->policies.push_back(std::move(policy));
    return errors;
}

void PolicyHost::take_over(PolicyHost& running) {
    for (auto& policy : impl_->policies)
        for (auto& before : running.impl_->policies) {
            if (!before || before->name() != policy->name()) continue;
            if (policy->is_same_as(*before))
                std::swap(policy, before);
            else
                policy->go_on_from(std::move(before));
            break;
        }
    std::erase(running.impl_->policies, nullptr);
}

bool PolicyHost::fall_back() {
    bool changed = false;
    for (auto& policy : impl_->policies) changed = Policy::fall_back(policy) || changed;
    return changed;
}

void PolicyHost::set_passive() {
    for (auto& policy : impl_->policies) policy->set_passive();
}

std::vector<CounterDecl> PolicyHost::declarations() const {
    std::vector<CounterDecl> out;
    for (const auto& policy : impl_->policies)
        out.insert(out.end(), policy->declarations().begin(), policy->declarations().end());
    return out;
}

void PolicyHost::bind(Counters& counters, std::vector<CounterId> ids) {
    auto next = ids.begin();
    for (const auto& policy : impl_->policies) {
        const auto end = next + static_cast<std::ptrdiff_t>(policy->declarations().size());
        policy->bind(counters, std::vector<CounterId>(next, end));
        next = end;
    }
}

void PolicyHost::run(uint64_t tick_end_ns, std::vector<Finding>& out) {
    for (const auto& policy : impl_->policies) policy->run(tick_end_ns, out);
}

std::vector<PolicyStatus> PolicyHost::status() const {
    std::vector<PolicyStatus> out;
    out.reserve(impl_->policies.size());
    for (const auto& policy : impl_->policies) out.push_back(policy->status());
    return out;
}

}  // namespace picket

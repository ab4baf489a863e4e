// SPDX-License-Identifier: Apache-2.0
// Content to verdict. Main thread, and that of a reload.
#include "core/service/policy_gate.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "core/engine/policy_tests.hpp"

namespace picket {
namespace {

constexpr size_t failures_max = 20;

/// Empty where there is no file.
std::string text_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::string version_of(const PolicyStatus& policy) {
    return policy.hash + text_of(test_of_policy(policy.file));
}

}  // namespace

void PolicyGate::trust(const std::vector<PolicyStatus>& policies) {
    for (const PolicyStatus& policy : policies) passed_.insert(version_of(policy));
}

std::vector<Error> PolicyGate::check(const std::vector<PolicyStatus>& policies) {
    tests_ = 0;
    std::vector<Error> failed;
    for (const PolicyStatus& policy : policies) {
        if (policy.state == PolicyState::off) continue;
        std::string version = version_of(policy);
        if (version == policy.hash || passed_.contains(version)) continue;
        const PolicyTestSummary summary =
            run_policy_tests({policy.file}, [&](const PolicyTestResult& result) {
                if (result.passed || failed.size() >= failures_max) return;
                failed.push_back(Error{ErrorCode::invalid,
                                       fmt::format("policy {} fails its test '{}' ({}): {}", policy.name,
                                                   result.name, result.family, result.message),
                                       policy.file, "`picket test` shows all of it"});
            });
        tests_ += summary.passed + summary.failed;
        failed.insert(failed.end(), summary.errors.begin(), summary.errors.end());
        if (summary.failed == 0 && summary.errors.empty()) passed_.insert(std::move(version));
    }
    return failed;
}

}  // namespace picket

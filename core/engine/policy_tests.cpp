// SPDX-License-Identifier: Apache-2.0
// Finds the tests, joins them with the bench, counts. Calling thread.
#include "core/engine/policy_tests.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "core/engine/test_bench.hpp"

namespace picket {
namespace {

bool is_test(const std::filesystem::path& file) { return file.filename().string().ends_with(".test.lua"); }

std::filesystem::path policy_of(const std::filesystem::path& test) {
    return test.parent_path() / (test.stem().stem().string() + ".lua");
}

/// The policies that lie in `folder` itself.
void gather_folder(const std::filesystem::path& folder, std::set<std::filesystem::path>& out,
                   std::vector<Error>& errors) {
    std::error_code error;
    for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end;
         at.increment(error)) {
        const std::filesystem::path& file = at->path();
        if (file.extension() == ".lua") out.insert(is_test(file) ? policy_of(file) : file);
    }
    if (error) errors.push_back(Error{ErrorCode::io, error.message(), folder.string(), {}});
}

/// The policies that `path` stands for: a folder of policies holds them in `detectors`.
void gather(const std::filesystem::path& path, std::set<std::filesystem::path>& out,
            std::vector<Error>& errors) {
    std::error_code error;
    if (!std::filesystem::exists(path, error)) {
        errors.push_back(Error{ErrorCode::not_found, "does not exist", path.string(), {}});
        return;
    }
    if (!std::filesystem::is_directory(path, error)) {
        out.insert(is_test(path) ? policy_of(path) : path);
        return;
    }
    const std::filesystem::path detectors = path / "detectors";
    gather_folder(std::filesystem::is_directory(detectors, error) ? detectors : path, out, errors);
}

}  // namespace

std::filesystem::path test_of_policy(const std::filesystem::path& policy) {
    return policy.parent_path() / (policy.stem().string() + ".test.lua");
}

PolicyTestSummary run_policy_tests(const std::vector<std::filesystem::path>& paths,
                                   const std::function<void(const PolicyTestResult&)>& sink) {
    PolicyTestSummary out;
    std::set<std::filesystem::path> policies;
    for (const auto& path : paths) gather(path, policies, out.errors);
    for (const auto& policy : policies) {
        const std::filesystem::path test = test_of_policy(policy);
        std::error_code error;
        if (!std::filesystem::exists(policy, error) || !std::filesystem::exists(test, error)) {
            const auto& missing = std::filesystem::exists(policy, error) ? test : policy;
            out.errors.push_back(
                Error{ErrorCode::not_found, "is missing beside its other half", missing.string(), {}});
            continue;
        }
        const auto done = run_test_script(
            test, [&] { return std::make_unique<TestBench>(policy); },
            [&](const TestOutcome& outcome) {
                ++(outcome.passed ? out.passed : out.failed);
                sink(PolicyTestResult{policy.stem().string(), outcome.name, outcome.family, outcome.passed,
                                      outcome.message});
            });
        if (!done) out.errors.push_back(done.error());
    }
    return out;
}

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// Runs the *.test.lua beside policies: their made traffic goes through the real flow table, classification,
// counters and policy host on a virtual clock, and every test runs for IPv4 and for IPv6. Calling thread.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/model/result.hpp"

namespace picket {

struct PolicyTestResult {
    std::string policy;  ///< "port_scan"
    std::string name;    ///< of the test
    std::string family;  ///< "v4" or "v6"
    bool passed = false;
    std::string message;  ///< when failed: file:line, what was expected, what was found instead
};

struct PolicyTestSummary {
    uint32_t passed = 0, failed = 0;
    std::vector<Error> errors;  ///< files that could not be run, policies without a test
};

/// The file beside a policy that holds its tests.
std::filesystem::path test_of_policy(const std::filesystem::path& policy);

/// Each path is a policy, a test file, or a folder below which all are taken. `sink` gets every result as it
/// comes, in order of file name.
PolicyTestSummary run_policy_tests(const std::vector<std::filesystem::path>& paths,
                                   const std::function<void(const PolicyTestResult&)>& sink);

}  // namespace picket

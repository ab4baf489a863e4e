// SPDX-License-Identifier: Apache-2.0
// A policy runs once its own tests have passed. The gate remembers what has passed by content, so that each
// version is tested once. Main thread, and that of a reload, one at a time.
#pragma once
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "core/policy/policy_host.hpp"

namespace picket {

class PolicyGate {
  public:
    /// Runs the tests of those that were not tested as they are, or that are off. A policy without a test
    /// file passes. Every test that failed, as an error with its place.
    std::vector<Error> check(const std::vector<PolicyStatus>& policies);
    /// Takes them for tested: the bundled ones were, when the program was built.
    void trust(const std::vector<PolicyStatus>& policies);
    /// Tests that the last check() ran.
    [[nodiscard]] uint32_t tests() const { return tests_; }

  private:
    std::set<std::string> passed_;  ///< hashes of policy and test
    uint32_t tests_ = 0;
};

}  // namespace picket

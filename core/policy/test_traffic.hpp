// SPDX-License-Identifier: Apache-2.0
// Readers of what a test says: t:traffic { … } and t:expect { … }, for one family. Calling thread.
#pragma once
#include <optional>

#include "core/policy/read.hpp"
#include "core/policy/test_script.hpp"

namespace picket {

/// v6: every IPv4 address is mapped (test_addresses.hpp), ICMP becomes ICMPv6 with the matching types.
Result<TestTraffic> read_traffic(const LuaValue& value, bool v6);

Result<std::vector<Prefix>> read_local_prefixes(const LuaValue& value, bool v6);
/// Parameters as the configuration would give them.
Result<std::map<std::string, RawValue>> read_test_params(const LuaValue& value, bool v6);

/// What a finding must be: absent parts match everything.
struct TestExpectation {
    std::optional<std::string> type, subject, target;
    std::optional<Severity> severity;      ///< expect: exactly this
    std::optional<Severity> severity_min;  ///< expect_nothing: this or above
    std::optional<uint64_t> within_ns;     ///< after the first packet
    [[nodiscard]] bool matches(const Finding& finding, uint64_t start_ns) const;
    [[nodiscard]] std::string text() const;
};
Result<TestExpectation> read_expectation(const LuaValue& value, bool v6);

}  // namespace picket

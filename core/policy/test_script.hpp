// SPDX-License-Identifier: Apache-2.0
// Runs one x.test.lua: reads what its tests make and expect, and drives a bench with it. What the bench is
// made of, this room does not know. Calling thread.
#pragma once
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/config/option.hpp"
#include "core/model/finding.hpp"
#include "core/model/prefix.hpp"
#include "core/model/result.hpp"

namespace picket {

/// Packets to be made. Every combination of src, dst and dst_port gets `packets`; with `count`, that many are
/// made in all, the i-th from the i-th value of each list. Lists start again at their end; src_port and lists
/// of one value never multiply. Packets are spread evenly over `over_ns`, rounds before combinations.
struct TestTraffic {
    std::vector<Address> src, dst;
    std::vector<uint16_t> src_port, dst_port;
    uint8_t proto = 0;
    uint8_t tcp_class = 0;
    bool bare_ack = false, fragment = false;
    uint8_t icmp_type = 0;
    uint64_t packets = 1, count = 0;
    uint32_t bytes = 60;
    uint64_t at_ns = 0, over_ns = 0;
    double answered = 0;  ///< share of the packets that get an answer, 1 ms later
    uint32_t answer_bytes = 60;
};

/// What a test runs on; one per test and family, already mapped to the family.
class PolicyTestBench {
  public:
    virtual ~PolicyTestBench() = default;
    virtual Result<void> set_local(const std::vector<Prefix>& local) = 0;
    virtual Result<void> set_params(const std::map<std::string, RawValue>& params) = 0;
    /// Adds traffic from now + at on.
    virtual Result<void> add_traffic(const TestTraffic& traffic) = 0;
    virtual Result<void> advance(uint64_t duration_ns) = 0;
    /// Runs to the end of all traffic; all findings since the last forget().
    virtual Result<const std::vector<Finding>*> findings() = 0;
    virtual void forget() = 0;
    /// When the first traffic began.
    [[nodiscard]] virtual uint64_t start_ns() const = 0;
};

struct TestOutcome {
    std::string name, family;
    bool passed = false;
    std::string message;
};

/// Runs all tests of `file` on benches that `make_bench` gives. An error means that the file itself is wrong.
Result<void> run_test_script(const std::filesystem::path& file,
                             const std::function<std::unique_ptr<PolicyTestBench>()>& make_bench,
                             const std::function<void(const TestOutcome&)>& sink);

}  // namespace picket

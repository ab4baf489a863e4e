// SPDX-License-Identifier: Apache-2.0
// Any bytes as a configuration file: they are refused with a place, or they are a configuration whose dump
// reads back as the same. The first byte's lowest bit splits the input into two layers. Fuzzer's thread.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/config/config.hpp"
#include "core/config/option_text.hpp"

using namespace picket;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

void require_same(const std::map<std::string, Setting>& a, const std::map<std::string, Setting>& b) {
    require(a.size() == b.size());
    // Compared as text: not-a-number is not equal to itself.
    for (const auto& [key, setting] : a) require(raw_text(setting.value) == raw_text(b.at(key).value));
}

void require_same(const std::map<std::string, PluginSection>& a,
                  const std::map<std::string, PluginSection>& b) {
    require(a.size() == b.size());
    for (const auto& [name, section] : a) require_same(section.values, b.at(name).values);
}

void require_same(const Config& a, const Config& b) {
    require(a.engine.tick_ns == b.engine.tick_ns && a.engine.local == b.engine.local);
    require(a.engine.rows_max == b.engine.rows_max && a.engine.queue_max == b.engine.queue_max);
    require(a.policies.dir == b.policies.dir && a.log.level == b.log.level);
    require(a.policy.size() == b.policy.size());
    for (const auto& [name, policy] : a.policy) {
        require(policy.mode == b.policy.at(name).mode);
        require_same(policy.params, b.policy.at(name).params);
    }
    require_same(a.capture, b.capture);
    require_same(a.action, b.action);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    if (size == 0) return 0;
    const std::string text(data + 1, data + size);
    const size_t split = (data[0] & 1) != 0 ? text.size() / 2 : 0;
    const auto [config, problems] =
        parse_config({{"a.toml", text.substr(0, split)}, {"b.toml", text.substr(split)}});
    require(problems.size() <= config_problems_max + 1);
    for (const Error& problem : problems)
        require(problem.code == ErrorCode::limit || problem.where.starts_with("a.toml:") ||
                problem.where.starts_with("b.toml:"));
    // What was good of it holds by itself, also beside problems.
    require(config.engine.tick_ns >= 10'000'000 && config.engine.tick_ns <= 100'000'000);
    const auto again = parse_config({{"dump.toml", dump_config(config)}});
    require(again.problems.empty());
    require_same(config, again.config);
    return 0;
}

// SPDX-License-Identifier: Apache-2.0
// The scenarios that make_traffic knows, as one table, and how a word of the command line such as
// "syn_flood:pps=50k,family=v6" becomes a stream of packets. Any one thread.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/result.hpp"
#include "tests/support/make_traffic/stream.hpp"

namespace picket::traffic {

/// One key of a scenario. A word has its choices in `choices` ("tcp|udp"), a number its bounds.
struct Key {
    std::string_view name;
    std::string_view preset;
    std::string_view choices;  ///< empty: a number
    uint64_t least = 0;
    uint64_t most = 0;
    std::string_view help;
};

/// The values of a scenario's keys, each given or preset.
class Settings {
  public:
    [[nodiscard]] uint64_t number(std::string_view key) const { return numbers_.find(key)->second; }
    [[nodiscard]] uint32_t small(std::string_view key) const { return static_cast<uint32_t>(number(key)); }
    [[nodiscard]] uint16_t port(std::string_view key = "port") const {
        return static_cast<uint16_t>(number(key));
    }
    [[nodiscard]] std::string_view word(std::string_view key) const { return words_.find(key)->second; }
    [[nodiscard]] bool is(std::string_view key, std::string_view value) const { return word(key) == value; }
    /// Takes a number ("20", "50k", "10M") or a word; where it does not fit, says why.
    Result<void> set(const Key& key, std::string_view value);

    uint64_t start_ns = 0;       ///< when the scenario begins
    Family family = Family::v4;  ///< unless the scenario mixes families itself

  private:
    std::map<std::string, uint64_t, std::less<>> numbers_;
    std::map<std::string, std::string, std::less<>> words_;
};

struct Scenario {
    std::string_view name;
    std::string_view summary;
    std::vector<Key> keys;
    std::unique_ptr<Stream> (*make)(const Settings&, Random);
    /// Takes family=both as it is; of others, `both` means the whole scenario once with each family.
    bool mixes_families = false;
};

/// All scenarios, in the order in which --list shows them.
const std::vector<Scenario>& scenarios();
/// The table as text for a person.
std::string scenario_list();
/// The streams of one word, "NAME" or "NAME:key=value,…".
Result<std::vector<std::unique_ptr<Stream>>> make_streams(std::string_view word, uint64_t start_ns,
                                                          uint64_t seed);

// The makers, by file: mix.cpp, floods.cpp, scans.cpp, mining.cpp.
std::unique_ptr<Stream> make_mix(const Settings& settings, Random random);
std::unique_ptr<Stream> make_all_new(const Settings& settings, Random random);
std::unique_ptr<Stream> make_syn_flood(const Settings& settings, Random random);
std::unique_ptr<Stream> make_udp_flood(const Settings& settings, Random random);
std::unique_ptr<Stream> make_ddos_out(const Settings& settings, Random random);
std::unique_ptr<Stream> make_single_target_flood(const Settings& settings, Random random);
std::unique_ptr<Stream> make_amplification(const Settings& settings, Random random);
std::unique_ptr<Stream> make_reflection(const Settings& settings, Random random);
std::unique_ptr<Stream> make_port_scan(const Settings& settings, Random random);
std::unique_ptr<Stream> make_host_scan(const Settings& settings, Random random);
std::unique_ptr<Stream> make_mining(const Settings& settings, Random random);

}  // namespace picket::traffic

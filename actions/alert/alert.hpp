// SPDX-License-Identifier: Apache-2.0
// The plugin: tells people and programs of a finding, as a JSON line on standard output, in a file, and as an
// entry of the journal. [main] creates, starts and reconfigures; the rest is [worker].
#pragma once
#include <array>
#include <atomic>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "actions/alert/rate_limit.hpp"
#include "picket/sdk/plugin.hpp"

namespace picket::alert {

inline constexpr std::array options{
    sdk::flag("stdout", "true", "Write each alert as a JSON line to standard output"),
    sdk::text("file", "", "Append each alert as a JSON line to this file; empty: to none"),
    sdk::flag("journal", "false", "Send each alert to the systemd journal, with fields"),
    sdk::duration("interval", "60s", "An incident is alerted at most once in this time")
        .range(0, 86400)
        .reloadable(),
};

class Alert {
  public:
    static constexpr sdk::About about{"alert", "0.1.0", "Apache-2.0",
                                      "Tells of findings on standard output, in a file, in the journal", ""};
    static constexpr auto& options = alert::options;

    /// A place where alerts go.
    struct Target {
        std::function<sdk::Outcome(const nlohmann::ordered_json& event, const std::string& line,
                                   const sdk::Request& request)>
            write;
        std::function<sdk::Outcome()> reopen;  // empty: nothing to open
    };
    using Clock = std::function<uint64_t()>;

    Alert(sdk::Host host, std::string_view config_json);
    /// With places and a clock of one's own, for tests.
    Alert(sdk::Host host, std::vector<Target> targets, uint64_t interval_ns, Clock now_ns);

    sdk::Outcome start();
    sdk::Outcome reconfigure(std::string_view config_json);
    void stop();

    sdk::Outcome apply(const sdk::Request& request);
    /// An alert that was given cannot be taken back, and does not have to be.
    static sdk::Outcome revert(const sdk::Request&) { return {}; }
    static sdk::Outcome reconcile(const std::vector<sdk::Request>&) { return {}; }
    sdk::Outcome reopen();

  private:
    /// Writes to those targets that have not had this request yet.
    sdk::Outcome deliver(const nlohmann::ordered_json& event, const sdk::Request& request);

    sdk::Host host_;
    std::vector<Target> targets_;
    std::atomic<uint64_t> interval_ns_;
    Clock now_ns_;
    RateLimit limit_;
    /// The request that was last begun: it comes again when one of the targets failed.
    struct Begun {
        std::array<uint8_t, 16> id{};
        uint64_t suppressed = 0;
        std::vector<bool> delivered;  // by target
    } begun_;
};

}  // namespace picket::alert

// SPDX-License-Identifier: Apache-2.0
// A template: the smallest action that does all an action has to do. It "holds" targets by remembering them,
// and says so in the log. Copy the folder, rename the class, and put your system in the place of `held_`.
//
// The order of a plugin file: options, class, functions in the order in which the host calls them, the macro.
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "picket/sdk/config.hpp"
#include "picket/sdk/plugin.hpp"

namespace {

namespace sdk = picket::sdk;

class Example {
  public:
    // What `picket plugin list` shows. The host reads it before any code of the plugin runs. The name is also
    // the key of the configuration table, here [action.example]; the last text names the Linux capabilities
    // that the plugin needs while it runs.
    static constexpr sdk::About about{"example", "1.0.0", "Apache-2.0", "A template for plugins of your own",
                                      ""};

    // The host checks the configuration against this table, so the plugin never sees a wrong value. A default
    // is written as an operator would write it; nullptr in its place makes the option required.
    static constexpr std::array options{
        sdk::text("label", "example", "Stands before each line in the log"),
        sdk::integer("held_max", "1000", "Targets that are held at the same time")
            .range(1, 100000)
            .unit("targets"),
    };

    // [main] Everything that can be refused without touching the world is refused here. An exception becomes
    // the reason that the operator sees; none ever reaches the host.
    Example(sdk::Host host, std::string_view config_json)
        : host_(host) {
        const sdk::Config config(config_json);
        label_ = config.text("label");
        held_max_ = static_cast<size_t>(config.integer("held_max"));
        if (label_.empty()) throw sdk::Failure("label is empty: give a word to look for in the log");
    }

    // [main] Open here what needs privileges: the host may give them up afterwards. Optional, as are stop and
    // reconfigure.
    sdk::Outcome start() {
        host_.debug(label_ + ": ready");
        return {};
    }

    // [worker] Make it so. The same id may come twice, after a restart or a lost answer, and counts once. The
    // status tells the host what to do next: AGAIN tries again soon, PARK waits for a person, DENIED and
    // INVALID give up.
    sdk::Outcome apply(const sdk::Request& request) {
        if (request.target.empty()) return {PICKET_INVALID, "there is no target"};
        if (held_.contains(request.id)) return {};
        if (held_.size() >= held_max_) return {PICKET_PARK, "held_max is reached"};
        if (request.dry_run) return {};  // all checks are done, and nothing is changed
        held_.emplace(request.id, request.target);
        host_.info(label_ + ": hold " + std::string(request.target));
        return {};
    }

    // [worker] Undo it. GONE says that there was nothing left to undo, which is a success.
    sdk::Outcome revert(const sdk::Request& request) {
        const auto found = held_.find(request.id);
        if (found == held_.end()) return PICKET_GONE;
        if (request.dry_run) return {};
        host_.info(label_ + ": release " + found->second);
        held_.erase(found);
        return {};
    }

    // [worker] These and no others should hold: add what is missing, remove what is too much.
    sdk::Outcome reconcile(const std::vector<sdk::Request>& requests) {
        std::map<Id, std::string> wanted;
        for (const sdk::Request& request : requests) wanted.emplace(request.id, request.target);
        if (wanted.size() > held_max_) return {PICKET_PARK, "held_max is reached"};
        held_ = std::move(wanted);
        return {};
    }

  private:
    using Id = std::array<uint8_t, 16>;

    sdk::Host host_;
    std::string label_;
    size_t held_max_ = 0;
    std::map<Id, std::string> held_;
};

}  // namespace

PICKET_PLUGIN(Example)

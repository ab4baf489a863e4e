// SPDX-License-Identifier: Apache-2.0
// The two pages. Main thread.
#include "core/client/policy_page.hpp"

#include <fmt/format.h>

#include "core/terminal/table.hpp"
#include "core/terminal/terminal.hpp"

namespace picket {
namespace {

/// "running", or what is not as it should be.
std::string state_of(const Json& policy) {
    return flag_at(policy, "fell_back") ? "fell back" : text_at(policy, "state");
}

std::string per_call(const Json& policy) {
    const auto calls = static_cast<double>(count_at(policy, "calls"));
    return calls > 0 ? fmt::format("{:.3f} ms", number_at(policy, "seconds") / calls * 1e3) : "-";
}

std::string value_text(const Json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (!value.is_array()) return value.dump();
    std::string out;
    for (const Json& each : value) out += (out.empty() ? "" : ", ") + value_text(each);
    return out.empty() ? "none" : out;
}

std::string params_text(const Json& params, bool colours) {
    std::vector<std::vector<std::string>> rows;
    for (const Json& param : params) {
        const std::string unit = text_at(param, "unit");
        rows.push_back({printable(text_at(param, "name")),
                        printable(value_text(part_at(param, "value")) + (unit.empty() ? "" : " " + unit)),
                        printable(text_at(param, "origin")), printable(text_at(param, "help"))});
    }
    return table_text(
        {{"parameter", 0, false}, {"value", 0, false}, {"from", 0, false}, {"meaning", 0, false}}, rows,
        colours);
}

std::string groups_text(const Json& groups, bool colours) {
    std::string out;
    for (const Json& group : groups) {
        out += fmt::format("\nfor {} ({}):\n", printable(text_at(group, "name")),
                           printable(value_text(part_at(group, "prefixes"))));
        out += params_text(part_at(group, "params"), colours);
    }
    return out;
}

}  // namespace

std::string policy_table(const Json& policies, bool colours) {
    std::vector<std::vector<std::string>> rows;
    std::string errors;
    for (const Json& policy : policies) {
        rows.push_back({printable(text_at(policy, "name")), state_of(policy), text_at(policy, "mode"),
                        text_at(policy, "hash").substr(0, 8), per_call(policy),
                        grouped(count_at(policy, "findings")), grouped(count_at(policy, "errors")),
                        printable(text_at(policy, "summary"))});
        if (const std::string error = text_at(policy, "last_error"); !error.empty())
            errors += fmt::format("{}: {}\n", printable(text_at(policy, "name")), printable(error));
    }
    std::string out = table_text({{"policy", 0, false},
                                  {"state", 0, false},
                                  {"mode", 0, false},
                                  {"version", 0, false},
                                  {"per tick", 0, true},
                                  {"findings", 0, true},
                                  {"errors", 0, true},
                                  {"finds", 0, false}},
                                 rows, colours);
    return errors.empty() ? out : out + "\n" + errors;
}

std::string policy_text(const Json& policy, bool colours) {
    std::string out =
        fmt::format("{}: {}\n", printable(text_at(policy, "name")), printable(text_at(policy, "summary")));
    const auto line = [&](std::string_view label, const std::string& text) {
        out += fmt::format("{:<9} {}\n", label, printable(text));
    };
    line("state", state_of(policy));
    line("mode", fmt::format("{} ({})", text_at(policy, "mode"), text_at(policy, "mode_origin")));
    line("file", fmt::format("{} (version {})", text_at(policy, "file"), text_at(policy, "hash")));
    line("calls", fmt::format("{}, {} each, {:.3f} ms the longest", grouped(count_at(policy, "calls")),
                              per_call(policy), number_at(policy, "longest_seconds") * 1e3));
    line("findings", grouped(count_at(policy, "findings")));
    if (const std::string error = text_at(policy, "last_error"); !error.empty()) line("error", error);
    const Json& chosen = part_at(policy, "for");
    if (chosen.is_object()) {
        const std::string group = text_at(chosen, "group");
        out += fmt::format("\nfor {}{}:\n", printable(text_at(chosen, "address")),
                           group.empty() ? ", which is in no group" : ", by " + printable(group));
        return out + params_text(part_at(chosen, "params"), colours);
    }
    out += "\n" + params_text(part_at(policy, "params"), colours);
    return out + groups_text(part_at(policy, "groups"), colours);
}

std::string shadow_text(const Json& shadow, bool colours) {
    const Json& counts = part_at(shadow, "counts");
    std::string out =
        fmt::format("{} beside the live policies since {}\n{} added, {} dropped, {} moved, {} the same\n",
                    printable(text_at(shadow, "dir")), text_at(shadow, "since"),
                    grouped(count_at(counts, "added")), grouped(count_at(counts, "dropped")),
                    grouped(count_at(counts, "moved")), grouped(count_at(counts, "same")));
    if (const uint64_t more = count_at(shadow, "not_kept"); more > 0)
        out += fmt::format("{} more incidents were not kept\n", grouped(more));
    for (const Json& policy : part_at(shadow, "policies"))
        if (text_at(policy, "state") == "stopped")
            out += fmt::format("{} is stopped: {}\n", printable(text_at(policy, "name")),
                               printable(text_at(policy, "last_error")));
    std::vector<std::vector<std::string>> rows;
    for (const Json& item : part_at(shadow, "items")) {
        const Json& live = part_at(item, "live");
        const Json& candidate = part_at(item, "candidate");
        const Json& shown = candidate.is_object() ? candidate : live;
        rows.push_back({text_at(item, "change"), printable(text_at(item, "type")),
                        printable(text_at(item, "subject")), live.is_object() ? text_at(live, "opened") : "-",
                        candidate.is_object() ? text_at(candidate, "opened") : "-",
                        printable(text_at(shown, "reason"))});
    }
    if (rows.empty()) return out;
    return out + "\n" +
           table_text({{"change", 0, false},
                       {"type", 0, false},
                       {"subject", 0, false},
                       {"live", 0, false},
                       {"candidate", 0, false},
                       {"reason", 0, false}},
                      rows, colours);
}

}  // namespace picket

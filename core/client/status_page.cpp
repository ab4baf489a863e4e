// SPDX-License-Identifier: Apache-2.0
// The page, part by part. Main thread.
#include "core/client/status_page.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/terminal/table.hpp"
#include "core/terminal/terminal.hpp"

namespace picket {
namespace {

constexpr double near_full = 0.8;  ///< of a table's rows
constexpr size_t tables_shown = 8;

/// A number of the answer with what it counts.
struct Named {
    std::string_view key, label;
};

std::string line(std::string_view label, const std::string& text) {
    return fmt::format("{:<11} {}\n", label, printable(text));
}

/// "12 label, 3 other": in the order given; zeros only where asked for.
std::string counts(const Json& object, const std::vector<Named>& names, bool zeros) {
    std::string out;
    for (const auto& [key, label] : names) {
        const uint64_t count = count_at(object, key);
        if (count > 0 || zeros) out += fmt::format("{}{} {}", out.empty() ? "" : ", ", grouped(count), label);
    }
    return out;
}

std::string milliseconds(double seconds) { return fmt::format("{:.1f} ms", seconds * 1e3); }

std::string head(const Json& status, bool colours) {
    const Json& health = part_at(status, "health");
    const bool ok = flag_at(health, "ok");
    const std::string word = ok ? "healthy" : "not healthy";
    std::string out =
        fmt::format("{}: picket {}, up {}, process {}, {}\n",
                    ok && colours ? fmt::format("\x1b[1;32m{}\x1b[0m", word)
                                  : coloured(Severity::critical, word, colours && !ok),
                    printable(text_at(status, "version")), uptime_text(number_at(status, "uptime_seconds")),
                    count_at(status, "pid"), bytes_text(count_at(status, "memory_bytes")));
    for (const std::string& reason : texts_at(health, "reasons")) out += "  - " + printable(reason) + "\n";
    return out + "\n";
}

std::string traffic(const Json& status) {
    std::string out =
        line("traffic", counts(status, {{"packets", "packets"}, {"flows", "flow records"}}, true));
    out += line("directions", counts(part_at(status, "directions"),
                                     {{"inbound", "inbound"},
                                      {"outbound", "outbound"},
                                      {"internal", "internal"},
                                      {"transit", "transit"}},
                                     true));
    const std::string undecoded = counts(part_at(status, "decoded"),
                                         {{"not_ip", "not IP"},
                                          {"truncated", "truncated"},
                                          {"malformed", "malformed"},
                                          {"unknown_link_type", "of an unknown link type"}},
                                         false);
    if (!undecoded.empty()) out += line("left out", undecoded);
    if (const uint64_t dropped = count_at(status, "records_dropped"); dropped > 0)
        out += line("dropped", fmt::format("{} flow records: the engine is behind", grouped(dropped)));
    return out;
}

std::string work(const Json& status) {
    const Json& tick = part_at(status, "tick");
    const Json& policies = part_at(status, "policies");
    const Json& incidents = part_at(status, "incidents");
    std::string out =
        line("ticks",
             fmt::format("{}, {} late; the last took {}, the longest {}", grouped(count_at(tick, "count")),
                         grouped(count_at(tick, "late")), milliseconds(number_at(tick, "last_seconds")),
                         milliseconds(number_at(tick, "longest_seconds"))));
    out +=
        line("policies", counts(policies, {{"running", "running"}}, true) +
                             (counts(policies, {{"off", ""}, {"stopped", ""}}, false).empty() ? "" : ", ") +
                             counts(policies, {{"off", "off"}, {"stopped", "stopped"}}, false));
    out += line(
        "incidents",
        fmt::format(
            "{} open; {}", grouped(count_at(incidents, "open")),
            counts(incidents, {{"opened", "opened"}, {"closed", "closed"}, {"findings", "findings"}}, true)));
    if (const uint64_t early = count_at(incidents, "closed_early"); early > 0)
        out += line("", fmt::format("{} closed early: too many were open", grouped(early)));
    return out;
}

/// A refused reload stays in sight until one succeeds: what runs is not what the files say.
std::string reloads(const Json& status) {
    const Json& reloads = part_at(status, "reloads");
    const auto problems = texts_at(reloads, "problems");
    if (problems.empty()) return {};
    std::string out = line("reload", fmt::format("refused at {} ({}): what ran before runs on",
                                                 text_at(reloads, "last"), text_at(reloads, "last_by")));
    for (const std::string& problem : problems) out += line("", problem);
    return out;
}

std::string store(const Json& status) {
    const Json& store = part_at(status, "store");
    if (!store.is_object()) return {};
    std::string out = line(
        "store",
        fmt::format(
            "{}; {} of {}",
            counts(store,
                   {{"incidents", "incidents"}, {"findings", "findings"}, {"audits", "changes by people"}},
                   true),
            bytes_text(count_at(store, "size_bytes")), bytes_text(count_at(store, "size_max_bytes"))));
    const std::string lost = counts(store, {{"refused", "refused"}, {"failed", "failed"}}, false);
    const std::string error = text_at(store, "last_error");
    if (!lost.empty()) out += line("", lost + " writes");
    if (!error.empty()) out += line("", "last error: " + error);
    return out;
}

std::string sources(const Json& list, bool colours) {
    if (!list.is_array() || list.empty()) return {};
    std::vector<std::vector<std::string>> rows;
    for (const Json& source : list)
        rows.push_back({text_at(source, "name"), grouped(count_at(source, "shards")),
                        grouped(count_at(source, "received")), grouped(count_at(source, "dropped_kernel")),
                        grouped(count_at(source, "dropped_interface")), grouped(count_at(source, "failures")),
                        fmt::format("{} up, {} down", count_at(source, "interfaces_up"),
                                    count_at(source, "interfaces_down"))});
    return "\n" + table_text({{"source", 12, false},
                              {"shards", 0, true},
                              {"received", 0, true},
                              {"dropped by kernel", 0, true},
                              {"by interface", 0, true},
                              {"failures", 0, true},
                              {"interfaces", 0, false}},
                             rows, colours);
}

std::string actions(const Json& list, bool colours) {
    if (!list.is_array() || list.empty()) return {};
    std::vector<std::vector<std::string>> rows;
    for (const Json& action : list)
        rows.push_back({text_at(action, "name"), grouped(count_at(action, "done")),
                        grouped(count_at(action, "failed")), grouped(count_at(action, "retried")),
                        grouped(count_at(action, "dropped"))});
    return "\n" + table_text({{"action", 12, false},
                              {"done", 0, true},
                              {"failed", 0, true},
                              {"retried", 0, true},
                              {"dropped", 0, true}},
                             rows, colours);
}

double fullness(const Json& table) {
    const auto most = static_cast<double>(count_at(table, "rows_max"));
    return most > 0 ? static_cast<double>(count_at(table, "rows")) / most : 0;
}

/// One line while there is room everywhere; else the tables that are near full or have lost rows.
std::string tables(const Json& list, bool colours) {
    if (!list.is_array() || list.empty()) return {};
    double fullest = 0;
    std::vector<std::vector<std::string>> rows;
    for (const Json& table : list) {
        fullest = std::max(fullest, fullness(table));
        const uint64_t lost = count_at(table, "evicted") + count_at(table, "refused");
        if (fullness(table) < near_full && lost == 0) continue;
        rows.push_back(
            {text_at(table, "key"),
             fmt::format("{} of {}", grouped(count_at(table, "rows")), grouped(count_at(table, "rows_max"))),
             grouped(count_at(table, "evicted")), grouped(count_at(table, "refused")),
             grouped(count_at(table, "heaviest_evicted")), bytes_text(count_at(table, "memory_bytes"))});
    }
    std::string out = line("tables", fmt::format("{}, the fullest to {:.0f} %", list.size(), fullest * 100));
    if (rows.empty()) return out;
    const size_t more = rows.size() > tables_shown ? rows.size() - tables_shown : 0;
    rows.resize(rows.size() - more);
    out += "\n" + table_text({{"crowded table", 12, false},
                              {"rows", 0, true},
                              {"evicted", 0, true},
                              {"refused", 0, true},
                              {"heaviest evicted", 0, true},
                              {"memory", 0, true}},
                             rows, colours);
    if (more > 0) out += fmt::format("and {} more\n", more);
    return out;
}

}  // namespace

std::string uptime_text(double seconds) {
    const auto whole = static_cast<uint64_t>(std::clamp(seconds, 0.0, 1e12));
    const uint64_t days = whole / 86400, hours = whole / 3600 % 24, minutes = whole / 60 % 60;
    if (days > 0) return fmt::format("{}d {}h", days, hours);
    if (hours > 0) return fmt::format("{}h {}m", hours, minutes);
    if (minutes > 0) return fmt::format("{}m {}s", minutes, whole % 60);
    return fmt::format("{}s", whole);
}

std::string status_page(const Json& status, bool colours) {
    return head(status, colours) + traffic(status) + work(status) + reloads(status) + store(status) +
           tables(part_at(status, "tables"), colours) + sources(part_at(status, "sources"), colours) +
           actions(part_at(status, "actions"), colours);
}

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// Picket's own: folders, configuration, the running daemon, and who else is at work here. Main thread.
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <system_error>

#include <fmt/format.h>

#include "core/client/json_read.hpp"
#include "core/doctor/check.hpp"
#include "core/doctor/small_file.hpp"

namespace picket {
namespace {

namespace fs = std::filesystem;

constexpr size_t problems_max = 10;
constexpr size_t processes_max = 1 << 17;

struct Folder {
    fs::path path;
    const char* hint;  ///< when it is not there
};

Outcome look_at(const fs::path& root, const Folder& folder) {
    const std::string name = folder.path.string();
    struct stat found {};
    if (::stat(below(root, folder.path).c_str(), &found) != 0) {
        if (errno == ENOENT) return {CheckState::warning, name + " is not there", folder.hint};
        return {CheckState::warning, fmt::format("{}: {}", name, std::generic_category().message(errno)),
                "sudo picket doctor"};
    }
    if (!S_ISDIR(found.st_mode)) return {CheckState::problem, name + " is no folder", "move it away"};
    if ((found.st_mode & S_IWOTH) != 0)
        return {CheckState::problem, name + ": everybody may write there", "chmod o-w " + name};
    return {CheckState::ok, name};
}

struct OtherDaemon {
    std::string_view comm;  ///< of /proc/PID/comm, which has 15 characters at most
    std::string_view name;
    CheckState state;
    std::string_view what, hint;
};
constexpr std::string_view same_traffic = "watches the same traffic: both take processor time for it";
constexpr std::string_view also_blocks =
    "blocks addresses too: who is let in again by one may be kept out by the other";
constexpr std::string_view share = "decide which of them acts, and let the other only report";
constexpr std::array<OtherDaemon, 9> other_daemons{{
    {"fastnetmon", "fastnetmon", CheckState::warning, same_traffic, share},
    {"Suricata-Main", "suricata", CheckState::warning, same_traffic, share},
    {"suricata", "suricata", CheckState::warning, same_traffic, share},
    {"snort", "snort", CheckState::warning, same_traffic, share},
    {"zeek", "zeek", CheckState::info, same_traffic, ""},
    {"fail2ban-server", "fail2ban", CheckState::info, also_blocks, ""},
    {"crowdsec", "crowdsec", CheckState::info, also_blocks, ""},
    {"firewalld", "firewalld", CheckState::info, "keeps nftables tables of its own beside others", ""},
    {"ufw", "ufw", CheckState::info, "keeps rules of its own beside others", ""},
}};

const OtherDaemon* other_daemon(std::string_view comm) {
    const auto* const found = std::find_if(other_daemons.begin(), other_daemons.end(),
                                           [&](const OtherDaemon& one) { return one.comm == comm; });
    return found == other_daemons.end() ? nullptr : found;
}

}  // namespace

Outcomes check_directories(const CheckContext& context) {
    const fs::path state =
        context.config.store.dir.empty() ? fs::path("/var/lib/picket") : fs::path(context.config.store.dir);
    const fs::path socket = context.config.api.socket;
    std::vector<Folder> folders{
        {"/etc/picket", "the package makes it; without it the defaults hold"},
        {state, "systemd makes it; from a shell: picket run --state-dir DIR"},
    };
    if (!socket.empty())
        folders.push_back({socket.parent_path(), "systemd makes it; from a shell: picket run --socket PATH"});
    Outcomes out;
    for (const Folder& folder : folders) out.push_back(look_at(context.root, folder));
    return out;
}

Outcomes check_configuration(const CheckContext& context) {
    const std::vector<Error>& problems = context.config_problems;
    if (problems.empty() && !context.captures)
        return {{CheckState::problem, context.config_summary + ": no plugin captures packets",
                 "install it, or name its folder: --plugins DIR"}};
    if (problems.empty()) return {{CheckState::ok, context.config_summary}};
    Outcomes out;
    for (size_t i = 0; i < std::min(problems.size(), problems_max); ++i) {
        const Error& problem = problems[i];
        out.push_back({CheckState::problem,
                       problem.where.empty() ? problem.what : problem.where + ": " + problem.what,
                       problem.hint});
    }
    if (problems.size() > problems_max)
        out.push_back({CheckState::problem, fmt::format("and {} more", problems.size() - problems_max),
                       "picket check"});
    return out;
}

Outcomes check_daemon(const CheckContext& context) {
    const auto unreachable = [](const Error& error) {
        return Outcomes{{CheckState::warning,
                         error.where.empty() ? error.what : error.where + ": " + error.what, error.hint}};
    };
    auto client = ApiClient::create(context.address);
    if (!client) return unreachable(client.error());
    const auto status = client->get("/api/v1/status");
    if (!status) return unreachable(status.error());
    const Json& health = part_at(*status, "health");
    if (flag_at(health, "ok"))
        return {{CheckState::ok, fmt::format("picket {} is healthy", text_at(*status, "version"))}};
    std::string reasons;
    for (const std::string& reason : texts_at(health, "reasons"))
        reasons += (reasons.empty() ? "" : "; ") + reason;
    return {{CheckState::problem, "not healthy: " + reasons, "picket status"}};
}

Outcomes check_other_daemons(const CheckContext& context) {
    std::map<std::string_view, const OtherDaemon*> running;
    std::error_code error;
    size_t seen = 0;
    for (fs::directory_iterator at(below(context.root, "/proc"), error), end;
         !error && at != end && seen < processes_max; at.increment(error), ++seen) {
        const std::string id = at->path().filename().string();
        if (id.find_first_not_of("0123456789") != std::string::npos) continue;
        std::string comm = small_file(context.root, fs::path("/proc") / id / "comm").value_or("");
        comm.resize(std::strcspn(comm.c_str(), "\n"));
        if (const OtherDaemon* other = other_daemon(comm); other != nullptr) running[other->name] = other;
    }
    Outcomes out;
    for (const auto& [name, other] : running)
        out.push_back({other->state, fmt::format("{} {}", name, other->what), std::string(other->hint)});
    if (out.empty()) out.push_back({CheckState::ok, "none that gets in the way"});
    return out;
}

}  // namespace picket

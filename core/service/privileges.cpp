// SPDX-License-Identifier: Apache-2.0
// libcap-ng, which ends here. Main thread.
#include "core/service/privileges.hpp"

#include <cap-ng.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <sstream>

#include <fmt/format.h>

namespace picket {
namespace {

/// libcap-ng's names are without the prefix, in lower case.
int number_of(std::string_view name) {
    constexpr std::string_view prefix = "CAP_";
    if (!name.starts_with(prefix)) return -1;
    return capng_name_to_capability(std::string(name.substr(prefix.size())).c_str());
}

Error system_error(const std::string& what) {
    return {ErrorCode::denied, what + ": " + std::strerror(errno), {}, {}};
}

std::string held_names() {
    const std::unique_ptr<char, decltype(&std::free)> names(
        capng_print_caps_text(CAPNG_PRINT_BUFFER, CAPNG_EFFECTIVE), &std::free);
    return names ? names.get() : "";
}

/// The bounding set can only be changed by who has CAP_SETPCAP; the rest is for everybody.
Result<void> become(const passwd* user, const std::string& name, bool may_bound) {
    if (user == nullptr) {
        if (capng_apply(may_bound ? CAPNG_SELECT_BOTH : CAPNG_SELECT_CAPS) != 0)
            return tl::unexpected<Error>(system_error("cannot give up capabilities"));
        return {};
    }
    const auto flags = static_cast<capng_flags_t>(CAPNG_INIT_SUPP_GRP | CAPNG_CLEAR_BOUNDING);
    const int failed = capng_change_id(static_cast<int>(user->pw_uid), static_cast<int>(user->pw_gid), flags);
    if (failed != 0)
        return fail(ErrorCode::denied, fmt::format("cannot become user {} (step {} failed)", name, -failed));
    return {};
}

}  // namespace

Result<std::vector<std::string>> capability_names(const std::vector<std::string_view>& texts) {
    std::vector<std::string> out;
    for (const std::string_view text : texts) {
        std::istringstream words{std::string(text)};
        for (std::string word; words >> word;) {
            if (number_of(word) < 0)
                return fail(ErrorCode::invalid, fmt::format("'{}' is no capability", word), {},
                            "capabilities(7) lists their names");
            out.push_back(word);
        }
    }
    std::ranges::sort(out);
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

Result<std::string> drop_privileges(const std::vector<std::string>& keep, const std::string& user) {
    const passwd* entry = nullptr;
    if (geteuid() == 0 && !user.empty()) {
        entry = getpwnam(user.c_str());
        if (entry == nullptr)
            return fail(ErrorCode::not_found, fmt::format("there is no user '{}'", user), "process.user");
    }
    capng_get_caps_process();
    std::vector<unsigned> kept;
    for (const std::string& name : keep) {
        const auto number = static_cast<unsigned>(number_of(name));
        if (capng_have_capability(CAPNG_PERMITTED, number) != 0) kept.push_back(number);
    }
    const bool may_bound = capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP) != 0;
    capng_clear(CAPNG_SELECT_BOTH);
    constexpr auto effective = static_cast<capng_type_t>(CAPNG_EFFECTIVE | CAPNG_PERMITTED);
    for (const unsigned number : kept) capng_update(CAPNG_ADD, effective, number);
    if (auto done = become(entry, user, may_bound); !done) return tl::unexpected<Error>(done.error());
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return tl::unexpected<Error>(system_error("cannot set no_new_privs"));

    capng_get_caps_process();
    for (unsigned number = 0; number <= CAP_LAST_CAP; ++number)
        if (capng_have_capability(CAPNG_EFFECTIVE, number) != 0 &&
            std::ranges::find(kept, number) == kept.end())
            return fail(ErrorCode::internal,
                        "more capabilities are left than were to be kept: " + held_names());
    return fmt::format("user {}, capabilities: {}", geteuid(), kept.empty() ? "none" : held_names());
}

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// Giving up what the daemon does not need: all capabilities but those that its plugins declare, and root's
// user id where another user is configured. Main thread, before any other thread is started: capabilities
// belong to a thread, and are inherited by those that it starts.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/model/result.hpp"

namespace picket {

/// The names in texts such as "CAP_NET_RAW CAP_NET_ADMIN", sorted, each once.
Result<std::vector<std::string>> capability_names(const std::vector<std::string_view>& texts);

/// Keeps of what the process has the named capabilities only, for good: bounding set, no_new_privs. With a
/// `user`, root becomes that user, with its groups; who is not root stays who they are. Returns a sentence
/// for the log: what is kept, as read back from the kernel. not_found: there is no such user.
Result<std::string> drop_privileges(const std::vector<std::string>& keep, const std::string& user);

}  // namespace picket

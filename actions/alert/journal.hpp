// SPDX-License-Identifier: Apache-2.0
// An alert as an entry of the systemd journal: sd-journal(3), systemd.journal-fields(7). [worker]
#pragma once
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "picket/sdk/outcome.hpp"

namespace picket::alert {

/// "FIELD=value" for each field of the entry. MESSAGE is the alert's reason, or `fallback_message`.
std::vector<std::string> journal_fields(const nlohmann::ordered_json& event,
                                        std::string_view fallback_message);

/// Hands the entry to journald. PARK: it is not running, or refuses.
sdk::Outcome send_to_journal(const std::vector<std::string>& fields);

}  // namespace picket::alert

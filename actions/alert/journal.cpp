// SPDX-License-Identifier: Apache-2.0
// The journal's fields; see journal.hpp. [worker]
#include "actions/alert/journal.hpp"

#include <sys/uio.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include <array>
#include <nlohmann/json.hpp>
#include <system_error>

namespace picket::alert {
namespace {

struct Field {
    std::string_view name, key;
};
constexpr std::array fields{
    Field{"PICKET_TYPE", "type"},         Field{"PICKET_SUBJECT", "subject"},
    Field{"PICKET_TARGET", "target"},     Field{"PICKET_POLICY", "policy"},
    Field{"PICKET_INCIDENT", "incident"}, Field{"PICKET_SEVERITY", "severity"},
};

/// syslog(3): 2 critical, 3 error, 4 warning, 5 notice, 6 informational.
struct Priority {
    std::string_view severity, value;
};
constexpr std::array priorities{Priority{"info", "6"}, Priority{"low", "5"}, Priority{"medium", "4"},
                                Priority{"high", "3"}, Priority{"critical", "2"}};

constexpr const char* journal_socket = "/run/systemd/journal/socket";

std::string text_of(const nlohmann::ordered_json& event, std::string_view key) {
    const auto found = event.find(key);
    if (found == event.end() || found->is_null()) return {};
    return found->is_string() ? found->get<std::string>() : found->dump();
}

}  // namespace

std::vector<std::string> journal_fields(const nlohmann::ordered_json& event,
                                        std::string_view fallback_message) {
    std::vector<std::string> out{"SYSLOG_IDENTIFIER=picket"};
    const std::string reason = text_of(event, "reason");
    out.push_back("MESSAGE=" + (reason.empty() ? std::string(fallback_message) : reason));
    std::string priority = "4";
    for (const auto& [severity, value] : priorities) {
        if (text_of(event, "severity") == severity) priority = value;
    }
    out.push_back("PRIORITY=" + priority);
    for (const auto& [name, key] : fields) {
        const std::string value = text_of(event, key);
        if (!value.empty()) out.push_back(std::string(name) + "=" + value);
    }
    return out;
}

sdk::Outcome send_to_journal(const std::vector<std::string>& entry) {
    // sd_journal_sendv says success where nobody listens.
    if (::access(journal_socket, F_OK) != 0) return {PICKET_PARK, "journald is not running"};
    std::vector<iovec> parts;
    parts.reserve(entry.size());
    for (const std::string& field : entry) parts.push_back({const_cast<char*>(field.data()), field.size()});
    const int code = sd_journal_sendv(parts.data(), static_cast<int>(parts.size()));
    if (code == 0) return {};
    return {PICKET_PARK, "journald: " + std::generic_category().message(-code)};
}

}  // namespace picket::alert

// SPDX-License-Identifier: Apache-2.0
// Every complaint names the parameter, what it may be, and what it is. Any thread.
#include "core/api/handlers/query.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace picket {
namespace {

constexpr size_t limit_max = 1000;
constexpr size_t id_bytes_max = 64;

tl::unexpected<Error> bad(std::string what) { return fail(ErrorCode::invalid, std::move(what)); }

template <size_t n>
std::optional<size_t> index_of(const std::array<std::string_view, n>& names, std::string_view name) {
    const auto at = std::find(names.begin(), names.end(), name);
    if (at == names.end()) return std::nullopt;
    return static_cast<size_t>(at - names.begin());
}

template <size_t n>
std::string one_of(const std::array<std::string_view, n>& names, std::string_view value) {
    return fmt::format("one of {}, is {}", fmt::join(names, ", "), value.substr(0, 64));
}

}  // namespace

std::optional<IncidentStatus> status_named(std::string_view name) {
    const auto index = index_of(incident_status_names, name);
    if (!index) return std::nullopt;
    return static_cast<IncidentStatus>(*index);
}

void QueryReader::complain(const std::string& name, const std::string& what) {
    if (!error_) error_ = name + ": " + what;
}

std::optional<std::string> QueryReader::text(const std::string& name) const {
    const auto found = query_.find(name);
    if (found == query_.end()) return std::nullopt;
    return found->second;
}

size_t QueryReader::limit(size_t fallback) {
    const auto value = text("limit");
    if (!value) return fallback;
    size_t out = 0;
    const char* const end = value->data() + value->size();
    const auto [stop, error] = std::from_chars(value->data(), end, out);
    if (error == std::errc{} && stop == end && out >= 1 && out <= limit_max) return out;
    complain("limit", fmt::format("1…{}, is {}", limit_max, value->substr(0, 64)));
    return fallback;
}

std::optional<uint64_t> QueryReader::time(const std::string& name) {
    const auto value = text(name);
    if (!value) return std::nullopt;
    const auto moment = parse_time_ns(*value);
    if (moment) return *moment;
    complain(name, moment.error().text());
    return std::nullopt;
}

std::optional<bool> QueryReader::boolean(const std::string& name) {
    const auto value = text(name);
    if (!value) return std::nullopt;
    if (*value != "true" && *value != "false") complain(name, "true or false, is " + value->substr(0, 64));
    return *value == "true";
}

std::optional<Severity> QueryReader::severity(const std::string& name) {
    const auto value = text(name);
    if (!value) return std::nullopt;
    const auto index = index_of(severity_names, *value);
    if (index) return static_cast<Severity>(*index);
    complain(name, one_of(severity_names, *value));
    return std::nullopt;
}

std::vector<IncidentStatus> QueryReader::statuses(const std::string& name) {
    std::vector<IncidentStatus> out;
    const auto value = text(name);
    if (!value) return out;
    std::string_view rest = *value;
    for (bool more = true; more;) {
        const size_t comma = rest.find(',');
        const std::string_view part = rest.substr(0, comma);
        more = comma != std::string_view::npos;
        if (more) rest.remove_prefix(comma + 1);
        const auto status = status_named(part);
        if (!status)
            complain(name, one_of(incident_status_names, part));
        else if (std::find(out.begin(), out.end(), *status) == out.end())
            out.push_back(*status);
    }
    return out;
}

Result<Json> read_object(const Request& request, const std::vector<std::string_view>& allowed) {
    Json body = Json::parse(request.body, nullptr, false);
    if (!body.is_object()) return bad("the body is not a JSON object");
    for (const auto& [name, value] : body.items())
        if (std::find(allowed.begin(), allowed.end(), name) == allowed.end())
            return bad(fmt::format("there is no member {} here; there is: {}", name.substr(0, 64),
                                   fmt::join(allowed, ", ")));
    return body;
}

Result<std::vector<std::string>> read_ids(const Json& body) {
    const auto ids = body.find("ids");
    if (ids == body.end() || !ids->is_array() || ids->empty() || ids->size() > ids_max)
        return bad(fmt::format("ids: an array of 1…{} incident ids", ids_max));
    std::vector<std::string> out;
    for (const Json& id : *ids) {
        if (!id.is_string() || id.get_ref<const std::string&>().size() > id_bytes_max)
            return bad("ids: each is a text of at most 64 bytes");
        out.push_back(id.get<std::string>());
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

}  // namespace picket

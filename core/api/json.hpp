// SPDX-License-Identifier: Apache-2.0
// How values become JSON here: one object a line, keys in a fixed order, whole numbers without a point. For
// the room's own sources. Any thread.
#pragma once
#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/api/http.hpp"
#include "core/model/duration.hpp"
#include "core/model/incident.hpp"

namespace picket {

using Json = nlohmann::ordered_json;

/// Counts are kept as doubles, but are whole numbers to who reads them.
inline Json json_number(double value) {
    constexpr double exact_max = 9007199254740992.0;  // 2^53
    if (std::trunc(value) == value && std::abs(value) <= exact_max) return static_cast<int64_t>(value);
    return value;
}

inline Json json_numbers(const std::vector<std::pair<std::string, double>>& values) {
    Json out = Json::object();
    for (const auto& [name, value] : values) out[name] = json_number(value);
    return out;
}

/// Nanoseconds as seconds, to the microsecond.
inline Json json_seconds(uint64_t ns) { return json_number(std::round(static_cast<double>(ns) / 1e3) / 1e6); }

/// A moment, or null where there is none.
inline Json json_time(uint64_t unix_ns) { return unix_ns == 0 ? Json(nullptr) : Json(time_text(unix_ns)); }

/// Names from packets or policies may be any bytes.
inline std::string line_of(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// The items as a list that is one page; `next` empty: the last.
inline Json json_page(Json items, const std::string& next = {}) {
    return Json{{"items", std::move(items)}, {"next", next.empty() ? Json(nullptr) : Json(next)}};
}

/// A finding and an incident as lists, streams and the replay show them (event_json.cpp).
Json finding_object(const Finding& finding, const std::string& incident_id);
Json incident_object(const IncidentRecord& record);

Response json_response(const Json& body, int status = 200);
/// The members of a problem, for bodies that have more.
Json problem_json(int status, std::string_view detail);

}  // namespace picket

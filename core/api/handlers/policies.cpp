// SPDX-License-Identifier: Apache-2.0
// The policies, what they may do, and changes to that while they run. A change is a reload with one more
// setting: checked, tested, kept in the store, audited, all or nothing. Workers.
#include <algorithm>

#include <fmt/format.h>

#include "core/api/handlers/handlers.hpp"
#include "core/api/handlers/query.hpp"
#include "core/api/status_json.hpp"

namespace picket {
namespace {

Response list(ApiBackend& backend) {
    const auto status = backend.status();
    Json out = Json::array();
    for (const PolicyStatus& policy : status->policies) out.push_back(policy_object(policy));
    return json_response(json_page(std::move(out)));
}

/// The group with the longest prefix that holds `address`, or nullptr.
const PolicyGroup* group_for(const PolicyStatus& policy, const Address& address) {
    const PolicyGroup* out = nullptr;
    unsigned longest = 0;
    for (const PolicyGroup& group : policy.groups)
        for (const Prefix& prefix : group.prefixes) {
            if (!prefix.contains(address) || (out != nullptr && prefix.bits() < longest)) continue;
            out = &group;
            longest = prefix.bits();
        }
    return out;
}

Response show(ApiBackend& backend, const Request& request) {
    const auto status = backend.status();
    const std::string& name = request.path_values.at("name");
    const auto policy = std::ranges::find(status->policies, name, &PolicyStatus::name);
    if (policy == status->policies.end()) return problem(404, "there is no policy " + name.substr(0, 64));
    Json out = policy_object(*policy);
    const QueryReader query(request);
    if (const auto text = query.text("for")) {
        const auto address = Address::parse(*text);
        if (!address) return problem(400, "for: an address, is " + text->substr(0, 64));
        const PolicyGroup* group = group_for(*policy, *address);
        out["for"] = {{"address", address->text()},
                      {"group", group == nullptr ? Json() : Json(group->name)},
                      {"params", params_array(group == nullptr ? policy->params : group->params)}};
    }
    return json_response(out);
}

bool is_name(const std::string& text) {
    return !text.empty() && text.size() <= 64 &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
}

/// A value as it would stand in the configuration; null takes the setting back. JSON's texts, numbers and
/// lists are TOML's too.
Result<std::string> setting_of(const std::string& name, const Json& value) {
    if (value.is_null()) return std::string{};
    const bool simple = value.is_string() || value.is_number() || value.is_boolean();
    const bool list = value.is_array() && std::ranges::all_of(value, [](const Json& each) {
                          return each.is_string() || each.is_number_integer();
                      });
    if (!simple && !list)
        return fail(ErrorCode::invalid, name + ": a text, a number, true, false, a list of these, or null");
    return value.dump();
}

Response change(ApiBackend& backend, const Request& request, const StoredSettings& changes) {
    return reload_response(backend.change_settings(changes, {request.actor, request.time_ns}));
}

Response change_all(ApiBackend& backend, const Request& request) {
    const auto body = read_object(request, {"mode"});
    if (!body) return problem(body.error());
    if (!body->contains("mode")) return problem(400, "give mode");
    const auto mode = setting_of("mode", body->at("mode"));
    return mode ? change(backend, request, {{"policies.mode", *mode}}) : problem(mode.error());
}

Response change_one(ApiBackend& backend, const Request& request) {
    const std::string& name = request.path_values.at("name");
    if (!is_name(name)) return problem(404, "there is no policy " + name.substr(0, 64));
    const auto body = read_object(request, {"mode", "params"});
    if (!body) return problem(body.error());
    StoredSettings changes;
    Json values = body->contains("params") ? body->at("params") : Json::object();
    if (!values.is_object()) return problem(400, "params: an object with a value for each parameter");
    if (values.contains("mode")) return problem(400, "params: mode stands beside it");
    if (body->contains("mode")) values["mode"] = body->at("mode");
    if (values.empty()) return problem(400, "give mode, params or both");
    for (const auto& [key, value] : values.items()) {
        if (!is_name(key)) return problem(400, "params: no parameter is called " + key.substr(0, 64));
        auto setting = setting_of(key, value);
        if (!setting) return problem(setting.error());
        changes.emplace(fmt::format("policy.{}.{}", name, key), std::move(*setting));
    }
    return change(backend, request, changes);
}

}  // namespace

void add_policy_routes(Routes& routes, ApiParts parts) {
    ApiBackend& backend = parts.backend;
    constexpr std::string_view all = "/api/v1/policies", one = "/api/v1/policies/{name}";
    routes.insert(routes.end(), {{Method::get, all, Access::granted,
                                  "The loaded policies, their parameters and what they cost",
                                  [&backend](const Request&) { return list(backend); }},
                                 {Method::patch,
                                  all,
                                  Access::granted,
                                  "Says how far any policy may go",
                                  [&backend](const Request& request) { return change_all(backend, request); },
                                  {},
                                  true},
                                 {Method::get,
                                  one,
                                  Access::granted,
                                  "One policy, and what holds for an address",
                                  [&backend](const Request& request) { return show(backend, request); },
                                  {"for"}},
                                 {Method::patch,
                                  one,
                                  Access::granted,
                                  "Sets its mode, parameters or both while it runs",
                                  [&backend](const Request& request) { return change_one(backend, request); },
                                  {},
                                  true}});
}

}  // namespace picket

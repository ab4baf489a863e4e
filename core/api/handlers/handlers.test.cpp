// SPDX-License-Identifier: Apache-2.0
// Proves what each route answers, over a real store: shapes, filters, pages, changes and who is told of them.
#include <boost/test/unit_test.hpp>

#include "core/api/fake_backend.test.hpp"
#include "core/api/json.hpp"

using namespace picket;
using namespace picket::test;

BOOST_AUTO_TEST_SUITE(api_handlers)

namespace {

struct Fixture : FakeDaemon {
    Fixture() { backend.fill(); }
    Json json(const std::string& method, const std::string& target, const std::string& body = {},
              int status = 200) {
        const Response out = ask(method, target, body);
        BOOST_TEST(out.status == status, method + " " + target + ": " + out.body);
        return Json::parse(out.body, nullptr, false);
    }
    Json get(const std::string& target) { return json("GET", target); }
    std::string complaint(const std::string& method, const std::string& target, const std::string& body,
                          int status) {
        const Response out = ask(method, target, body);
        BOOST_TEST(out.status == status, method + " " + target + ": " + out.body);
        BOOST_TEST(out.content_type == "application/problem+json");
        return Json::parse(out.body)["detail"];
    }
    std::vector<std::string> ids(const std::string& query) {
        std::vector<std::string> out;
        const Json page = get("/api/v1/incidents?" + query);
        for (const Json& item : page["items"]) out.push_back(item["id"].get<std::string>().substr(15));
        return out;
    }
};

std::vector<std::string> keys_of(const Json& object) {
    std::vector<std::string> out;
    for (const auto& [key, value] : object.items()) out.push_back(key);
    return out;
}

std::string joined(const std::vector<std::string>& parts) {
    std::string out;
    for (const std::string& part : parts) out += (out.empty() ? "" : " ") + part;
    return out;
}

const std::string incidents = "/api/v1/incidents", one = incidents + "/0000000000000004";

}  // namespace

BOOST_FIXTURE_TEST_CASE(the_status_has_the_contracts_keys, Fixture) {
    const Json status = get("/api/v1/status");
    BOOST_TEST(joined(keys_of(status)) == "version pid started time uptime_seconds health memory_bytes tick "
                                          "packets flows records_dropped directions decoded "
                                          "sources actions tables policies reloads incidents store");
    BOOST_TEST(status["uptime_seconds"] == 90);
    BOOST_TEST(status["health"]["ok"] == true);
    BOOST_TEST(status["tick"].dump() ==
               R"({"count":900,"last_seconds":0.002,"longest_seconds":0.015,"late":1})");
    BOOST_TEST(status["directions"].dump() == R"({"inbound":400,"outbound":500,"internal":60,"transit":40})");
    BOOST_TEST(status["decoded"].dump() ==
               R"({"ok":1000,"not_ip":3,"truncated":2,"malformed":1,"unknown_link_type":0})");
    BOOST_TEST(status["policies"].dump() == R"({"running":1,"off":0,"stopped":1})");
    BOOST_TEST(status["incidents"].dump() ==
               R"({"open":2,"opened":3,"closed":1,"closed_early":0,"findings":20,"passed_on":5})");
    BOOST_TEST(status["actions"].dump() ==
               R"([{"name":"alert","done":3,"failed":1,"retried":2,"dropped":0}])");
    BOOST_TEST(joined(keys_of(status["tables"][0])) ==
               "key rows rows_max evicted refused heaviest_evicted memory_bytes sampled_sets");
    BOOST_TEST(status["store"]["incidents"] == 10);
    BOOST_TEST(status["store"]["findings"] == 20);
}

BOOST_FIXTURE_TEST_CASE(sources_and_policies_have_the_contracts_keys, Fixture) {
    const Json source = get("/api/v1/sources")["items"][0];
    BOOST_TEST(joined(keys_of(source)) ==
               "name shards received dropped_kernel dropped_interface truncated malformed failures "
               "interfaces_up interfaces_down");
    BOOST_TEST(source["dropped_kernel"] == 7);
    const Json policies = get("/api/v1/policies")["items"];
    BOOST_TEST(joined(keys_of(policies[0])) ==
               "name summary file hash state mode mode_origin fell_back last_error calls seconds "
               "longest_seconds memory_bytes findings findings_dropped errors params groups");
    BOOST_TEST(
        policies[0]["params"][0].dump() ==
        R"({"name":"window","value":"10s","origin":"default","unit":"","help":"","min":null,"max":null})");
    BOOST_TEST(policies[0]["params"][1]["value"] == 60);
    BOOST_TEST(policies[0]["params"][1]["min"] == 5);
    BOOST_TEST(policies[1]["state"] == "stopped");
    BOOST_TEST(get("/api/v1/plugins").dump() == R"({"items":[],"next":null})");
}

BOOST_FIXTURE_TEST_CASE(a_policy_says_what_holds_for_an_address, Fixture) {
    PolicyStatus& policy = backend.state.policies[0];
    const auto group = [&](const char* prefix, int64_t value) {
        PolicyGroup out{prefix, {Prefix::parse(prefix).value()}, policy.params};
        out.params[1].value = value;
        out.params[1].origin = "picket.toml:9:1";
        return out;
    };
    policy.groups = {group("10.0.0.0/8", 7), group("10.1.0.0/16", 8)};
    const std::string path = "/api/v1/policies/" + policy.name;
    BOOST_TEST(get(path)["groups"][1]["params"].size() == 1u);  // only what differs
    BOOST_TEST(get(path + "?for=10.1.2.3")["for"]["params"][1]["value"] == 8);
    BOOST_TEST(get(path + "?for=10.2.2.3")["for"]["group"] == "10.0.0.0/8");
    BOOST_TEST(get(path + "?for=192.0.2.1")["for"]["params"][1]["value"] == 60);
    BOOST_TEST(get(path + "?for=192.0.2.1")["for"]["group"].is_null());
    json("GET", path + "?for=x", "", 400);
    json("GET", "/api/v1/policies/none", "", 404);
}

BOOST_FIXTURE_TEST_CASE(a_change_of_a_policy_is_a_setting_as_the_configuration_writes_it, Fixture) {
    const std::string path = "/api/v1/policies/port_scan";
    json("PATCH", path,
         R"({"mode":"off","params":{"window":"5s","unique_ports":50,"safe_ports":[80,"90-99"]}})");
    BOOST_TEST(
        (backend.changed_settings == StoredSettings{{"policy.port_scan.mode", "\"off\""},
                                                    {"policy.port_scan.window", "\"5s\""},
                                                    {"policy.port_scan.unique_ports", "50"},
                                                    {"policy.port_scan.safe_ports", "[80,\"90-99\"]"}}));
    json("PATCH", path, R"({"params":{"window":null}})");
    BOOST_TEST((backend.changed_settings == StoredSettings{{"policy.port_scan.window", ""}}));
    json("PATCH", "/api/v1/policies", R"({"mode":"dry_run"})");
    BOOST_TEST((backend.changed_settings == StoredSettings{{"policies.mode", "\"dry_run\""}}));
    backend.changed_settings.clear();
    for (const char* wrong :
         {"{}", "[]", R"({"params":{}})", R"({"params":[1]})", R"({"params":{"x":{"y":1}}})", R"({"x":1})",
          R"({"params":{"x = 1\n[log]":1}})", R"({"params":{"mode":"off"}})", R"({"params":{"x":[[1]]}})"})
        json("PATCH", path, wrong, 400);
    json("PATCH", "/api/v1/policies/x.y", R"({"mode":"off"})", 404);
    BOOST_TEST(backend.changed_settings.empty());
    // What a text holds can neither end it nor begin another line.
    json("PATCH", path, R"({"params":{"x":"a\"\nb = 1 #"}})");
    BOOST_TEST(backend.changed_settings.begin()->second == R"("a\"\nb = 1 #")");
}

BOOST_FIXTURE_TEST_CASE(health_follows_the_tick_and_the_problems, Fixture) {
    BOOST_TEST(ask("GET", "/healthz").body == "ok\n");
    BOOST_TEST(ask("GET", "/readyz").body == "ok\n");
    backend.state.problems = {"pcap drops packets", "a policy stopped"};
    BOOST_TEST(ask("GET", "/healthz").status == 200);
    const Response unready = ask("GET", "/readyz");
    BOOST_TEST(unready.status == 503);
    BOOST_TEST(unready.body == "pcap drops packets\na policy stopped\n");
    backend.time_ns += 5'000'000'000;
    BOOST_TEST(ask("GET", "/healthz").status == 503);
    backend.state.time_ns = 0;  // it has only just begun
    backend.time_ns = 0;
    BOOST_TEST(ask("GET", "/healthz").status == 503);
}

BOOST_FIXTURE_TEST_CASE(counters_are_listed_and_looked_into, Fixture) {
    const Json list = get("/api/v1/counters");
    BOOST_TEST(joined(keys_of(list["items"][0])) == "name policy key measures table window_seconds");
    BOOST_TEST(list["items"][0]["window_seconds"] == 10);
    for (const char* word : {"counter", "table"}) {
        const Json rows = get(std::string("/api/v1/counters?limit=5&sort=ports&") + word + "=port_scan.tcp");
        BOOST_TEST(rows["rows"] == 7);
        BOOST_TEST(
            rows["items"].dump() ==
            R"([{"key":{"local":"10.0.0.5","remote":"203.0.113.9"},"values":{"ports":62,"answers":0.5}}])");
    }
    complaint("GET", "/api/v1/counters?counter=nothing", "", 404);
    complaint("GET", "/api/v1/counters?counter=port_scan.tcp&sort=busy", "", 429);
    complaint("GET", "/api/v1/counters?counter=a&table=a", "", 400);
    complaint("GET", "/api/v1/counters?limit=5", "", 400);
    BOOST_TEST(complaint("GET", "/api/v1/counters?counter=port_scan.tcp&limit=0", "", 400) ==
               "limit: 1…1000, is 0");
}

BOOST_FIXTURE_TEST_CASE(incidents_are_filtered_and_sorted, Fixture) {
    BOOST_TEST(joined(ids("")) == "9 8 7 6 5 4 3 2 1 0");
    BOOST_TEST(joined(ids("sort=opened")) == "0 1 2 3 4 5 6 7 8 9");
    BOOST_TEST(joined(ids("sort=-severity&limit=2")).substr(0, 1) != "0");
    BOOST_TEST(joined(ids("type=syn_flood")) == "9 7 5 3 1");
    BOOST_TEST(joined(ids("subject=10.0.0.4")) == "4");
    BOOST_TEST(joined(ids("policy=other")) == "");
    BOOST_TEST(joined(ids("active=false")) == "9 6 3 0");
    BOOST_TEST(joined(ids("severity=critical")) == "9 4");
    BOOST_TEST(joined(ids("status=open")) == "9 8 7 6 5 4 3 2 1 0");
    BOOST_TEST(joined(ids("status=resolved,archived")) == "");
    BOOST_TEST(joined(ids("since=2023-11-14T22:14:08Z")) == "9 8");
    BOOST_TEST(joined(ids("until=2023-11-14T23:14:02%2B01:00")) == "1 0");
    const Json item = get(incidents + "?limit=1")["items"][0];
    BOOST_TEST(joined(keys_of(item)) ==
               "id type subject policy severity confidence reason status active opened last closed findings "
               "targets targets_more measures note changed_by changed");
    BOOST_TEST(item["changed"].is_null());
    BOOST_TEST(item["measures"].dump() == R"({"ports":240,"answers":3})");
}

BOOST_FIXTURE_TEST_CASE(pages_together_are_the_whole, Fixture) {
    for (const std::string& list :
         {incidents + "?sort=-severity&limit=3", incidents + "?limit=3&active=true",
          std::string("/api/v1/findings?limit=3"), std::string("/api/v1/audit?limit=3")}) {
        for (int i = 0; i < 4; ++i)
            json("PATCH", incidents + "/000000000000000" + std::to_string(i), R"({"note":"n"})");
        std::string all, paged, target = list;
        const size_t at = list.find("limit=3");
        const Json whole = get(list.substr(0, at) + "limit=1000" + list.substr(at + 7));
        for (const Json& item : whole["items"]) all += item.dump();
        for (int pages = 0; pages < 20; ++pages) {
            const Json page = get(target);
            BOOST_TEST(page["items"].size() <= 3u);
            for (const Json& item : page["items"]) paged += item.dump();
            if (page["next"].is_null()) break;
            target = list + "&cursor=" + page["next"].get<std::string>();
        }
        BOOST_TEST(paged == all);
        BOOST_TEST(!all.empty());
    }
    complaint("GET", incidents + "?cursor=nonsense", "", 400);
}

BOOST_FIXTURE_TEST_CASE(wrong_parameters_are_named_with_what_is_allowed, Fixture) {
    struct Case {
        const char *query, *detail;
    };
    for (const Case& c :
         {Case{"limit=1001", "limit: 1…1000, is 1001"}, Case{"limit=x", "limit: 1…1000, is x"},
          Case{"active=yes", "active: true or false, is yes"},
          Case{"status=open,done",
               "status: one of open, acknowledged, resolved, false_positive, archived, is done"},
          Case{"severity=bad", "severity: one of info, low, medium, high, critical, is bad"},
          Case{"since=yesterday", "since: 'yesterday' is not a moment (write 2026-11-21T03:00:00Z)"},
          Case{"sort=id",
               "sort: one of opened, last, severity, findings, each with or without - in front; is id"}})
        BOOST_TEST(complaint("GET", incidents + "?" + c.query, "", 400) == c.detail);
}

BOOST_FIXTURE_TEST_CASE(one_incident_is_shown_changed_and_removed, Fixture) {
    BOOST_TEST(get(one)["subject"] == "10.0.0.4");
    complaint("GET", incidents + "/ffffffffffffffff", "", 404);
    auto stream = hub.subscribe();
    (void)stream->next();
    const Json changed = json("PATCH", one, R"({"status":"acknowledged","note":"a backup"})");
    BOOST_TEST(changed["status"] == "acknowledged");
    BOOST_TEST(changed["note"] == "a backup");
    BOOST_TEST(changed["changed_by"] == "uid:1000 (ops)");
    BOOST_TEST(get(one) == changed);
    BOOST_TEST(joined(backend.told_of) == "0000000000000004");
    BOOST_TEST(stream->next().value() == "event: incident\nid: 1\ndata: " + changed.dump() + "\n\n");
    BOOST_TEST(joined(ids("status=acknowledged")) == "4");

    const Json audit = get("/api/v1/audit")["items"];
    BOOST_REQUIRE(audit.size() == 2u);
    BOOST_TEST(joined(keys_of(audit[0])) == "sequence time actor action object before after");
    BOOST_TEST(audit[0]["actor"] == "uid:1000 (ops)");

    backend.told_of.clear();
    const Response removed = ask("DELETE", one);
    BOOST_TEST(removed.status == 204);
    BOOST_TEST(removed.body.empty());
    BOOST_TEST(joined(backend.told_of) == "0000000000000004");
    complaint("GET", one, "", 404);
    complaint("DELETE", one, "", 404);
    complaint("PATCH", one, R"({"note":""})", 404);
    BOOST_TEST(get("/api/v1/findings?incident=0000000000000004")["items"].empty());
}

BOOST_FIXTURE_TEST_CASE(many_are_changed_and_removed_at_once, Fixture) {
    const std::string two = R"("ids":["0000000000000001","0000000000000002","ffffffffffffffff"])";
    const Json changed = json("PATCH", incidents, "{" + two + R"(,"status":"false_positive"})");
    BOOST_TEST(changed["changed"].size() == 2u);
    BOOST_TEST(changed["missing"].dump() == R"(["ffffffffffffffff"])");
    BOOST_TEST(joined(ids("status=false_positive")) == "2 1");
    const Json removed = json("DELETE", incidents, "{" + two + "}");
    BOOST_TEST(removed.dump() ==
               R"({"deleted":["0000000000000001","0000000000000002"],"missing":["ffffffffffffffff"]})");
    BOOST_TEST(get(incidents)["items"].size() == 8u);
}

BOOST_FIXTURE_TEST_CASE(wrong_bodies_change_nothing, Fixture) {
    std::string many = R"({"note":"","ids":["0000000000000001")";
    for (int i = 0; i < 1000; ++i) many += R"(,"a")";
    struct Case {
        const char* method;
        std::string target, body;
    };
    for (const Case& c :
         {Case{"PATCH", one, ""}, Case{"PATCH", one, "{"}, Case{"PATCH", one, "[]"}, Case{"PATCH", one, "{}"},
          Case{"PATCH", one, R"({"status":"done"})"}, Case{"PATCH", one, R"({"status":1})"},
          Case{"PATCH", one, R"({"note":null})"}, Case{"PATCH", one, R"({"note":"a","severity":"low"})"},
          Case{"PATCH", one, R"({"note":")" + std::string(4097, 'x') + R"("})"},
          Case{"PATCH", one, "{\"note\":\"\xff\"}"}, Case{"PATCH", one, std::string(60'000, '[')},
          Case{"PATCH", incidents, R"({"note":"a"})"}, Case{"PATCH", incidents, R"({"ids":[],"note":"a"})"},
          Case{"PATCH", incidents, R"({"ids":[1],"note":"a"})"},
          Case{"PATCH", incidents, R"({"ids":["0000000000000001"]})"}, Case{"PATCH", incidents, many + "]}"},
          Case{"DELETE", incidents, "{}"}, Case{"DELETE", incidents, ""}})
        complaint(c.method, c.target, c.body, 400);
    BOOST_TEST(get(incidents)["items"].size() == 10u);
    BOOST_TEST(get("/api/v1/audit")["items"].empty());
}

BOOST_FIXTURE_TEST_CASE(findings_are_listed_newest_first, Fixture) {
    const Json page = get("/api/v1/findings?incident=0000000000000004");
    BOOST_REQUIRE(page["items"].size() == 2u);
    BOOST_TEST(
        joined(keys_of(page["items"][0])) ==
        "sequence time type subject target policy severity confidence reason measures limits incident");
    BOOST_TEST(page["items"][0]["measures"]["ports"] == 90);
    BOOST_TEST(page["items"][1]["measures"]["ports"] == 62);
}

BOOST_FIXTURE_TEST_CASE(an_explanation_says_what_when_and_how_far, Fixture) {
    const Json out = get(one + "/explain");
    BOOST_TEST(joined(keys_of(out)) == "incident first latest policy sentences measures");
    BOOST_TEST(out["first"]["measures"]["ports"] == 62);
    BOOST_TEST(out["latest"]["measures"]["ports"] == 90);
    BOOST_TEST(out["policy"]["hash"] == "00ff00ff");
    BOOST_TEST(out["measures"].dump() == R"([{"name":"ports","value":90,"limit":60,"margin":30},)"
                                         R"({"name":"answers","value":3,"limit":null,"margin":null}])");
    std::string text;
    for (const Json& sentence : out["sentences"]) text += sentence.get<std::string>() + "\n";
    for (const char* part :
         {"10.0.0.4 was reported for port_scan_unique_ports_tcp toward 203.0.113.9", "it still goes on",
          "ports was 90, and the limit is 60: 30 above it, 50 %; the highest was 240.",
          "Had ports stayed below 60, port_scan would have been silent.", "answers 3", "hash 00ff00ff",
          "window = \"10s\" (default)", "unique_ports = 60 (picket.toml:3:8)",
          "Nobody has looked at it yet."})
        BOOST_TEST(text.find(part) != std::string::npos, std::string(part) + "\nin\n" + text);

    backend.state.policies.clear();
    json("PATCH", one, R"({"status":"resolved"})");
    const Json later = get(one + "/explain");
    BOOST_TEST(later["policy"].is_null());
    BOOST_TEST(later["sentences"].back().get<std::string>().find("uid:1000 (ops) made it resolved") == 0u);
    complaint("GET", incidents + "/ffffffffffffffff/explain", "", 404);
}

BOOST_FIXTURE_TEST_CASE(a_reload_says_what_holds_now_or_why_not, Fixture) {
    BOOST_TEST(
        json("POST", "/api/v1/reload").dump() ==
        R"({"applied":true,"problems":[],"changed":["policy.port_scan.unique_ports"],"needs_restart":["engine.tick"]})");
    BOOST_TEST(backend.reloaded_by == "uid:1000 (ops)");
    backend.report = {false, {{ErrorCode::invalid, "is 10", "picket.toml:1:2", "64…65535"}}, {}, {}};
    const Json refused = json("POST", "/api/v1/reload", "", 409);
    BOOST_TEST(joined(keys_of(refused)) == "type title status detail applied problems changed needs_restart");
    BOOST_TEST(refused["problems"].dump() ==
               R"([{"where":"picket.toml:1:2","what":"is 10","hint":"64…65535"}])");
}

BOOST_FIXTURE_TEST_CASE(a_stream_has_a_bound_on_its_clients, Fixture) {
    std::vector<Response> open;
    for (int i = 0; i < 32; ++i) {
        open.push_back(ask("GET", "/api/v1/stream"));
        BOOST_TEST((open.back().stream != nullptr));
    }
    complaint("GET", "/api/v1/stream", "", 429);
    open.clear();
    BOOST_TEST((ask("GET", "/api/v1/stream").stream != nullptr));
}

BOOST_AUTO_TEST_SUITE_END()

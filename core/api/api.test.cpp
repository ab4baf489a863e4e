// SPDX-License-Identifier: Apache-2.0
// Proves who may ask for what, that nothing but a route's exact path is served, and that every error is a
// problem with the right status.
#include <boost/test/unit_test.hpp>

#include "core/api/fake_backend.test.hpp"
#include "core/api/target.hpp"

using namespace picket;
using namespace picket::test;

BOOST_AUTO_TEST_SUITE(api)

namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

Route route(Method method, std::string_view path, Access access, std::vector<std::string_view> query = {}) {
    return {method,
            path,
            access,
            "",
            [](const Request& in) {
                if (in.path == "/throws") throw std::runtime_error("broken");
                Response out;
                out.body = in.actor;
                for (const auto& [key, value] : in.path_values) out.body += " " + key + "=" + value;
                for (const auto& [key, value] : in.query) out.body += " " + key + "=" + value;
                return out;
            },
            std::move(query)};
}

Api made(GateConfig gate = {Secret(), {"localhost", "127.0.0.1", "::1"}, false}) {
    return Api(std::move(gate),
               {route(Method::get, "/open", Access::open),
                route(Method::get, "/items", Access::granted, {"a", "b"}),
                route(Method::patch, "/items/{id}", Access::granted),
                route(Method::del, "/items/{id}", Access::granted),
                route(Method::get, "/items/{id}/more", Access::granted),
                route(Method::post, "/do", Access::granted), route(Method::get, "/throws", Access::open)});
}

RequestHead head(const std::string& method, const std::string& target,
                 Headers headers = {{"Host", "localhost:9393"}}) {
    RequestHead out;
    out.method = method;
    out.target = target;
    out.headers = std::move(headers);
    out.peer = "127.0.0.1";
    return out;
}

Response ask(const Api& api, const RequestHead& of) {
    auto judged = api.accept(of);
    if (auto* refused = std::get_if<Response>(&judged)) return std::move(*refused);
    return api.answer(std::get<Api::Accepted>(judged));
}
int status(const Api& api, const RequestHead& of) { return ask(api, of).status; }
const Secret token("0123456789abcdef");
const GateConfig with_token{token, {"localhost"}, false};

}  // namespace

BOOST_AUTO_TEST_CASE(only_an_exact_path_is_served) {
    const Api api = made();
    for (const char* target : {"/open", "/%6Fpen", "/items", "/items?a=1&b=%20x", "/items/0a-B_/more"})
        BOOST_TEST(status(api, head("GET", target)) == 200, target);
    for (const char* target :
         {"/", "/Open", "/open/", "//open", "/open//", "/./open", "/a/../open", "/%2e/open", "/a/%2e%2e/open",
          "/open%2f", "/items//more", "/items/a.b/more", "/items/%2e%2e/more", "/items/a%2fb/more",
          "/items/a/more/x", "/open%20", "/{id}", "/items/{id}/more"})
        BOOST_TEST(status(api, head("GET", target)) == 404, target);
    for (const char* target :
         {"", "open", "*", "http://localhost/open", "/open%", "/open%4", "/open%zz", "/open%00", "/open%0a",
          "/open\n", "/items?a=%", "/items?a=1&a=2", "/items?a=%00"})
        BOOST_TEST(status(api, head("GET", target)) == 400, target);
    BOOST_TEST(status(api, head("GET", "/" + std::string(target_bytes_max, 'a'))) == 414);
    std::string many = "/items?";
    for (size_t i = 0; i <= query_params_max; ++i) many += "k" + std::to_string(i) + "&";
    BOOST_TEST(status(api, head("GET", many)) == 400);
}

BOOST_AUTO_TEST_CASE(path_and_query_reach_the_handler_decoded) {
    const Api api = made();
    BOOST_TEST(ask(api, head("GET", "/items?b=x%26y+z&a=")).body == "tcp@127.0.0.1 a= b=x&y z");
    BOOST_TEST(ask(api, head("GET", "/items/12/more")).body == "tcp@127.0.0.1 id=12");
}

BOOST_AUTO_TEST_CASE(a_method_that_a_path_has_not_is_told_with_those_it_has) {
    const Api api = made();
    const Response out = ask(api, head("PUT", "/items/1"));
    BOOST_TEST(out.status == 405);
    BOOST_REQUIRE(!out.headers.empty());
    BOOST_TEST(out.headers.front().first == "Allow");
    BOOST_TEST(out.headers.front().second == "PATCH, DELETE");
    BOOST_TEST(ask(api, head("OPTIONS", "/open")).headers.front().second == "GET, HEAD");
    BOOST_TEST(status(api, head("HEAD", "/open")) == 200);
    BOOST_TEST(status(api, head("HEAD", "/do")) == 405);
    for (const char* method : {"get", "GETX", "", "\x01"})
        BOOST_TEST(status(api, head(method, "/open")) == 405);
}

BOOST_AUTO_TEST_CASE(unknown_parameters_are_refused_by_name) {
    const Response out = ask(made(), head("GET", "/items?a=1&limits=3"));
    BOOST_TEST(out.status == 400);
    BOOST_TEST(out.content_type == "application/problem+json");
    BOOST_TEST(out.body.find("no query parameter limits here; there is: a, b") != std::string::npos,
               out.body);
    BOOST_TEST(ask(made(), head("GET", "/open?x")).body.find("there is: none") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(other_hosts_and_sites_are_turned_away) {
    const Api api = made();
    for (const char* host : {"localhost", "LOCALHOST:1", "127.0.0.1:9393", "[::1]", "[::1]:9393"})
        BOOST_TEST(status(api, head("GET", "/items", {{"Host", host}})) == 200, host);
    for (const char* host : {"example.org", "localhost.example.org", "127.0.0.1.example.org", "10.0.0.1",
                             "[::2]", "::1", "", ":80", "localhost:", "localhost:x", "localhost:80:80",
                             "localhost:123456", "[::1", "[]", "localhost@example.org"})
        BOOST_TEST(status(api, head("GET", "/items", {{"Host", host}})) == 421, host);
    BOOST_TEST(status(api, head("GET", "/items", {})) == 400);
    BOOST_TEST(status(api, head("GET", "/items", {{"Host", "localhost"}, {"host", "localhost"}})) == 400);

    struct Case {
        const char *name, *value;
        int status;
    };
    for (const Case& c :
         {Case{"Origin", "http://localhost:9393", 200}, Case{"origin", "HTTPS://LOCALHOST:9393", 200},
          Case{"Origin", "http://localhost", 403}, Case{"Origin", "http://localhost:3000", 403},
          Case{"Origin", "http://127.0.0.1:9393", 403}, Case{"Origin", "https://example.org", 403},
          Case{"Origin", "null", 403}, Case{"Origin", "", 403}, Case{"Origin", "localhost:9393", 403},
          Case{"Sec-Fetch-Site", "same-origin", 200}, Case{"Sec-Fetch-Site", "none", 200},
          Case{"Sec-Fetch-Site", "same-site", 403}, Case{"Sec-Fetch-Site", "cross-site", 403}})
        for (const char* target : {"/items", "/open", "/nothing"}) {
            const int wanted = c.status == 200 && std::string(target) == "/nothing" ? 404 : c.status;
            BOOST_TEST(status(api, head("GET", target, {{"Host", "localhost:9393"}, {c.name, c.value}})) ==
                           wanted,
                       std::string(c.name) + ": " + c.value);
        }
    const Api any = made({Secret(), {}, true});
    BOOST_TEST(status(any, head("GET", "/items", {{"Host", "192.0.2.1:80"}})) == 200);
    BOOST_TEST(status(any, head("GET", "/items", {{"Host", "example.org"}})) == 421);
}

BOOST_AUTO_TEST_CASE(the_token_opens_what_is_not_open) {
    const Api api = made(with_token);
    const auto with = [&](const std::string& value) {
        return head("GET", "/items", {{"Host", "localhost"}, {"Authorization", value}});
    };
    BOOST_TEST(status(api, head("GET", "/open")) == 200);
    BOOST_TEST(status(api, head("GET", "/nothing")) == 404);
    const Response refused = ask(api, head("GET", "/items"));
    BOOST_TEST(refused.status == 401);
    BOOST_TEST(refused.headers.front().second == "Bearer");
    BOOST_TEST(ask(api, with("Bearer 0123456789abcdef")).body == "token@127.0.0.1");
    BOOST_TEST(status(api, with("bearer 0123456789abcdef")) == 200);
    for (const char* value : {"", "Bearer", "Bearer ", "Bearer 0123456789abcde", "Bearer 0123456789abcdeF",
                              "Bearer  0123456789abcdef", "Bearer 0123456789abcdef ",
                              "Basic 0123456789abcdef", "0123456789abcdef", "Bearer 0123456789abcdef0"}) {
        const Response out = ask(api, with(value));
        BOOST_TEST(out.status == 401, value);
        BOOST_TEST(out.body.find("0123456789") == std::string::npos);
    }
    BOOST_TEST(status(api, head("GET", "/items",
                                {{"Host", "localhost"},
                                 {"Authorization", "Bearer 0123456789abcdef"},
                                 {"Authorization", "Bearer x"}})) == 400);
}

BOOST_AUTO_TEST_CASE(without_a_token_tcp_reads_only) {
    const Api api = made();
    const Headers headers{{"Host", "localhost"}, {"Content-Type", "application/json"}};
    for (const auto& [method, target] : std::vector<std::pair<std::string, std::string>>{
             {"POST", "/do"}, {"PATCH", "/items/1"}, {"DELETE", "/items/1"}}) {
        BOOST_TEST(status(api, head(method, target, headers)) == 403);
        RequestHead local = head(method, target, headers);
        local.is_unix = true;
        local.peer = "uid:7";
        BOOST_TEST(ask(api, local).body.substr(0, 5) == "uid:7");
        RequestHead granted = head(method, target, headers);
        granted.headers.emplace_back("Authorization", "Bearer 0123456789abcdef");
        BOOST_TEST(status(made(with_token), granted) == 200);
    }
}

BOOST_AUTO_TEST_CASE(a_change_is_what_no_form_can_send) {
    const Api api = made();
    struct Case {
        const char *method, *target;
        Headers headers;
        int status;
    };
    const std::pair<std::string, std::string> json{"Content-Type", "application/json"};
    for (const Case& c :
         {Case{"POST", "/do", {}, 200}, Case{"POST", "/do", {json}, 200},
          Case{"POST", "/do", {{"Content-Type", "Application/JSON; charset=utf-8"}}, 200},
          Case{"POST", "/do", {{"Content-Type", "application/json2"}, {"Content-Length", "2"}}, 415},
          Case{"POST", "/do", {{"Content-Type", "text/plain"}, {"Content-Length", "2"}}, 415},
          Case{"PATCH", "/items/1", {{"Content-Length", "2"}}, 415}, Case{"DELETE", "/items/1", {}, 200},
          Case{"DELETE", "/items/1", {{"Content-Length", "0"}}, 200},
          Case{"DELETE", "/items/1", {{"Content-Length", "2"}}, 415},
          Case{"DELETE", "/items/1", {{"Transfer-Encoding", "chunked"}}, 415},
          Case{"POST", "/do", {json, {"Content-Length", "65536"}}, 200},
          Case{"POST", "/do", {json, {"Content-Length", "65537"}}, 413},
          Case{"GET", "/open", {{"Content-Length", "65537"}}, 413},
          Case{"POST", "/do", {json, {"Content-Length", "-1"}}, 400},
          Case{"POST", "/do", {json, {"Content-Length", "0x10"}}, 400},
          Case{"POST", "/do", {json, {"Content-Length", ""}}, 400},
          Case{"POST", "/do", {json, {"Content-Length", "1"}, {"Content-Length", "1"}}, 400},
          Case{"POST", "/do", {json, {"Content-Length", "1"}, {"Transfer-Encoding", "chunked"}}, 400}}) {
        RequestHead of = head(c.method, c.target, c.headers);
        of.is_unix = true;
        BOOST_TEST(status(api, of) == c.status, std::string(c.method) + " " + std::to_string(c.status));
    }
    RequestHead granted =
        head("POST", "/do", {{"Host", "localhost"}, {"Authorization", "Bearer 0123456789abcdef"}});
    BOOST_TEST(status(made(with_token), granted) == 415);
    granted.headers.push_back(json);
    BOOST_TEST(status(made(with_token), granted) == 200);
}

BOOST_AUTO_TEST_CASE(a_fault_of_a_handler_is_an_answer) {
    const Response out = ask(made(), head("GET", "/throws"));
    BOOST_TEST(out.status == 500);
    BOOST_TEST(out.content_type == "application/problem+json");
}

BOOST_AUTO_TEST_CASE(a_body_beyond_the_bound_is_refused) {
    const Api api = made();
    auto judged = api.accept(head("GET", "/open"));
    auto& accepted = std::get<Api::Accepted>(judged);
    accepted.request.body.assign(body_bytes_max, ' ');
    BOOST_TEST(api.answer(accepted).status == 200);
    accepted.request.body += ' ';
    BOOST_TEST(api.answer(accepted).status == 413);
}

BOOST_AUTO_TEST_SUITE_END()

// SPDX-License-Identifier: Apache-2.0
// Proves over real sockets that both of them answer alike, that what is malformed, too large or too slow gets
// a proper answer or an end, and that the server stays up meanwhile.
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <fstream>
#include <future>
#include <sys/stat.h>

#include "core/api/event_hub.hpp"
#include "core/api/server/raw_client.test.hpp"
#include "core/api/server/server.hpp"

using namespace picket;
using namespace picket::test;
using namespace std::string_literals;

BOOST_AUTO_TEST_SUITE(api_server)

namespace {

/// A server with a few routes of its own.
struct Fixture {
    std::filesystem::path dir;
    ApiServerConfig config;
    EventHub hub{{.clients_max = 4, .queue_max = 8}};
    ApiCounters counters;
    std::promise<void> gate;
    std::shared_future<void> opened = gate.get_future().share();
    std::atomic<int> waiting{0};
    std::unique_ptr<ApiServer> server;

    Fixture() {
        char name[] = "/tmp/picket-api-XXXXXX";
        dir = ::mkdtemp(name);
        config.socket = dir / "s";
        config.listen = "127.0.0.1:0";
    }
    ~Fixture() {
        server.reset();
        std::filesystem::remove_all(dir);
    }

    std::vector<Route> routes() {
        return {
            {Method::get, "/open", Access::open, "", [](const Request&) { return text("open"); }},
            {Method::get, "/who", Access::granted, "", [](const Request& in) { return text(in.actor); }},
            {Method::get, "/large", Access::granted, "",
             [](const Request&) { return text(std::string(1 << 20, 'x')); }},
            {Method::post,
             "/echo",
             Access::granted,
             "",
             [](const Request& in) { return text(in.body); },
             {},
             true},
            {Method::del,
             "/echo",
             Access::granted,
             "",
             [](const Request& in) { return text(in.body); },
             {},
             true},
            {Method::get,
             "/wait",
             Access::granted,
             "",
             [this](const Request&) {
                 ++waiting;
                 opened.wait();
                 return text("waited");
             },
             {},
             true},
            {Method::get, "/stream", Access::granted, "",
             [this](const Request&) {
                 Response out;
                 out.stream = hub.subscribe();
                 out.content_type = "text/event-stream";
                 return out.stream ? std::move(out) : problem(429, "full");
             }},
        };
    }
    static Response text(std::string body) {
        Response out;
        out.content_type = "text/plain";
        out.body = std::move(body);
        return out;
    }

    Result<void> start() {
        auto made = ApiServer::start(
            config, routes(), counters, [] { return uint64_t{1}; },
            [](picket_log_level, std::string_view) {});
        if (!made) return tl::unexpected(made.error());
        server = std::move(*made);
        return {};
    }
    void must_start() {
        const auto started = start();
        BOOST_REQUIRE_MESSAGE(started.has_value(), (started ? std::string() : started.error().text()));
    }
    RawClient tcp() { return RawClient::tcp(server->port()); }
    RawClient local() { return RawClient::local(config.socket); }
    std::string ask_tcp(std::string_view bytes) {
        RawClient client = tcp();
        client.send(bytes);
        return client.response();
    }
    std::string ask_local(std::string_view bytes) {
        RawClient client = local();
        client.send(bytes);
        return client.response();
    }
    bool lives() {
        return status_of(ask_tcp(get("/open"))) == 200 && status_of(ask_local(get("/open"))) == 200;
    }
};

std::string post(std::string_view target, std::string_view body) {
    return "POST " + std::string(target) +
           " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(both_sockets_give_the_same_answers, Fixture) {
    config.token = Secret("0123456789abcdef");
    must_start();
    const auto with_token = [](std::string text) {
        return text.insert(text.find("\r\n") + 2, "Authorization: Bearer 0123456789abcdef\r\n");
    };
    for (const std::string& request :
         {get("/open"), get("/nothing"), get("/open?x=1"), post("/open", "{}"), post("/echo", "{\"a\":1}"),
          get("/large"), post("/echo", std::string(70000, ' '))}) {
        const std::string local = ask_local(request), tcp = ask_tcp(with_token(request));
        BOOST_TEST(status_of(local) == status_of(tcp));
        BOOST_TEST((body_of(local) == body_of(tcp)));
        BOOST_TEST(local.find("Cache-Control: no-store") != std::string::npos);
        BOOST_TEST(local.find("X-Content-Type-Options: nosniff") != std::string::npos);
    }
}

BOOST_FIXTURE_TEST_CASE(who_asks_is_known, Fixture) {
    must_start();
    BOOST_TEST(body_of(ask_local(get("/who"))) == "uid:" + std::to_string(::getuid()));
    BOOST_TEST(body_of(ask_tcp(get("/who"))) == "tcp@127.0.0.1");
}

BOOST_FIXTURE_TEST_CASE(a_token_is_asked_for_on_tcp_alone, Fixture) {
    config.token = Secret("0123456789abcdef");
    must_start();
    BOOST_TEST(status_of(ask_tcp(get("/open"))) == 200);
    BOOST_TEST(status_of(ask_tcp(get("/who"))) == 401);
    BOOST_TEST(status_of(ask_local(get("/who"))) == 200);
    const auto with = [](const std::string& token) {
        return "GET /who HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token + "\r\n\r\n";
    };
    BOOST_TEST(body_of(ask_tcp(with("0123456789abcdef"))) == "token@127.0.0.1");
    for (const char* token :
         {"", "0123456789abcde", "0123456789abcdeg", "0123456789abcdef0", "Bearer 0123456789abcdef"})
        BOOST_TEST(status_of(ask_tcp(with(token))) == 401, token);
}

BOOST_FIXTURE_TEST_CASE(wrong_configurations_do_not_start, Fixture) {
    struct Case {
        const char *listen, *token, *in_error;
    };
    for (const Case& c :
         {Case{"0.0.0.0:0", "", "not a loopback"}, Case{"[::]:0", "", "not a loopback"},
          Case{"127.0.0.1", "", "no address and port"}, Case{"127.0.0.1:99999", "", "no address and port"},
          Case{"::1:80", "", "no address and port"}, Case{"localhost:80", "", "no address and port"},
          Case{"127.0.0.1:0", "short-secret", "16 or more"}}) {
        config.listen = c.listen;
        config.token = Secret(c.token);
        const auto started = start();
        BOOST_REQUIRE(!started.has_value());
        BOOST_TEST(started.error().text().find(c.in_error) != std::string::npos, started.error().text());
        BOOST_TEST(started.error().text().find("short-secret") == std::string::npos);
    }
}

BOOST_FIXTURE_TEST_CASE(a_stale_socket_is_replaced_and_a_live_one_is_not, Fixture) {
    must_start();
    struct stat made {};
    BOOST_REQUIRE(::stat(config.socket.c_str(), &made) == 0);
    BOOST_TEST((made.st_mode & 07777u) == 0660u);
    Fixture other;
    other.config.socket = config.socket;
    const auto refused = other.start();
    BOOST_REQUIRE(!refused.has_value());
    BOOST_TEST(refused.error().text().find("another process answers") != std::string::npos);
    BOOST_TEST(status_of(ask_local(get("/open"))) == 200);
    server.reset();
    BOOST_TEST(!std::filesystem::exists(config.socket));

    // What a process that was killed leaves behind: a file that nobody listens on.
    const int dead = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    std::strncpy(name.sun_path, config.socket.c_str(), sizeof(name.sun_path) - 1);
    BOOST_REQUIRE(::bind(dead, reinterpret_cast<const sockaddr*>(&name), sizeof(name)) == 0);
    ::close(dead);
    must_start();
    BOOST_TEST(status_of(ask_local(get("/open"))) == 200);
    server.reset();
    std::ofstream(config.socket) << "a file";
    BOOST_TEST(!start().has_value());
    BOOST_TEST(std::filesystem::is_regular_file(config.socket));
}

BOOST_FIXTURE_TEST_CASE(malformed_requests_get_a_4xx_or_an_end, Fixture) {
    must_start();
    const std::string host = "\r\nHost: localhost\r\n";
    const std::string cases[] = {
        "GET\r\n\r\n",
        "GET /open\r\n\r\n",
        "GET /open HTTP/9.9" + host + "\r\n",
        "GET /open HTTP/1.1\r\n\r\n",                             // no Host
        "GET /open HTTP/1.1" + host + "Host: localhost\r\n\r\n",  // two
        "GET  /open HTTP/1.1" + host + "no colon\r\n\r\n",
        "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"s,  // TLS
        "GET /open\x00/x HTTP/1.1"s + host + "\r\n",
        "GET /open HTTP/1.1\x00"s + host + "\r\n",
        "GET /op\x00"
        "en HTTP/1.1"s +
            host + "\r\n",
        "\x00\r\n\r\n"s,
        "GET open HTTP/1.1" + host + "\r\n",
        "GET http://localhost/open HTTP/1.1" + host + "\r\n",
        "GET * HTTP/1.1" + host + "\r\n",
        "GET /open%zz HTTP/1.1" + host + "\r\n",
        "GET /open%00 HTTP/1.1" + host + "\r\n",
        "BREW /open HTTP/1.1" + host + "\r\n",
        "get /open HTTP/1.1" + host + "\r\n",
        "POST /echo HTTP/1.1" + host + "Content-Type: application/json\r\nContent-Length: -5\r\n\r\n",
        "POST /echo HTTP/1.1" + host + "Content-Type: application/json\r\nContent-Length: 5x\r\n\r\nhello",
        "POST /echo HTTP/1.1" + host +
            "Content-Type: application/json\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "POST /echo HTTP/1.1" + host +
            "Content-Type: application/json\r\nContent-Length: 2\r\nTransfer-Encoding: "
            "chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        "POST /echo HTTP/1.1" + host + "Content-Length: 2\r\n\r\n{}",
        "POST /echo HTTP/1.1" + host +
            "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n",
    };
    for (const std::string& bytes : cases) {
        const int status = status_of(ask_tcp(bytes));
        BOOST_TEST(((status >= 400 && status < 500) || status == 505 || status == 0),
                   bytes + std::to_string(status));
        BOOST_TEST(lives());
    }
}

BOOST_FIXTURE_TEST_CASE(a_path_is_what_it_is, Fixture) {
    must_start();
    for (const char* target :
         {"/open/", "//open", "/./open", "/x/../open", "/%2e%2e/open", "/open/..", "/OPEN", "/open;x",
          "/open%2f", "/", "/..%2fopen", "/open%20", "/open#x", "/open\\"})
        BOOST_TEST(status_of(ask_tcp(get(target))) == 404, target);
    BOOST_TEST(status_of(ask_tcp(get("/%6fpen"))) == 200);
    BOOST_TEST(status_of(ask_tcp(get("/" + std::string(5000, 'a')))) == 414);
}

BOOST_FIXTURE_TEST_CASE(too_large_is_refused, Fixture) {
    must_start();
    RawClient client = tcp();
    client.send("GET /open HTTP/1.1\r\nHost: localhost\r\nX: " + std::string(64 << 10, 'x') + "\r\n\r\n");
    BOOST_TEST(status_of(client.response()) == 431);
    RawClient line = tcp();
    line.send("GET /" + std::string(64 << 10, 'x') + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const int status = status_of(line.response());
    BOOST_TEST((status == 414 || status == 431));
    // Refused by its head, before it is sent.
    BOOST_TEST(
        status_of(ask_tcp("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                          "Content-Length: 100000\r\n\r\n")) == 403);  // no token: nothing can be changed
    BOOST_TEST(
        status_of(ask_local("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                            "Content-Length: 100000\r\n\r\n")) == 413);
    BOOST_TEST(lives());
}

BOOST_FIXTURE_TEST_CASE(chunked_bodies_are_bodies, Fixture) {
    must_start();
    const std::string head = " /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                             "Transfer-Encoding: chunked\r\n\r\n";
    BOOST_TEST(body_of(ask_local("POST" + head + "2\r\n{\"\r\n5\r\na\":1}\r\n0\r\n\r\n")) == "{\"a\":1}");
    BOOST_TEST(body_of(ask_local("DELETE" + head + "2\r\n[]\r\n0\r\n\r\n")) == "[]");
    std::string large = "POST" + head;
    for (int i = 0; i < 20; ++i) large += "2000\r\n" + std::string(0x2000, 'x') + "\r\n";
    BOOST_TEST(status_of(ask_local(large + "0\r\n\r\n")) == 413);
    RawClient endless = local();
    endless.send("POST" + head);
    const std::string chunk = "2000\r\n" + std::string(0x2000, 'x') + "\r\n";
    int sent = 0;
    while (sent < 10'000 && endless.send(chunk)) ++sent;
    BOOST_TEST(sent < 10'000);
    BOOST_TEST(lives());
}

BOOST_FIXTURE_TEST_CASE(head_is_get_without_a_body, Fixture) {
    must_start();
    for (const char* target : {"/open", "/large", "/stream", "/nothing"}) {
        RawClient client = tcp();
        client.send("HEAD " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n\r\n" + get("/open"));
        const std::string first = client.response(true);
        BOOST_TEST(status_of(first) == (std::string(target) == "/nothing" ? 404 : 200), target);
        if (std::string(target) != "/stream") BOOST_TEST(body_of(client.response()) == "open");
    }
}

BOOST_FIXTURE_TEST_CASE(one_connection_serves_many_requests, Fixture) {
    must_start();
    RawClient client = local();
    std::string pipelined;
    for (int i = 0; i < 50; ++i) pipelined += get("/open") + post("/echo", "{}") + get("/nothing");
    client.send(pipelined);
    for (int i = 0; i < 50; ++i) {
        BOOST_TEST(body_of(client.response()) == "open");
        BOOST_TEST(body_of(client.response()) == "{}");
        BOOST_TEST(status_of(client.response()) == 404);
    }
}

BOOST_FIXTURE_TEST_CASE(who_waits_holds_up_nobody_else, Fixture) {
    config.limits.workers = 2;
    config.limits.waiting_max = 3;
    must_start();
    std::vector<RawClient> clients;
    for (int i = 0; i < 5; ++i) {
        clients.push_back(local());
        clients.back().send(get("/wait"));
        while (waiting < std::min(i + 1, 2)) std::this_thread::yield();
    }
    // Which of the last ones come first is open; that one more is too many once they are there is not.
    std::string refused;
    for (int i = 0; i < 1000 && status_of(refused) != 503; ++i) {
        clients.push_back(local());
        clients.back().send(get("/wait"));
        if (counters.refused_busy > 0) refused = clients.back().response();
    }
    BOOST_TEST(refused.find("Retry-After: 1") != std::string::npos);
    BOOST_TEST(lives());
    gate.set_value();
    BOOST_TEST(body_of(clients.front().response()) == "waited");
    BOOST_TEST(body_of(clients[1].response()) == "waited");
}

BOOST_FIXTURE_TEST_CASE(a_slow_client_is_ended, Fixture) {
    config.limits.idle_seconds = 1;
    must_start();
    RawClient silent = tcp(), half = local();
    half.send("GET /open HTTP/1.1\r\nHos");
    const int status = status_of(half.rest());
    BOOST_TEST((status == 0 || status == 408));
    BOOST_TEST(silent.rest().empty());
    BOOST_TEST(lives());
}

BOOST_FIXTURE_TEST_CASE(a_drip_is_ended_too, Fixture) {
    config.limits.request_seconds = 1;
    must_start();
    RawClient drip = tcp();
    const std::string request = "GET /open HTTP/1.1\r\nHost: localhost\r\nX: " + std::string(4000, 'x');
    size_t sent = 0;
    // One byte at a time is never idle; it has an end all the same.
    while (sent < request.size() && counters.cut_off == 0 && drip.send(request.substr(sent, 1))) {
        ++sent;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    BOOST_TEST(sent < request.size());
    BOOST_TEST(status_of(drip.rest()) != 200);
    BOOST_TEST(lives());
}

BOOST_FIXTURE_TEST_CASE(it_gives_signs_of_life_also_while_all_workers_wait, Fixture) {
    config.limits.workers = 1;
    must_start();
    RawClient client = tcp();
    client.send(get("/wait"));
    while (waiting < 1) std::this_thread::yield();
    const uint64_t before = counters.sweeps;
    while (counters.sweeps < before + 2) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    gate.set_value();
    BOOST_TEST(status_of(client.response()) == 200);
}

BOOST_FIXTURE_TEST_CASE(thousands_of_connections_leave_it_up, Fixture) {
    config.limits.unix_connections_max = 64;
    config.limits.per_address_max = 64;
    must_start();
    for (int round = 0; round < 20; ++round) {
        std::vector<RawClient> many;
        for (int i = 0; i < 100; ++i) {
            many.push_back(i % 2 == 0 ? tcp() : local());
            many.back().send(i % 3 == 0 ? "GET /op" : "\xff garbage\r\n\r\n");
        }
    }
    // What was left open has to be seen first: until then further connections are turned away.
    while (counters.connections > 0) std::this_thread::yield();
    BOOST_TEST(lives());
}

BOOST_FIXTURE_TEST_CASE(a_stream_tells_what_happens_and_ends_with_the_server, Fixture) {
    must_start();
    RawClient client = tcp(), other = local();
    client.send(get("/stream"));
    other.send(get("/stream"));
    client.read_until(": welcome\n\n");
    other.read_until(": welcome\n\n");
    hub.publish("finding", R"({"a":1})");
    hub.publish("status", "{}");
    const std::string got = client.read_until("id: 2\ndata: {}\n\n");
    BOOST_TEST(got.find("event: finding\nid: 1\ndata: {\"a\":1}\n\n") != std::string::npos, got);
    BOOST_TEST(got.find("Content-Type: text/event-stream") != std::string::npos);
    BOOST_TEST(other.read_until("id: 2\n").find("id: 2\n") != std::string::npos);
    { const RawClient gone = std::move(other); }
    // The client that left is noticed when there is something to tell it.
    while (hub.stats().clients > 1) hub.publish("status", "{}");
    server.reset();
    BOOST_TEST(client.rest().ends_with("0\r\n\r\n"));
    BOOST_TEST(hub.stats().clients == 0u);
}

BOOST_FIXTURE_TEST_CASE(a_silent_stream_is_kept_alive, Fixture) {
    config.limits.keep_alive_seconds = 0;
    must_start();
    RawClient client = tcp();
    client.send(get("/stream"));
    BOOST_TEST(client.read_until("\n:\n\n").find("\n:\n\n") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(a_stream_that_is_not_read_is_told_and_cut_off, Fixture) {
    must_start();
    RawClient client = local();
    client.send(get("/stream"));
    client.read_until(": welcome\n\n");
    // More than the sockets' buffers hold, while nothing is read.
    const std::string line(32 << 10, 'x');
    for (int i = 0; i < 200; ++i) hub.publish("finding", line);
    const std::string got = client.read_until("\r\n0\r\n\r\n");
    BOOST_TEST(got.find(": dropped ") != std::string::npos);
    BOOST_TEST(got.ends_with("0\r\n\r\n"));
    BOOST_TEST(hub.stats().cut_off == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

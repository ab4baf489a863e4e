// SPDX-License-Identifier: Apache-2.0
// Proves what systemd is told, with a socket of the test in systemd's place and made-up time.
#include "core/service/notify.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <cstring>
#include <filesystem>

using namespace picket;

BOOST_AUTO_TEST_SUITE(notify)

namespace {

constexpr uint64_t s = 1'000'000'000;

/// systemd's end of the protocol.
class Systemd {
  public:
    explicit Systemd(const char* watchdog_us = nullptr) {
        char name[] = "/tmp/picket-notify-XXXXXX";
        folder_ = mkdtemp(name);
        socket_ = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        const std::string path = folder_ + "/socket";
        std::memcpy(address.sun_path, path.data(), path.size());
        bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
        setenv("NOTIFY_SOCKET", path.c_str(), 1);
        if (watchdog_us != nullptr) setenv("WATCHDOG_USEC", watchdog_us, 1);
    }
    Systemd(const Systemd&) = delete;
    Systemd& operator=(const Systemd&) = delete;
    ~Systemd() {
        unsetenv("NOTIFY_SOCKET");
        unsetenv("WATCHDOG_USEC");
        close(socket_);
        std::filesystem::remove_all(folder_);
    }

    /// What came; empty: nothing.
    [[nodiscard]] std::string heard() const {
        char buffer[512];
        const ssize_t got = recv(socket_, buffer, sizeof buffer, 0);
        return got > 0 ? std::string(buffer, static_cast<size_t>(got)) : std::string();
    }

  private:
    std::string folder_;
    int socket_ = -1;
};

struct Lines {
    std::vector<std::string> all;
    Log log = [this](picket_log_level, std::string_view text) { all.emplace_back(text); };
};

}  // namespace

BOOST_AUTO_TEST_CASE(each_moment_of_a_life_is_told_in_the_protocols_words) {
    const Systemd systemd;
    Lines lines;
    Notifier notifier(lines.log);
    BOOST_TEST(notifier.active());
    BOOST_TEST(notifier.watchdog_ns() == 0);
    notifier.ready("captures on eth0");
    BOOST_TEST(systemd.heard() == "READY=1\nSTATUS=captures on eth0");
    notifier.reloading(12'345'678);
    BOOST_TEST(systemd.heard() == "RELOADING=1\nMONOTONIC_USEC=12345\nSTATUS=reloading");
    notifier.ready("reloaded");
    BOOST_TEST(systemd.heard() == "READY=1\nSTATUS=reloaded");
    notifier.status("healthy\nSTOPPING=1");
    BOOST_TEST(systemd.heard() == "STATUS=healthy?STOPPING=1");
    notifier.stopping();
    BOOST_TEST(systemd.heard() == "STOPPING=1\nSTATUS=stopping");
    BOOST_TEST(lines.all.empty());
}

BOOST_AUTO_TEST_CASE(without_systemd_nothing_is_told) {
    unsetenv("NOTIFY_SOCKET");
    Lines lines;
    Notifier notifier(lines.log);
    BOOST_TEST(!notifier.active());
    notifier.ready("");
    BOOST_TEST(lines.all.empty());
}

BOOST_AUTO_TEST_CASE(a_socket_that_refuses_is_said_once) {
    Lines lines;
    setenv("NOTIFY_SOCKET", "/nonexistent/socket", 1);
    Notifier notifier(lines.log);
    notifier.ready("");
    notifier.status("");
    unsetenv("NOTIFY_SOCKET");
    BOOST_TEST_REQUIRE(lines.all.size() == 1);
    BOOST_TEST(lines.all.front().find("No such file or directory") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_watchdog_gets_a_beat_only_while_every_thread_beats) {
    const Systemd systemd("10000000");
    Lines lines;
    Notifier notifier(lines.log);
    BOOST_TEST(notifier.watchdog_ns() == 10 * s);
    Heartbeat heart;
    const auto engine = heart.add("engine", 2 * s);
    const auto store = heart.add("store", 2 * s);
    engine.beat(100 * s);
    store.beat(100 * s);
    notifier.watch(heart, 101 * s);
    BOOST_TEST(systemd.heard() == "WATCHDOG=1");

    engine.beat(104 * s);  // the store hangs
    notifier.watch(heart, 104 * s);
    engine.beat(105 * s);
    notifier.watch(heart, 105 * s);
    BOOST_TEST(systemd.heard().empty());
    BOOST_TEST(lines.all ==
                   (std::vector<std::string>{"no sign of life for 4s from: store; systemd's watchdog gets "
                                             "no beat"}),
               boost::test_tools::per_element());

    store.beat(105 * s);
    notifier.watch(heart, 106 * s);
    BOOST_TEST(systemd.heard() == "WATCHDOG=1");
    BOOST_TEST(lines.all.back() == "alive again: store");
}

BOOST_AUTO_TEST_CASE(the_watchdog_is_not_beaten_more_often_than_needed) {
    const Systemd systemd("10000000");
    Notifier notifier(Log{});
    const Heartbeat heart;
    for (uint64_t t = 100; t < 110; ++t) notifier.watch(heart, t * s);
    int beats = 0;
    while (!systemd.heard().empty()) ++beats;
    BOOST_TEST(beats == 4);  // at 100, 103, 106, 109
}

BOOST_AUTO_TEST_CASE(a_silent_thread_is_said_also_where_no_watchdog_is) {
    Lines lines;
    Notifier notifier(lines.log);
    Heartbeat heart;
    heart.add("engine", s).beat(s);
    notifier.watch(heart, 4 * s);
    BOOST_TEST(lines.all == (std::vector<std::string>{"no sign of life for 3s from: engine"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_status_line_tells_the_numbers_of_the_last_interval) {
    DaemonStatus before;
    before.started_ns = 10 * s;
    before.time_ns = 20 * s;
    before.capture.packets = 1000;
    before.capture.source.dropped_kernel = 5;
    DaemonStatus now = before;
    now.time_ns = 22 * s;
    now.capture.packets = 5000;
    now.capture.source.dropped_kernel = 7;
    now.capture.records_dropped = 1;
    now.incidents_open = 3;
    now.policies.resize(3);
    now.policies[1].state = PolicyState::stopped;
    now.policies[2].state = PolicyState::off;
    BOOST_TEST(status_line(before, now) ==
               "healthy; 2,000 packets/s, 3 dropped; 2 policies, 1 stopped; 3 incidents open");
    now.problems = {"packets are lost", "a policy is stopped"};
    BOOST_TEST(status_line(before, now).starts_with("not healthy: packets are lost (and 1 more); 2,000"));
    // Since the start, and at the very start.
    BOOST_TEST(status_line({}, now).find("; 416 packets/s, 8 dropped;") != std::string::npos);
    BOOST_TEST(status_line({}, {}) == "healthy; 0 packets/s, 0 dropped; 0 policies; 0 incidents open");
}

BOOST_AUTO_TEST_SUITE_END()

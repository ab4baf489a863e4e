// SPDX-License-Identifier: Apache-2.0
// Proves, in children that end with the test, that what was given up is gone for the kernel too.
#include "core/service/privileges.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <fstream>
#include <functional>

using namespace picket;
namespace unit = boost::unit_test;

namespace {

using Names = std::vector<std::string>;

constexpr auto only_net_raw = "0000000000002000";  // bit 13

/// "CapEff" → "0000000000002000"
std::string own_status(const std::string& key) {
    std::ifstream file("/proc/self/status");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with(key + ":")) return line.substr(line.find_last_of("\t ") + 1);
    return {};
}

/// Runs `check` in a child; its exit code. 0: all was as it said.
int in_child(const std::function<int()>& check) {
    std::fflush(nullptr);
    const pid_t child = fork();
    if (child == 0) _exit(check());
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

boost::test_tools::assertion_result is_root(unit::test_unit_id) {
    boost::test_tools::assertion_result out(geteuid() == 0);
    out.message() << "needs root";
    return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(privileges)

BOOST_AUTO_TEST_CASE(capabilities_are_read_from_what_plugins_declare) {
    BOOST_TEST((capability_names({"CAP_NET_RAW", "", "CAP_NET_ADMIN CAP_NET_RAW"}).value() ==
                Names{"CAP_NET_ADMIN", "CAP_NET_RAW"}));
    BOOST_TEST(capability_names({""}).value().empty());
    for (const char* wrong : {"NET_RAW", "CAP_NET_COOKED", "cap_net_raw,cap_net_admin", "CAP_"}) {
        const auto names = capability_names({wrong});
        BOOST_REQUIRE(!names.has_value());
        BOOST_TEST(names.error().what.find(wrong) != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(root_keeps_exactly_the_named_capabilities, *unit::precondition(is_root)) {
    const int code = in_child([] {
        if (!drop_privileges({"CAP_NET_RAW"}, "")) return 1;
        if (own_status("CapEff") != only_net_raw || own_status("CapPrm") != only_net_raw) return 2;
        if (own_status("CapBnd").find_first_not_of('0') != std::string::npos) return 3;
        return own_status("NoNewPrivs") == "1" ? 0 : 4;
    });
    BOOST_TEST(code == 0);
}

BOOST_AUTO_TEST_CASE(root_becomes_another_user_who_cannot_become_root_again, *unit::precondition(is_root)) {
    const int code = in_child([] {
        if (!drop_privileges({"CAP_NET_RAW"}, "nobody")) return 1;
        if (geteuid() == 0 || getuid() == 0 || setuid(0) == 0) return 2;
        return own_status("CapEff") == only_net_raw ? 0 : 3;
    });
    BOOST_TEST(code == 0);
}

BOOST_AUTO_TEST_CASE(a_user_that_is_not_there_changes_nothing, *unit::precondition(is_root)) {
    const int code = in_child([] {
        const std::string before = own_status("CapEff");
        const auto dropped = drop_privileges({}, "no_such_user");
        if (dropped || dropped.error().where != "process.user") return 1;
        return own_status("CapEff") == before ? 0 : 2;
    });
    BOOST_TEST(code == 0);
}

BOOST_AUTO_TEST_SUITE_END()

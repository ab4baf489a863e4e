// SPDX-License-Identifier: Apache-2.0
// Proves what each check makes of a made-up machine: a folder with the files of /proc and /sys that it reads.
#include <boost/test/unit_test.hpp>

#include <sys/utsname.h>
#include <unistd.h>

#include <fstream>

#include "core/client/json_read.hpp"
#include "core/doctor/report.hpp"

using namespace picket;
namespace fs = std::filesystem;

BOOST_AUTO_TEST_SUITE(doctor)

namespace {

/// A machine without anything, to which a test adds files. Gone when the test ends.
struct Machine {
    Machine() {
        std::string name = (fs::temp_directory_path() / "picket-doctor-XXXXXX").string();
        BOOST_TEST_REQUIRE(mkdtemp(name.data()) != nullptr);
        context.root = name;
    }
    Machine(const Machine&) = delete;
    Machine& operator=(const Machine&) = delete;
    ~Machine() {
        std::error_code ignored;
        fs::remove_all(context.root, ignored);
    }
    void file(const std::string& path, const std::string& text) const {
        const fs::path whole = context.root / path;
        fs::create_directories(whole.parent_path());
        std::ofstream(whole) << text;
    }
    void folder(const std::string& path, fs::perms perms = fs::perms::owner_all) const {
        fs::create_directories(context.root / path);
        fs::permissions(context.root / path, perms);
    }
    void interface(const std::string& name, const std::string& flags) const {
        file("sys/class/net/" + name + "/flags", flags + "\n");
    }
    CheckContext context;
};

/// "state: what" of each outcome, and whatever is wrong says what to do.
std::vector<std::string> texts(const Outcomes& outcomes) {
    std::vector<std::string> out;
    for (const Outcome& outcome : outcomes) {
        out.push_back(std::string(name_of(outcome.state)) + ": " + outcome.what);
        if (outcome.state >= CheckState::warning) BOOST_TEST(!outcome.hint.empty(), outcome.what);
    }
    return out;
}

bool says(const Outcomes& outcomes, const std::string& begin) {
    const auto all = texts(outcomes);
    return std::any_of(all.begin(), all.end(),
                       [&](const std::string& text) { return text.starts_with(begin); });
}

}  // namespace

BOOST_AUTO_TEST_CASE(capabilities_are_those_of_the_process) {
    const Machine machine;
    BOOST_TEST(says(check_capabilities(machine.context), "warning: this user may not capture"));
    machine.file("proc/self/status", "Name:\tpicket\nCapEff:\t0000000000002000\n");
    BOOST_TEST(says(check_capabilities(machine.context), "info: may capture"));
    machine.file("proc/self/status", "CapEff:\t000001ffffffffff\n");
    BOOST_TEST(says(check_capabilities(machine.context), "ok: "));
}

BOOST_AUTO_TEST_CASE(filters_that_are_interpreted_are_a_warning) {
    const Machine machine;
    BOOST_TEST(says(check_bpf_jit(machine.context), "info: "));
    machine.file("proc/sys/net/core/bpf_jit_enable", "0\n");
    BOOST_TEST(says(check_bpf_jit(machine.context), "warning: "));
    machine.file("proc/sys/net/core/bpf_jit_enable", "1\n");
    BOOST_TEST(says(check_bpf_jit(machine.context), "ok: "));
}

BOOST_AUTO_TEST_CASE(cgroup_version_2_is_told_from_1) {
    const Machine machine;
    machine.folder("sys/fs/cgroup/memory");
    BOOST_TEST(says(check_cgroup(machine.context), "warning: "));
    machine.file("sys/fs/cgroup/cgroup.controllers", "cpu memory\n");
    BOOST_TEST(says(check_cgroup(machine.context), "ok: version 2"));
}

BOOST_AUTO_TEST_CASE(nf_tables_is_found_loaded_or_on_the_disk) {
    const Machine none, loaded, on_disk;
    loaded.folder("sys/module/nf_tables");
    utsname system{};
    BOOST_TEST_REQUIRE(uname(&system) == 0);
    on_disk.file(std::string("lib/modules/") + system.release + "/modules.dep",
                 "kernel/net/netfilter/nf_tables.ko.xz: kernel/net/netfilter/nfnetlink.ko.xz\n");
    BOOST_TEST(says(check_nftables(none.context), "info: the kernel shows no nf_tables"));
    BOOST_TEST(says(check_nftables(loaded.context), "ok: nf_tables is loaded"));
    BOOST_TEST(says(check_nftables(on_disk.context), "ok: nf_tables is there"));
}

BOOST_AUTO_TEST_CASE(an_interface_that_is_up_is_needed_beside_loopback) {
    const Machine machine;
    machine.interface("lo", "0x9");
    machine.interface("eth1", "0x1002");
    BOOST_TEST(says(check_interfaces(machine.context), "problem: no interface is up"));
    machine.interface("eth0", "0x1003");
    BOOST_TEST(says(check_interfaces(machine.context), "ok: up: eth0; down: eth1"));
}

BOOST_AUTO_TEST_CASE(default_routes_of_both_families_that_are_up) {
    const Machine machine;
    const std::string head =
        "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n";
    machine.file("proc/net/route", head + "eth3\t00000000\t0\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n" +
                                       "eth4\t00000000\t0\t0000\t0\t0\t0\t00000000\t0\t0\t0\n");
    BOOST_TEST(says(check_default_route(machine.context), "warning: none"));
    machine.file("proc/net/route", head + "eth0\t00000000\t0103000A\t0003\t0\t0\t0\t00000000\t0\t0\t0\n");
    const std::string zeros(32, '0');
    machine.file("proc/net/ipv6_route", zeros + " 00 " + zeros + " 00 " + zeros +
                                            " 00000400 1 0 00000003 eth1\n" + zeros + " 00 " + zeros +
                                            " 00 " + zeros + " ffffffff 1 0 00200200 lo\n");
    BOOST_TEST(says(check_default_route(machine.context), "ok: over eth0, eth1, "));
}

BOOST_AUTO_TEST_CASE(an_interface_of_the_made_up_machine_has_no_offloads) {
    const Machine machine;
    machine.interface("picket-none0", "0x3");
    BOOST_TEST(says(check_offloads(machine.context), "ok: "));
}

BOOST_AUTO_TEST_CASE(folders_are_there_are_folders_and_not_for_everybody) {
    const Machine machine;
    machine.folder("etc/picket");
    machine.file("var/lib/picket", "");
    machine.folder("run/picket", fs::perms::all);
    BOOST_TEST(texts(check_directories(machine.context)) ==
                   (std::vector<std::string>{"ok: /etc/picket", "problem: /var/lib/picket is no folder",
                                             "problem: /run/picket: everybody may write there"}),
               boost::test_tools::per_element());
    fs::remove(machine.context.root / "var/lib/picket");
    BOOST_TEST(says(check_directories(machine.context), "warning: /var/lib/picket is not there"));
}

BOOST_AUTO_TEST_CASE(every_problem_of_the_configuration_is_one_up_to_a_bound) {
    Machine machine;
    machine.context.captures = true;
    BOOST_TEST(says(check_configuration(machine.context), "ok: "));
    machine.context.config_problems.assign(
        12, Error{ErrorCode::invalid, "unknown key 'tikc'", "picket.toml:2:1", "did you mean 'tick'?"});
    const auto outcomes = check_configuration(machine.context);
    BOOST_TEST(outcomes.size() == 11);
    BOOST_TEST(says(outcomes, "problem: picket.toml:2:1: unknown key 'tikc'"));
    BOOST_TEST(says(outcomes, "problem: and 2 more"));
    machine.context.config_problems.clear();
    machine.context.captures = false;
    BOOST_TEST(says(check_configuration(machine.context), "problem: "));
}

BOOST_AUTO_TEST_CASE(without_a_daemon_there_is_a_warning_not_a_problem) {
    Machine machine;
    machine.context.address.socket = (machine.context.root / "none.sock").string();
    BOOST_TEST(says(check_daemon(machine.context), "warning: "));
}

BOOST_AUTO_TEST_CASE(other_daemons_are_known_by_the_names_of_their_processes) {
    const Machine machine;
    machine.file("proc/10/comm", "bash\n");
    machine.file("proc/self/comm", "suricata\n");
    BOOST_TEST(says(check_other_daemons(machine.context), "ok: "));
    machine.file("proc/11/comm", "Suricata-Main\n");
    machine.file("proc/12/comm", "firewalld\n");
    machine.file("proc/13/comm", "firewalld\n");
    const auto outcomes = check_other_daemons(machine.context);
    BOOST_TEST(outcomes.size() == 2);
    BOOST_TEST(says(outcomes, "warning: suricata "));
    BOOST_TEST(says(outcomes, "info: firewalld "));
}

BOOST_AUTO_TEST_CASE(the_report_counts_and_keeps_the_terminal_clean) {
    const std::vector<CheckResult> results{{"a", {CheckState::ok, "well"}},
                                           {"b", {CheckState::problem, "bad\x1b[2J", "mend it"}},
                                           {"b", {CheckState::warning, "so so", "look"}}};
    const std::string text = doctor_text(results, false);
    BOOST_TEST(text.find('\x1b') == std::string::npos);
    BOOST_TEST(text.ends_with("\n1 problem, 1 warning\n"), text);
    BOOST_TEST(text.find("→ mend it") != std::string::npos);
    const Json json = Json::parse(doctor_json(results));
    BOOST_TEST(json["ok"] == false);
    BOOST_TEST(json["checks"].size() == 3);
    BOOST_TEST(json["checks"][1]["state"] == "problem");
}

BOOST_AUTO_TEST_SUITE_END()

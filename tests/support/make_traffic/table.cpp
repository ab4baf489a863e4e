// SPDX-License-Identifier: Apache-2.0
// The table of scenarios: what there is, with which keys, and what they mean unless given. Any thread.
#include <initializer_list>

#include "tests/support/make_traffic/scenario.hpp"

namespace picket::traffic {
namespace {

constexpr uint64_t host_max = (1U << 24U) - 1;

/// The keys that every scenario has, and its own after them.
std::vector<Key> keys(std::string_view packets, std::string_view pps, std::initializer_list<Key> own) {
    std::vector<Key> all{
        {"packets", packets, "", 1, spoofed_limit, "packets (tries, where there are answers)"},
        {"pps", pps, "", 1, 100'000'000, "packets (tries) a second"},
        {"at", "0", "", 0, 1'000'000, "seconds after the start of the file"},
        {"family", "v4", "v4|v6|both", 0, 0, "address family"},
    };
    all.insert(all.end(), own);
    return all;
}

Key port(std::string_view preset) { return {"port", preset, "", 1, 65535, "destination port"}; }
Key host(std::string_view preset) {
    return {"host", preset, "", 1, host_max, "the local host: 7 is 10.0.0.7, fd00::7"};
}
Key peer(std::string_view preset) {
    return {"peer", preset, "", 1, 131071, "the remote host: 7 is 198.18.0.7"};
}
Key size(std::string_view preset) {
    return {"size", preset, "", 0, frame_max, "bytes of a frame; 0: what fits"};
}
Key proto(std::string_view preset) { return {"proto", preset, "tcp|udp|icmp", 0, 0, "protocol"}; }
Key direction(std::string_view preset) {
    return {"direction", preset, "in|out", 0, 0, "into or out of our network"};
}
Key answered(std::string_view preset) {
    return {"answered", preset, "", 0, 100, "percent of tries that get an answer"};
}
Key flags() { return {"flags", "syn", "syn|null|fin|xmas|ack", 0, 0, "TCP flags of a try"}; }
Key service() {
    return {"service", "any", "any|dns|ntp|ssdp|snmp|ldap|portmap|memcached|steam|chargen",
            0,         0,     "misused service"};
}

std::vector<Key> scan_keys(std::string_view packets, std::string_view pps, std::string_view order) {
    return keys(packets, pps,
                {{"first", "1", "", 1, 65535, "lowest port"},
                 {"ports", "1000", "", 1, 65535, "how many ports from there on"},
                 {"order", order, "random|sequential", 0, 0, "order of the ports"},
                 host("66"),
                 peer("66"),
                 direction("out"),
                 proto("tcp"),
                 flags(),
                 answered("60")});
}

}  // namespace

const std::vector<Scenario>& scenarios() {
    static const std::vector<Scenario> table{
        {"mix", "ordinary traffic of a hosting node: web, QUIC, DNS, NTP, SSH, mail, ping",
         keys("100k", "10k",
              {size("0"),
               {"flows", "2000", "", 1, 1'000'000, "conversations at the same time"},
               {"hosts", "200", "", 1, host_max, "local hosts"},
               {"peers", "20k", "", 1, 131071, "remote peers"}}),
         make_mix, true},
        {"all_new", "every packet a flow of its own, both directions, TCP and UDP",
         keys("100k", "10k", {size("0"), {"hosts", "64k", "", 1, host_max, "local hosts"}}), make_all_new,
         true},
        {"syn_flood", "spoofed SYNs to one service of ours",
         keys("100k", "20k",
              {host("10"),
               port("80"),
               {"sources", "0", "", 0, spoofed_limit, "distinct sources; 0: one a packet"}}),
         make_syn_flood},
        {"udp_flood", "UDP from one host of ours to many, or from many to one",
         keys("100k", "20k",
              {host("20"),
               port("80"),
               size("0"),
               direction("out"),
               {"peers", "5k", "", 1, spoofed_limit, "distinct remote addresses"}}),
         make_udp_flood},
        {"ddos_out", "one host of ours opens connections to very many",
         keys("40k", "2k",
              {host("30"),
               port("80"),
               answered("0"),
               {"peers", "5k", "", 1, spoofed_limit, "distinct remote addresses"}}),
         make_ddos_out},
        {"single_target_flood", "one host of ours floods one remote host",
         keys("100k", "50k", {host("40"), peer("40"), port("443"), proto("udp"), size("0")}),
         make_single_target_flood},
        {"amplification", "one host of ours sends requests to many reflectors",
         keys("20k", "2k", {host("50"), service(), {"peers", "1k", "", 1, 131071, "distinct reflectors"}}),
         make_amplification},
        {"reflection", "reflectors send what nobody asked for to one host of ours",
         keys("50k", "20k",
              {host("55"), service(), {"peers", "2k", "", 1, spoofed_limit, "distinct reflectors"}}),
         make_reflection},
        {"port_scan", "one host tries many ports of another", scan_keys("1000", "500", "random"),
         make_port_scan},
        {"sequential_scan", "one host tries ports one after the other", scan_keys("200", "100", "sequential"),
         make_port_scan},
        {"host_scan", "one host tries one port of many",
         keys("2000", "500",
              {{"hosts", "2000", "", 1, 131071, "hosts tried, one after the other"},
               host("77"),
               peer("77"),
               port("23"),
               direction("out"),
               proto("tcp"),
               flags(),
               answered("5")}),
         make_host_scan},
        {"mining", "hosts of ours keep connections to a mining pool",
         keys("600", "2",
              {host("90"),
               peer("90"),
               port("3333"),
               {"connections", "3", "", 1, 10'000, "connections, each from a host of its own"}}),
         make_mining},
    };
    return table;
}

}  // namespace picket::traffic

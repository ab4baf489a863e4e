// SPDX-License-Identifier: Apache-2.0
// Formats: RFC 1035 (DNS), RFC 5905 (NTP), RFC 9000 (QUIC short header), RFC 8446 (TLS records), RFC 3416
// (SNMP), RFC 4511 (LDAP), RFC 5531 (RPC), UPnP 1.1 (SSDP), memcached's protocol.txt, and the pools' JSON
// lines. Any thread.
#include "tests/support/make_traffic/payloads.hpp"

namespace picket::traffic {

using namespace std::string_view_literals;

namespace payload {
const std::string_view dns_query = "\x13\x37\x01\x00\0\1\0\0\0\0\0\0\7example\3com\0\0\1\0\1"sv;
const std::string_view dns_answer = "\x13\x37\x81\x80\0\1\0\1\0\0\0\0\7example\3com\0\0\1\0\1"
                                    "\xc0\x0c\0\1\0\1\0\0\1\x2c\0\4\xc6\x12\0\7"sv;
const std::string_view http_request =
    "GET /index.html HTTP/1.1\r\nHost: www.example.com\r\nAccept: */*\r\n\r\n"sv;
const std::string_view http_answer =
    "HTTP/1.1 200 OK\r\nServer: web\r\nContent-Type: application/octet-stream\r\n\r\n"sv;
const std::string_view ntp_request = "\x23\0\6\xec"sv;
const std::string_view ntp_answer = "\x24\2\6\xec"sv;
const std::string_view quic = "\x43\x5a\x11\x9c\x27\xe0\x08\xb4\x6d\x3f\x92\x1e\x84\xc9\x50\x7b\xaa"sv;
const std::string_view smtp = "250 ok\r\n"sv;
const std::string_view ssh_ignore = "\0\0\0\x20\4\2\0\0\0\x16"sv;
const std::string_view tls = "\x17\x03\x03\x00\x10"sv;
const std::string_view stratum_subscribe =
    R"({"id":1,"method":"mining.subscribe","params":["cpuminer/2.5.1"]})"
    "\n"sv;
const std::string_view stratum_authorize = R"({"id":2,"method":"mining.authorize","params":["worker.1","x"]})"
                                           "\n"sv;
const std::string_view stratum_accepted = R"({"id":2,"result":true,"error":null})"
                                          "\n"sv;
const std::string_view stratum_job = R"({"id":null,"method":"mining.notify","params":["bf","4d16b6f8",true]})"
                                     "\n"sv;
const std::string_view stratum_submit =
    R"({"id":4,"method":"mining.submit","params":["worker.1","bf","0001"]})"
    "\n"sv;
}  // namespace payload

namespace {
const std::string_view dns_any = "\x13\x37\x01\x20\0\1\0\0\0\0\0\1\7example\3com\0\0\xff\0\1"
                                 "\0\0\x29\x10\0\0\0\0\0\0\0"sv;
const std::string_view ntp_monlist = "\x17\0\3\x2a\0\0\0\0"sv;
const std::string_view ssdp_search = "M-SEARCH * HTTP/1.1\r\nHost: 239.255.255.250:1900\r\nST: ssdp:all\r\n"
                                     "Man: \"ssdp:discover\"\r\nMX: 1\r\n\r\n"sv;
const std::string_view snmp_bulk = "\x30\x25\2\1\1\4\6public\xa5\x18\2\1\1\2\1\0\2\1\x32\x30\x0d\x30\x0b\6\7"
                                   "\x2b\6\1\2\1\1\1\5\0"sv;
const std::string_view ldap_search =
    "\x30\x25\2\1\1\x63\x20\4\0\x0a\1\0\x0a\1\0\2\1\0\2\1\0\1\1\0\x87\x0bobjectclass"
    "\x30\0"sv;
const std::string_view rpc_dump = "\x65\x72\x0a\x37\0\0\0\0\0\0\0\2\0\1\x86\xa0\0\0\0\2\0\0\0\4"
                                  "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"sv;
const std::string_view memcached_stats = "\0\1\0\0\0\1\0\0stats\r\n"sv;
const std::string_view steam_info = "\xff\xff\xff\xffTSource Engine Query\0"sv;
}  // namespace

const std::array<Reflector, 9> reflectors{{
    {"dns", 53, dns_any, 1400},
    {"ntp", 123, ntp_monlist, 440},
    {"ssdp", 1900, ssdp_search, 320},
    {"snmp", 161, snmp_bulk, 1300},
    {"ldap", 389, ldap_search, 1400},
    {"portmap", 111, rpc_dump, 488},
    {"memcached", 11211, memcached_stats, 1400},
    {"steam", 27015, steam_info, 240},
    {"chargen", 19, "x"sv, 1000},
}};

}  // namespace picket::traffic

// SPDX-License-Identifier: Apache-2.0
// Prints what the decoder says of each packet of a capture, one line each, fields apart by tabs: time in ns,
// result, source, destination, protocol, ports, TCP class, 'F' for a fragment, IP bytes. A field that is
// unknown is '-'. For comparing with a second opinion, see tests/integration/decoder_against_tshark. Main
// thread.
#include <fmt/core.h>
#include <pcap/pcap.h>

#include <array>
#include <cstdio>
#include <memory>
#include <string>

#include "core/flow/decoder.hpp"
#include "core/model/address.hpp"

using namespace picket;

namespace {

constexpr std::array<const char*, decode_result_count> results{"ok", "not_ip", "truncated", "malformed",
                                                               "unknown_link_type"};
constexpr std::array<const char*, PICKET_TCP_CLASSES> classes{"-",   "syn",   "synack",
                                                              "rst", "probe", "established"};

/// Ports as two fields; ICMP has its type and code there, with a slash.
std::string ports_text(const Packet& packet) {
    if ((packet.flags & PICKET_FLOW_PORTS) != 0)
        return fmt::format("{}\t{}", packet.src_port, packet.dst_port);
    if ((packet.flags & PICKET_FLOW_ICMP) != 0)
        return fmt::format("-\t{}/{}", packet.dst_port >> 8, packet.dst_port & 0xff);
    return "-\t-";
}

void print(const picket_packet& in) {
    Packet out;
    const DecodeResult result = decode(in, out);
    const char* name = results[static_cast<size_t>(result)];
    if (result != DecodeResult::ok) {
        fmt::print("{}\t{}\t-\t-\t-\t-\t-\t-\t-\t-\n", in.time_ns, name);
        return;
    }
    fmt::print("{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\n", in.time_ns, name, Address(out.src).text(),
               Address(out.dst).text(), out.proto, ports_text(out), classes[out.tcp_class],
               (out.flags & PICKET_FLOW_FRAGMENT) != 0 ? 'F' : '-', out.bytes);
}

int dump(pcap_t* capture) {
    const auto link_type = static_cast<uint16_t>(pcap_datalink(capture));
    pcap_pkthdr* header = nullptr;
    const u_char* data = nullptr;
    int status = 0;
    while ((status = pcap_next_ex(capture, &header, &data)) == 1) {
        const uint64_t time_ns = static_cast<uint64_t>(header->ts.tv_sec) * 1'000'000'000U +
                                 static_cast<uint64_t>(header->ts.tv_usec);
        print({data, time_ns, header->caplen, header->len, link_type, 0, 0});
    }
    if (status == PCAP_ERROR_BREAK) return 0;
    fmt::print(stderr, "decode_dump: {}\n", pcap_geterr(capture));
    return 1;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        fmt::print(stderr, "usage: decode_dump CAPTURE\n");
        return 2;
    }
    std::array<char, PCAP_ERRBUF_SIZE> why{};
    const std::unique_ptr<pcap_t, decltype(&pcap_close)> capture(
        pcap_open_offline_with_tstamp_precision(argv[1], PCAP_TSTAMP_PRECISION_NANO, why.data()),
        &pcap_close);
    if (!capture) {
        fmt::print(stderr, "decode_dump: {}: {}\n", argv[1], why.data());
        return 2;
    }
    return dump(capture.get());
}

// SPDX-License-Identifier: Apache-2.0
// The least that a program can do with a capture: libpcap hands over each packet, and it is counted. The
// yardstick of scripts/bench: what Picket costs is said as a multiple of this. Main thread.
#include <pcap/pcap.h>

#include <cstdint>
#include <cstdio>

namespace {

struct Sum {
    uint64_t packets = 0;
    uint64_t bytes = 0;
};

void count(u_char* user, const pcap_pkthdr* header, const u_char* /*bytes*/) {
    auto* sum = reinterpret_cast<Sum*>(user);
    ++sum->packets;
    sum->bytes += header->len;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: bare_pcap_loop FILE\n");
        return 2;
    }
    char error[PCAP_ERRBUF_SIZE];
    pcap_t* capture = pcap_open_offline(argv[1], error);
    if (capture == nullptr) {
        std::fprintf(stderr, "bare_pcap_loop: %s\n", error);
        return 2;
    }
    Sum sum;
    const int done = pcap_loop(capture, 0, count, reinterpret_cast<u_char*>(&sum));
    if (done < 0) std::fprintf(stderr, "bare_pcap_loop: %s\n", pcap_geterr(capture));
    pcap_close(capture);
    std::printf("%llu packets, %llu bytes\n", static_cast<unsigned long long>(sum.packets),
                static_cast<unsigned long long>(sum.bytes));
    return done < 0 ? 1 : 0;
}

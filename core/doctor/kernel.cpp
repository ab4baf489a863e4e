// SPDX-License-Identifier: Apache-2.0
// What the kernel gives: permission to capture, packet sockets, filters, accounting, the clock. Main thread.
#include <linux/capability.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/socket.h>
#include <sys/timex.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <system_error>

#include <fmt/format.h>

#include "core/doctor/check.hpp"
#include "core/doctor/small_file.hpp"

namespace picket {
namespace {

struct Descriptor {
    int fd;
    explicit Descriptor(int opened)
        : fd(opened) {}
    ~Descriptor() {
        if (fd >= 0) ::close(fd);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
};

std::string reason(int error) { return std::generic_category().message(error); }

/// The effective capabilities of this process, as bits.
uint64_t effective_capabilities(const CheckContext& context) {
    const auto status = small_file(context.root, "/proc/self/status");
    for (const auto& words : words_of_lines(status.value_or(""))) {
        uint64_t bits = 0;
        if (words.size() != 2 || words[0] != "CapEff:") continue;
        std::from_chars(words[1].data(), words[1].data() + words[1].size(), bits, 16);
        return bits;
    }
    return 0;
}

/// Two sockets that share the packets of the loopback interface, of a protocol that nobody speaks there.
int try_fanout() {
    const Descriptor packets(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
    if (packets.fd < 0) return errno;
    sockaddr_ll address{};
    address.sll_family = AF_PACKET;
    address.sll_protocol = static_cast<uint16_t>(ETH_P_LOOPBACK << 8 | ETH_P_LOOPBACK >> 8);
    address.sll_ifindex = static_cast<int>(if_nametoindex("lo"));
    if (::bind(packets.fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return errno;
    const int argument = (PACKET_FANOUT_HASH | PACKET_FANOUT_FLAG_UNIQUEID) << 16;
    return ::setsockopt(packets.fd, SOL_PACKET, PACKET_FANOUT, &argument, sizeof argument) == 0 ? 0 : errno;
}

}  // namespace

Outcomes check_capabilities(const CheckContext& context) {
    const uint64_t bits = effective_capabilities(context);
    const auto has = [&](int capability) { return (bits >> capability & 1) != 0; };
    if (!has(CAP_NET_RAW))
        return {{CheckState::warning, "this user may not capture: CAP_NET_RAW is missing",
                 "the service has it; from a shell: sudo picket run"}};
    if (!has(CAP_NET_ADMIN))
        return {{CheckState::info, "may capture; CAP_NET_ADMIN, which only blocking needs, is missing"}};
    return {{CheckState::ok, "CAP_NET_RAW and CAP_NET_ADMIN"}};
}

Outcomes check_packet_socket(const CheckContext&) {
    switch (const int error = try_fanout()) {
    case 0:
        return {{CheckState::ok, "AF_PACKET with PACKET_FANOUT"}};
    case EPERM:
    case EACCES:
        return {{CheckState::warning, "cannot be tried without CAP_NET_RAW", "sudo picket doctor"}};
    case EAFNOSUPPORT:
        return {{CheckState::problem, "the kernel has no AF_PACKET", "modprobe af_packet"}};
    default:
        return {{CheckState::problem, fmt::format("AF_PACKET with PACKET_FANOUT: {}", reason(error)),
                 "one thread for each interface works without: [capture.pcap] shards = 1"}};
    }
}

Outcomes check_bpf_jit(const CheckContext& context) {
    const auto text = small_file(context.root, "/proc/sys/net/core/bpf_jit_enable");
    if (!text) return {{CheckState::info, "net.core.bpf_jit_enable cannot be read", "sudo picket doctor"}};
    if (text->starts_with('0'))
        return {{CheckState::warning, "filters are interpreted, packet by packet",
                 "sysctl -w net.core.bpf_jit_enable=1"}};
    return {{CheckState::ok, "filters are compiled"}};
}

Outcomes check_cgroup(const CheckContext& context) {
    std::error_code ignored;
    if (std::filesystem::exists(below(context.root, "/sys/fs/cgroup/cgroup.controllers"), ignored))
        return {{CheckState::ok, "version 2"}};
    return {{CheckState::warning, "no cgroup version 2: the bounds of the systemd unit may not hold",
             "boot with systemd.unified_cgroup_hierarchy=1"}};
}

Outcomes check_nftables(const CheckContext& context) {
    std::error_code ignored;
    if (std::filesystem::exists(below(context.root, "/sys/module/nf_tables"), ignored))
        return {{CheckState::ok, "nf_tables is loaded"}};
    utsname system{};
    ::uname(&system);
    const std::filesystem::path modules = std::filesystem::path("/lib/modules") / system.release;
    for (const char* list : {"modules.builtin", "modules.dep"})
        if (small_file(context.root, modules / list).value_or("").find("/nf_tables.ko") != std::string::npos)
            return {{CheckState::ok, "nf_tables is there, and loaded when it is used"}};
    return {
        {CheckState::info, "the kernel shows no nf_tables; only blocking needs it", "modprobe nf_tables"}};
}

Outcomes check_clock(const CheckContext&) {
    timex state{};
    const int code = ::adjtimex(&state);
    if (code < 0) return {{CheckState::info, fmt::format("cannot be asked: {}", reason(errno))}};
    if (code == TIME_ERROR || (state.status & STA_UNSYNC) != 0)
        return {{CheckState::warning, "not synchronised: times of incidents may be off",
                 "timedatectl set-ntp true"}};
    return {{CheckState::ok, "synchronised"}};
}

}  // namespace picket

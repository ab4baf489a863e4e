// SPDX-License-Identifier: Apache-2.0
// The interfaces: which there are, where the default route goes, and what joins packets before they are seen.
// Main thread.
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <set>

#include <fmt/format.h>

#include "core/doctor/check.hpp"
#include "core/doctor/small_file.hpp"

namespace picket {
namespace {

namespace fs = std::filesystem;

constexpr size_t interfaces_max = 4096;
constexpr size_t named_max = 16;  ///< interfaces named in one line, and asked about offloads

uint64_t hex(const std::string& text) {
    const char* begin = text.data() + (text.starts_with("0x") ? 2 : 0);
    uint64_t value = 0;
    std::from_chars(begin, text.data() + text.size(), value, 16);
    return value;
}

struct Interfaces {
    std::vector<std::string> up, down;
};

/// Without loopback, by name.
Interfaces interfaces(const CheckContext& context) {
    std::set<std::string> names;
    std::error_code ignored;
    for (fs::directory_iterator at(below(context.root, "/sys/class/net"), ignored), end;
         at != end && names.size() < interfaces_max; at.increment(ignored))
        names.insert(at->path().filename().string());
    Interfaces out;
    for (const std::string& name : names) {
        const uint64_t flags =
            hex(small_file(context.root, fs::path("/sys/class/net") / name / "flags").value_or("0"));
        if ((flags & IFF_LOOPBACK) != 0 || name == "bonding_masters") continue;
        ((flags & IFF_UP) != 0 ? out.up : out.down).push_back(name);
    }
    return out;
}

std::string list_text(const std::vector<std::string>& names) {
    std::string out;
    for (size_t i = 0; i < std::min(names.size(), named_max); ++i) out += (i > 0 ? ", " : "") + names[i];
    return names.size() > named_max ? fmt::format("{} and {} more", out, names.size() - named_max) : out;
}

/// Formats: /proc/net/route has a head and the mask in column 7; /proc/net/ipv6_route has neither.
std::vector<std::string> default_routes(const CheckContext& context) {
    constexpr uint64_t up = 0x1, reject = 0x200;
    std::set<std::string> names;
    const auto add = [&](const std::string& name, const std::string& flags) {
        if (name != "lo" && (hex(flags) & (up | reject)) == up) names.insert(name);
    };
    for (const auto& words : words_of_lines(small_file(context.root, "/proc/net/route").value_or("")))
        if (words.size() >= 8 && words[1] == "00000000" && words[7] == "00000000") add(words[0], words[3]);
    for (const auto& words : words_of_lines(small_file(context.root, "/proc/net/ipv6_route").value_or("")))
        if (words.size() >= 10 && words[0] == std::string(32, '0') && words[1] == "00")
            add(words[9], words[8]);
    return {names.begin(), names.end()};
}

struct Offload {
    const char* name;  ///< as `ethtool -K` calls it
    uint32_t command;
    uint32_t bit;
};
constexpr std::array<Offload, 4> offloads{{
    {"gro", ETHTOOL_GGRO, 1},
    {"lro", ETHTOOL_GFLAGS, ETH_FLAG_LRO},
    {"tso", ETHTOOL_GTSO, 1},
    {"gso", ETHTOOL_GGSO, 1},
}};

bool is_on(int fd, const std::string& interface, const Offload& offload) {
    ethtool_value value{};
    value.cmd = offload.command;
    ifreq request{};
    if (interface.size() >= sizeof request.ifr_name) return false;
    std::memcpy(request.ifr_name, interface.data(), interface.size());
    request.ifr_data = reinterpret_cast<char*>(&value);
    return ::ioctl(fd, SIOCETHTOOL, &request) == 0 && (value.data & offload.bit) != 0;
}

}  // namespace

Outcomes check_interfaces(const CheckContext& context) {
    const Interfaces all = interfaces(context);
    if (all.up.empty())
        return {{CheckState::problem, "no interface is up, beside loopback", "ip link set IF up"}};
    std::string what = "up: " + list_text(all.up);
    if (!all.down.empty()) what += "; down: " + list_text(all.down);
    return {{CheckState::ok, std::move(what)}};
}

Outcomes check_default_route(const CheckContext& context) {
    const auto names = default_routes(context);
    if (names.empty())
        return {{CheckState::warning, "none: interfaces = \"auto\" finds nothing to watch",
                 "name them: picket run --interface IF, or [capture.pcap] interfaces"}};
    return {{CheckState::ok, "over " + list_text(names) + ", which interfaces = \"auto\" watches"}};
}

Outcomes check_offloads(const CheckContext& context) {
    const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return {{CheckState::info, "cannot be asked: there is no IPv4 socket"}};
    Outcomes out;
    auto names = interfaces(context).up;
    names.resize(std::min(names.size(), named_max));
    for (const std::string& name : names) {
        std::string on, command;
        for (const Offload& offload : offloads) {
            if (!is_on(fd, name, offload)) continue;
            on += (on.empty() ? "" : ", ") + std::string(offload.name);
            command += fmt::format(" {} off", offload.name);
        }
        if (!on.empty())
            out.push_back(
                {CheckState::warning,
                 fmt::format("{}: {}: packets are seen joined, fewer and larger than on the wire", name, on),
                 fmt::format("where counts of packets matter: ethtool -K {}{}", name, command)});
    }
    ::close(fd);
    if (out.empty()) out.push_back({CheckState::ok, "none that joins packets"});
    return out;
}

}  // namespace picket

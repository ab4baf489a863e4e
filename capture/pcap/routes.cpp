// SPDX-License-Identifier: Apache-2.0
// Reading the kernel's routing tables; see routes.hpp. [main]
#include "capture/pcap/routes.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>

namespace picket::capture {
namespace {

// linux/route.h
constexpr uint32_t route_up = 0x1, route_reject = 0x200;

/// Where a table keeps what tells a default route.
struct Layout {
    size_t fields, interface, destination, mask, flags;
    std::string_view mask_of_default;
};
constexpr Layout ipv4_layout{8, 0, 1, 7, 3, "00000000"};
constexpr Layout ipv6_layout{10, 9, 0, 1, 8, "00"};

std::vector<std::string> words_of(const std::string& line) {
    std::istringstream stream(line);
    std::vector<std::string> words;
    for (std::string word; stream >> word;) words.push_back(std::move(word));
    return words;
}

bool is_default_route(const std::vector<std::string>& words, const Layout& layout) {
    if (words.size() < layout.fields) return false;
    const std::string& flags_text = words[layout.flags];
    uint32_t flags = 0;
    const char* end = flags_text.data() + flags_text.size();
    if (std::from_chars(flags_text.data(), end, flags, 16).ec != std::errc()) return false;
    return (flags & route_up) != 0 && (flags & route_reject) == 0 && words[layout.interface] != "lo" &&
           words[layout.mask] == layout.mask_of_default &&
           words[layout.destination].find_first_not_of('0') == std::string::npos;
}

void add_interfaces(std::vector<std::string>& out, std::string_view table, const Layout& layout) {
    std::istringstream lines{std::string(table)};
    for (std::string line; std::getline(lines, line);) {
        const auto words = words_of(line);
        if (!is_default_route(words, layout)) continue;
        const std::string& name = words[layout.interface];
        if (std::find(out.begin(), out.end(), name) == out.end()) out.push_back(name);
    }
}

std::string text_of(const char* path) {
    const std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return std::move(text).str();
}

}  // namespace

std::vector<std::string> default_route_interfaces(std::string_view ipv4_table, std::string_view ipv6_table) {
    std::vector<std::string> names;
    add_interfaces(names, ipv4_table, ipv4_layout);
    add_interfaces(names, ipv6_table, ipv6_layout);
    return names;
}

std::vector<std::string> default_route_interfaces() {
    // Not /proc/net: a service that sees processes only (ProcSubset=pid) does not have that link.
    return default_route_interfaces(text_of("/proc/self/net/route"), text_of("/proc/self/net/ipv6_route"));
}

}  // namespace picket::capture

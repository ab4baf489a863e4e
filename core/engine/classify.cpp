// SPDX-License-Identifier: Apache-2.0
// Two longest-match lookups and a table. Engine thread.
#include "core/engine/classify.hpp"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#include <array>
#include <utility>

namespace picket {
namespace {

PrefixMap<bool> make_map(const std::vector<Prefix>& local) {
    std::vector<std::pair<Prefix, bool>> entries;
    entries.reserve(local.size());
    for (const Prefix& prefix : local) entries.emplace_back(prefix, true);
    return PrefixMap<bool>(std::move(entries));
}

}  // namespace

Classifier::Classifier(const std::vector<Prefix>& local)
    : local_(make_map(local)) {}

Direction Classifier::classify(const FlowRecord& record) const {
    const Address src = src_of(record);
    const Address dst = dst_of(record);
    const bool from_local = local_.contains(src);
    bool to_local = local_.contains(dst);
    if (!to_local && dst.is_group()) {
        if (from_local || src.is_unspecified()) return Direction::internal;
        to_local = true;
    } else if (to_local && src.is_unspecified()) {
        return Direction::internal;  // an address not yet given to a host on this network, not a remote one
    }
    static constexpr std::array<Direction, 4> by_ends{Direction::transit, Direction::inbound,
                                                      Direction::outbound, Direction::internal};
    return by_ends[(from_local ? 2U : 0U) + (to_local ? 1U : 0U)];
}

std::vector<Prefix> private_prefixes() {
    return parse_prefixes({"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16",
                           "fc00::/7", "fe80::/10"})
        .value();
}

std::vector<Prefix> own_addresses() {
    std::vector<Prefix> out;
    ifaddrs* list = nullptr;
    if (getifaddrs(&list) != 0) return out;
    for (const ifaddrs* at = list; at != nullptr; at = at->ifa_next) {
        if (at->ifa_addr == nullptr || (at->ifa_flags & IFF_LOOPBACK) != 0) continue;
        if (at->ifa_addr->sa_family == AF_INET) {
            sockaddr_in v4{};
            std::memcpy(&v4, at->ifa_addr, sizeof v4);
            out.emplace_back(Address::from_v4(ntohl(v4.sin_addr.s_addr)), 128);
        } else if (at->ifa_addr->sa_family == AF_INET6) {
            sockaddr_in6 v6{};
            std::memcpy(&v6, at->ifa_addr, sizeof v6);
            out.emplace_back(Address::from_bytes(v6.sin6_addr.s6_addr), 128);
        }
    }
    freeifaddrs(list);
    return out;
}

Result<std::vector<Prefix>> parse_prefixes(const std::vector<std::string>& texts) {
    std::vector<Prefix> out;
    for (const std::string& text : texts) {
        auto prefix = Prefix::parse(text);
        if (!prefix) return tl::unexpected<Error>(prefix.error());
        out.push_back(*prefix);
    }
    return out;
}

}  // namespace picket

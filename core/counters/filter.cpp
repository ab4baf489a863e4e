// SPDX-License-Identifier: Apache-2.0
// Filters judged by class and by record. Engine thread.
#include "core/counters/filter.hpp"

#include <algorithm>

namespace picket {
namespace {

constexpr uint8_t kind_udp = RecordClass::udp, kind_icmp = RecordClass::icmp, kind_icmp6 = RecordClass::icmp6,
                  kind_other = RecordClass::other;

bool has_proto(const std::vector<uint8_t>& protos, uint8_t proto) {
    return std::ranges::find(protos, proto) != protos.end();
}

ClassVerdict judge_proto(const Filter& filter, uint8_t kind) {
    if (!filter.protos) return ClassVerdict::always;
    static constexpr uint8_t named[] = {IPPROTO_UDP, IPPROTO_ICMP, IPPROTO_ICMPV6};
    if (kind == kind_other) return ClassVerdict::ask;
    const uint8_t proto = kind < kind_udp ? uint8_t{IPPROTO_TCP} : named[kind - kind_udp];
    return has_proto(*filter.protos, proto) ? ClassVerdict::always : ClassVerdict::never;
}

bool in_prefixes(const std::optional<Filter::Prefixes>& prefixes, const uint8_t* bytes) {
    if (!prefixes) return true;
    if (bytes == nullptr) return false;
    const Address address = Address::from_bytes(bytes);
    const bool found =
        std::ranges::any_of(prefixes->list, [&](const Prefix& p) { return p.contains(address); });
    return found != prefixes->none_of;
}

bool same_ports(const std::shared_ptr<const PortSet>& a, const std::shared_ptr<const PortSet>& b) {
    return a == b || (a && b && *a == *b);
}

}  // namespace

bool Filter::operator==(const Filter& other) const {
    return directions == other.directions && protos == other.protos && tcp_classes == other.tcp_classes &&
           fragment == other.fragment && same_ports(src_port, other.src_port) &&
           same_ports(dst_port, other.dst_port) && icmp_types == other.icmp_types && src == other.src &&
           dst == other.dst && local == other.local && remote == other.remote;
}

RecordClass RecordClass::from_index(unsigned index) {
    return {static_cast<Direction>(index / 4 / kinds), static_cast<uint8_t>(index / 4 % kinds),
            (index & 2) != 0, (index & 1) != 0};
}

ClassVerdict judge(const Filter& filter, const RecordClass& record_class) {
    const uint8_t kind = record_class.kind;
    if ((filter.directions & (1U << static_cast<unsigned>(record_class.direction))) == 0)
        return ClassVerdict::never;
    if (filter.tcp_classes != 0 && (kind >= kind_udp || (filter.tcp_classes & (1U << kind)) == 0))
        return ClassVerdict::never;
    if (filter.fragment && *filter.fragment != record_class.fragment) return ClassVerdict::never;
    if ((filter.src_port || filter.dst_port) && !record_class.ports) return ClassVerdict::never;
    if (filter.icmp_types && kind != kind_icmp && kind != kind_icmp6) return ClassVerdict::never;
    const ClassVerdict proto = judge_proto(filter, kind);
    if (proto != ClassVerdict::always) return proto;
    const bool open = filter.src_port || filter.dst_port || filter.icmp_types || filter.src || filter.dst ||
                      filter.local || filter.remote;
    return open ? ClassVerdict::ask : ClassVerdict::always;
}

bool matches_rest(const Filter& filter, const ClassifiedRecord& in) {
    const FlowRecord& record = *in.record;
    if (filter.src_port && !filter.src_port->test(record.src_port)) return false;
    if (filter.dst_port && !filter.dst_port->test(record.dst_port)) return false;
    if (filter.protos && !has_proto(*filter.protos, record.proto)) return false;
    if (filter.icmp_types) {
        if ((record.flags & PICKET_FLOW_ICMP) == 0) return false;
        if (std::ranges::find(*filter.icmp_types, record.dst_port >> 8) == filter.icmp_types->end())
            return false;
    }
    if (!filter.src && !filter.dst && !filter.local && !filter.remote) return true;
    return in_prefixes(filter.src, record.src) && in_prefixes(filter.dst, record.dst) &&
           in_prefixes(filter.local, address_of(in, Field::local)) &&
           in_prefixes(filter.remote, address_of(in, Field::remote));
}

End end_of(Field field, Direction direction) {
    const bool transit = direction == Direction::transit;
    const bool inbound = direction == Direction::inbound;
    switch (field) {
    case Field::src:
        return End::src;
    case Field::dst:
        return End::dst;
    case Field::local:
        return transit ? End::none : inbound ? End::dst : End::src;
    case Field::remote:
        return transit ? End::none : inbound ? End::src : End::dst;
    default:
        return End::none;
    }
}

const uint8_t* address_of(const ClassifiedRecord& in, Field field) {
    switch (end_of(field, in.direction)) {
    case End::src:
        return in.record->src;
    case End::dst:
        return in.record->dst;
    default:
        return nullptr;
    }
}

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// The conditions that a counter or a measure can put on flow records. Engine thread.
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "core/config/option_text.hpp"
#include "core/policy/declare.hpp"

namespace picket {
namespace {

struct Named {
    std::string_view name;
    std::array<int, 2> values;  ///< -1: none
};

constexpr std::array<Named, 4> direction_names{{
    {"inbound", {static_cast<int>(Direction::inbound), -1}},
    {"outbound", {static_cast<int>(Direction::outbound), -1}},
    {"internal", {static_cast<int>(Direction::internal), -1}},
    {"transit", {static_cast<int>(Direction::transit), -1}},
}};
// https://www.iana.org/assignments/protocol-numbers; "icmp" is that of either family.
constexpr std::array<Named, 8> proto_names{{
    {"tcp", {6, -1}},
    {"udp", {17, -1}},
    {"icmp", {1, 58}},
    {"igmp", {2, -1}},
    {"gre", {47, -1}},
    {"esp", {50, -1}},
    {"ah", {51, -1}},
    {"sctp", {132, -1}},
}};
constexpr std::array<Named, 5> tcp_names{{
    {"syn", {PICKET_TCP_SYN, -1}},
    {"synack", {PICKET_TCP_SYNACK, -1}},
    {"rst", {PICKET_TCP_RST, -1}},
    {"probe", {PICKET_TCP_PROBE, -1}},
    {"established", {PICKET_TCP_ESTABLISHED, -1}},
}};
// Types of ICMP and ICMPv6 (RFC 792, RFC 4443). Type 3 of ICMPv6 is "time exceeded": an "unreachable" of
// either family takes it in.
constexpr std::array<Named, 4> icmp_names{{
    {"echo_request", {8, 128}},
    {"echo_reply", {0, 129}},
    {"unreachable", {3, 1}},
    {"time_exceeded", {11, 3}},
}};

/// Names or numbers up to `number_max` (-1: names only), one or a list, to the numbers they stand for.
template <size_t N>
Complaint read_named(const LuaValue& value, const std::array<Named, N>& names, int number_max,
                     std::vector<uint8_t>& out) {
    std::string list;
    for (const Named& named : names) list += fmt::format("{}\"{}\"", list.empty() ? "" : ", ", named.name);
    for (const LuaValue* entry : one_or_many(value)) {
        const auto found = std::find_if(names.begin(), names.end(),
                                        [&](const Named& named) { return named.name == entry->text; });
        if (entry->is(LuaValue::Type::text) && found != names.end()) {
            for (const int number : found->values)
                if (number >= 0) out.push_back(static_cast<uint8_t>(number));
            continue;
        }
        const bool number = entry->is(LuaValue::Type::number) && std::trunc(entry->number) == entry->number &&
                            entry->number >= 0 && entry->number <= number_max;
        if (!number)
            return fmt::format("{}{}, is {}", list, number_max > 0 ? fmt::format(" or 0…{}", number_max) : "",
                               entry->shown());
        out.push_back(static_cast<uint8_t>(entry->number));
    }
    if (out.empty()) return fmt::format("at least one of {}", list);
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return std::nullopt;
}

Complaint read_direction(const LuaValue& value, Filter& out) {
    return read_directions(value, out.directions);
}

Complaint read_proto(const LuaValue& value, Filter& out) {
    return read_named(value, proto_names, 255, out.protos.emplace());
}

Complaint read_tcp(const LuaValue& value, Filter& out) {
    std::vector<uint8_t> numbers;
    auto wrong = read_named(value, tcp_names, -1, numbers);
    for (const uint8_t number : numbers)
        out.tcp_classes = static_cast<uint8_t>(out.tcp_classes | 1u << number);
    return wrong;
}

Complaint read_icmp_type(const LuaValue& value, Filter& out) {
    return read_named(value, icmp_names, 255, out.icmp_types.emplace());
}

Complaint read_fragment(const LuaValue& value, Filter& out) {
    if (!value.is(LuaValue::Type::boolean)) return fmt::format("true or false, is {}", value.shown());
    out.fragment = value.boolean;
    return std::nullopt;
}

std::optional<PortRange> port_range_of(const LuaValue& value) {
    const auto port = [](const LuaValue& number) {
        return number.is(LuaValue::Type::number) && number.number >= 0 && number.number <= 65535 &&
               std::trunc(number.number) == number.number;
    };
    if (port(value))
        return PortRange{static_cast<uint16_t>(value.number), static_cast<uint16_t>(value.number)};
    if (value.is(LuaValue::Type::text)) return parse_port_range(value.text);
    if (value.list.size() == 2 && port(value.list[0]) && port(value.list[1]) &&
        value.list[0].number <= value.list[1].number)
        return PortRange{static_cast<uint16_t>(value.list[0].number),
                         static_cast<uint16_t>(value.list[1].number)};
    return std::nullopt;
}

/// The entries that a value or a none_of stands for: none_of(80), none_of { 80, 443 }, none_of(p.ports).
std::vector<const LuaValue*> entries_of(const LuaValue& value, bool& none_of) {
    none_of = value.kind == "none_of";
    if (!none_of) return one_or_many(value);
    std::vector<const LuaValue*> out;
    for (const LuaValue& entry : value.list) out.push_back(&entry);
    return out;
}

Complaint read_ports(const LuaValue& value, std::shared_ptr<const PortSet>& out) {
    bool none_of = false;
    auto ports = std::make_shared<PortSet>();
    for (const LuaValue* entry : entries_of(value, none_of)) {
        const auto range = port_range_of(*entry);
        if (!range) return fmt::format("ports 0…65535, \"a-b\" or {{ a, b }}, is {}", entry->shown());
        for (uint32_t port = range->first; port <= range->last; ++port) ports->set(port);
    }
    if (none_of) ports->flip();
    out = std::move(ports);
    return std::nullopt;
}

Complaint read_prefixes(const LuaValue& value, std::optional<Filter::Prefixes>& out) {
    Filter::Prefixes prefixes;
    for (const LuaValue* entry : entries_of(value, prefixes.none_of)) {
        if (!entry->is(LuaValue::Type::text))
            return fmt::format("prefixes such as \"10.0.0.0/8\", is {}", entry->shown());
        auto prefix = Prefix::parse(entry->text);
        if (!prefix) return prefix.error().what;
        prefixes.list.push_back(*prefix);
    }
    // An empty none_of lets everything pass: the absent condition, so that equal filters compare equal.
    if (prefixes.list.empty() && prefixes.none_of) return std::nullopt;
    out = std::move(prefixes);
    return std::nullopt;
}

constexpr std::array<FieldReader<Filter>, 11> fields{{
    {"direction", read_direction},
    {"proto", read_proto},
    {"tcp", read_tcp},
    {"icmp_type", read_icmp_type},
    {"fragment", read_fragment},
    {"src_port", [](const LuaValue& value, Filter& out) { return read_ports(value, out.src_port); }},
    {"dst_port", [](const LuaValue& value, Filter& out) { return read_ports(value, out.dst_port); }},
    {"src", [](const LuaValue& value, Filter& out) { return read_prefixes(value, out.src); }},
    {"dst", [](const LuaValue& value, Filter& out) { return read_prefixes(value, out.dst); }},
    {"local", [](const LuaValue& value, Filter& out) { return read_prefixes(value, out.local); }},
    {"remote", [](const LuaValue& value, Filter& out) { return read_prefixes(value, out.remote); }},
}};

}  // namespace

Complaint read_directions(const LuaValue& value, uint8_t& out) {
    std::vector<uint8_t> numbers;
    auto wrong = read_named(value, direction_names, -1, numbers);
    out = 0;
    for (const uint8_t number : numbers) out = static_cast<uint8_t>(out | 1u << number);
    return wrong;
}

std::span<const FieldReader<Filter>> filter_fields() { return fields; }

}  // namespace picket

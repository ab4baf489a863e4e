// SPDX-License-Identifier: Apache-2.0
// The words of policy tests. Lists: { a, b } of two numbers is a range, other lengths are lists; sources and
// targets also take { "10.0.0.0/16", 500 }, that many different addresses of a prefix. Calling thread.
#include "core/policy/test_traffic.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "core/model/duration.hpp"
#include "core/policy/test_addresses.hpp"
#include "picket/flow.h"

namespace picket {
namespace {

constexpr size_t addresses_max = 1u << 20;
constexpr uint64_t day_ns = 24 * 3600 * ns_per_second;

/// `n` addresses of a prefix, spread evenly and in order, its first one left out where there is room.
Complaint spread(const Prefix& prefix, double n, std::vector<Address>& out) {
    const unsigned host_bits = 128 - prefix.bits();
    const double room = std::pow(2.0, host_bits);
    if (!(n >= 1 && n <= static_cast<double>(addresses_max) && n < room))
        return fmt::format("1…{} addresses of {}", std::min<double>(addresses_max, room - 1), prefix.text());
    const auto step = std::max<uint64_t>(1, static_cast<uint64_t>((std::min(room, 4294967296.0) - 1) / n));
    for (uint64_t i = 1; i <= static_cast<uint64_t>(n); ++i) {
        auto bytes = prefix.first().bytes();
        uint64_t offset = i * step;
        for (size_t at = bytes.size(); at-- > 0 && offset != 0; offset >>= 8)
            bytes[at] = static_cast<uint8_t>(bytes[at] | (offset & 0xff));
        out.emplace_back(bytes);
    }
    return std::nullopt;
}

Complaint read_addresses(const LuaValue& value, std::vector<Address>& out) {
    const bool some_of_prefix = value.list.size() == 2 && value.list[1].is(LuaValue::Type::number);
    if (some_of_prefix) {
        const auto prefix = Prefix::parse(value.list[0].text);
        if (!prefix) return prefix.error().what;
        return spread(*prefix, value.list[1].number, out);
    }
    for (const LuaValue* entry : one_or_many(value)) {
        const auto address = Address::parse(entry->text);
        if (!address)
            return fmt::format("an address, a list, or {{ \"10.0.0.0/16\", 500 }}, is {}", entry->shown());
        out.push_back(*address);
    }
    return std::nullopt;
}

Complaint read_port_list(const LuaValue& value, std::vector<uint16_t>& out) {
    std::vector<double> numbers;
    for (const LuaValue* entry : one_or_many(value)) {
        double number = 0;
        if (auto wrong = read_count(*entry, 0, 65535, number)) return wrong;
        numbers.push_back(number);
    }
    const bool range = value.list.size() == 2 && numbers[0] <= numbers[1];
    if (range)
        for (double port = numbers[0]; port <= numbers[1]; ++port) out.push_back(static_cast<uint16_t>(port));
    else
        for (const double port : numbers) out.push_back(static_cast<uint16_t>(port));
    return std::nullopt;
}

struct Choice {
    std::string_view name;
    uint8_t v4, v6;
};
constexpr std::array<Choice, 8> protos{{{"tcp", 6, 6},
                                        {"udp", 17, 17},
                                        {"icmp", 1, 58},
                                        {"gre", 47, 47},
                                        {"esp", 50, 50},
                                        {"ah", 51, 51},
                                        {"sctp", 132, 132},
                                        {"igmp", 2, 58}}};
constexpr std::array<Choice, 4> icmp_types{
    {{"echo_request", 8, 128}, {"echo_reply", 0, 129}, {"unreachable", 3, 1}, {"time_exceeded", 11, 3}}};
constexpr std::array<Choice, 6> tcp_classes{{{"syn", PICKET_TCP_SYN, PICKET_TCP_SYN},
                                             {"synack", PICKET_TCP_SYNACK, PICKET_TCP_SYNACK},
                                             {"rst", PICKET_TCP_RST, PICKET_TCP_RST},
                                             {"probe", PICKET_TCP_PROBE, PICKET_TCP_PROBE},
                                             {"established", PICKET_TCP_ESTABLISHED, PICKET_TCP_ESTABLISHED},
                                             {"ack", PICKET_TCP_ESTABLISHED, PICKET_TCP_ESTABLISHED}}};

template <size_t N>
Complaint read_choice(const LuaValue& value, const std::array<Choice, N>& choices, bool v6, uint8_t& out) {
    std::string list;
    for (const Choice& choice : choices) {
        if (value.is(LuaValue::Type::text) && value.text == choice.name) {
            out = v6 ? choice.v6 : choice.v4;
            return std::nullopt;
        }
        list += fmt::format("{}\"{}\"", list.empty() ? "" : ", ", choice.name);
    }
    return fmt::format("{}, is {}", list, value.shown());
}

struct Reading {
    TestTraffic traffic;
    bool v6 = false;
    bool has_ports = false;
};

template <auto Member>
Complaint read_integer(const LuaValue& value, Reading& out) {
    double number = 0;
    if (auto wrong = read_count(value, 1, 1e7, number)) return wrong;
    out.traffic.*Member = static_cast<std::remove_reference_t<decltype(out.traffic.*Member)>>(number);
    return std::nullopt;
}

constexpr std::array<FieldReader<Reading>, 17> traffic_fields{{
    {"src", [](const LuaValue& value, Reading& out) { return read_addresses(value, out.traffic.src); }},
    {"dst", [](const LuaValue& value, Reading& out) { return read_addresses(value, out.traffic.dst); }},
    {"sources", [](const LuaValue& value, Reading& out) { return read_addresses(value, out.traffic.src); }},
    {"targets", [](const LuaValue& value, Reading& out) { return read_addresses(value, out.traffic.dst); }},
    {"src_port",
     [](const LuaValue& value, Reading& out) { return read_port_list(value, out.traffic.src_port); }},
    {"dst_port",
     [](const LuaValue& value, Reading& out) { return read_port_list(value, out.traffic.dst_port); }},
    {"proto", [](const LuaValue& value,
                 Reading& out) { return read_choice(value, protos, out.v6, out.traffic.proto); }},
    {"tcp",
     [](const LuaValue& value, Reading& out) {
         out.traffic.bare_ack = value.text == "ack";
         return read_choice(value, tcp_classes, out.v6, out.traffic.tcp_class);
     }},
    {"icmp_type", [](const LuaValue& value,
                     Reading& out) { return read_choice(value, icmp_types, out.v6, out.traffic.icmp_type); }},
    {"fragment",
     [](const LuaValue& value, Reading& out) -> Complaint {
         out.traffic.fragment = value.boolean;
         return std::nullopt;
     }},
    {"packets", read_integer<&TestTraffic::packets>},
    {"count", read_integer<&TestTraffic::count>},
    {"size", read_integer<&TestTraffic::bytes>},
    {"answer_size", read_integer<&TestTraffic::answer_bytes>},
    {"answered",
     [](const LuaValue& value, Reading& out) -> Complaint {
         out.traffic.answered =
             value.is(LuaValue::Type::boolean) ? (value.boolean ? 1.0 : 0.0) : value.number;
         if (out.traffic.answered >= 0 && out.traffic.answered <= 1) return std::nullopt;
         return fmt::format("true, false or 0…1, is {}", value.shown());
     }},
    {"at",
     [](const LuaValue& value, Reading& out) { return read_duration(value, 0, day_ns, out.traffic.at_ns); }},
    {"over", [](const LuaValue& value,
                Reading& out) { return read_duration(value, 0, day_ns, out.traffic.over_ns); }},
}};

tl::unexpected<Error> first_of(const std::vector<Error>& errors) {
    return tl::unexpected<Error>(errors.front());
}

}  // namespace

Result<TestTraffic> read_traffic(const LuaValue& value, bool v6) {
    std::vector<Error> errors;
    const Problems problems(errors, {}, "traffic");
    Reading reading;
    reading.v6 = v6;
    reading.traffic.icmp_type = v6 ? 128 : 8;
    read_fields<Reading>(value, traffic_fields, reading, problems);
    TestTraffic& traffic = reading.traffic;
    if (!value.list.empty()) problems.add("names, not a list");
    if (traffic.src.empty()) problems.add("src is missing");
    if (traffic.dst.empty()) problems.add("dst is missing");
    if (value.field("proto") == nullptr) problems.add("proto is missing");
    const bool tcp = traffic.proto == 6;
    if (tcp != (value.field("tcp") != nullptr))
        problems.add("tcp = \"syn\" or the like goes with proto = \"tcp\"");
    if (tcp || traffic.proto == 17) {
        if (traffic.dst_port.empty()) problems.add("dst_port is missing");
        if (traffic.src_port.empty()) traffic.src_port.push_back(40000);
    } else if (!traffic.dst_port.empty() || !traffic.src_port.empty()) {
        problems.add("ports go with tcp and udp");
    }
    if (v6) {
        for (Address& address : traffic.src) address = to_v6(address);
        for (Address& address : traffic.dst) address = to_v6(address);
    }
    if (!errors.empty()) return first_of(errors);
    return traffic;
}

Result<std::vector<Prefix>> read_local_prefixes(const LuaValue& value, bool v6) {
    std::vector<Prefix> out;
    for (const LuaValue* entry : one_or_many(value)) {
        const auto prefix = Prefix::parse(entry->text);
        if (!prefix) return fail(ErrorCode::invalid, "local_prefixes: " + prefix.error().what);
        out.push_back(v6 ? to_v6(*prefix) : *prefix);
    }
    return out;
}

Result<std::map<std::string, RawValue>> read_test_params(const LuaValue& value, bool v6) {
    std::map<std::string, RawValue> out;
    for (const LuaField& entry : value.fields) {
        const LuaValue& param = entry.value;
        RawValue& raw = out[entry.name];
        if (param.is(LuaValue::Type::boolean)) raw = param.boolean;
        if (param.is(LuaValue::Type::text)) raw = param.text;
        if (param.is(LuaValue::Type::number)) {
            const bool whole = std::trunc(param.number) == param.number && std::abs(param.number) <= 1e15;
            if (whole)
                raw = static_cast<int64_t>(param.number);
            else
                raw = param.number;
        }
        if (!param.is(LuaValue::Type::table)) continue;
        std::vector<std::string> list;
        for (const LuaValue& one : param.list)
            list.push_back(one.is(LuaValue::Type::number) ? fmt::format("{}", one.number)
                           : v6                           ? text_to_v6(one.text)
                                                          : one.text);
        raw = list;
    }
    return out;
}

bool TestExpectation::matches(const Finding& finding, uint64_t start_ns) const {
    return (!type || *type == finding.type) && (!subject || *subject == finding.subject) &&
           (!target || *target == finding.target) && (!severity || *severity == finding.severity) &&
           (!severity_min || *severity_min <= finding.severity) &&
           (!within_ns || finding.time_ns - start_ns <= *within_ns);
}

std::string TestExpectation::text() const {
    std::string out;
    const auto add = [&](std::string_view name, std::string_view what) {
        out += fmt::format("{}{} = {}", out.empty() ? "" : ", ", name, what);
    };
    if (type) add("type", *type);
    if (subject) add("subject", *subject);
    if (target) add("target", *target);
    if (severity) add("severity", name_of(*severity));
    if (severity_min) add("severity at least", name_of(*severity_min));
    if (within_ns) add("within", duration_text(*within_ns));
    return out.empty() ? "anything" : out;
}

namespace {

struct ReadingExpectation {
    TestExpectation expectation;
    bool v6 = false;
};

template <auto Member>
Complaint read_word(const LuaValue& value, ReadingExpectation& out) {
    if (!value.is(LuaValue::Type::text)) return fmt::format("a text, is {}", value.shown());
    out.expectation.*Member = out.v6 ? text_to_v6(value.text) : value.text;
    return std::nullopt;
}

template <auto Member>
Complaint read_level(const LuaValue& value, ReadingExpectation& out) {
    for (size_t i = 0; i < severity_names.size(); ++i)
        if (value.text == severity_names[i]) out.expectation.*Member = static_cast<Severity>(i);
    if (out.expectation.*Member) return std::nullopt;
    return fmt::format("info, low, medium, high or critical, is {}", value.shown());
}

constexpr std::array<FieldReader<ReadingExpectation>, 6> expectation_fields{{
    {"type", read_word<&TestExpectation::type>},
    {"subject", read_word<&TestExpectation::subject>},
    {"target", read_word<&TestExpectation::target>},
    {"severity", read_level<&TestExpectation::severity>},
    {"severity_min", read_level<&TestExpectation::severity_min>},
    {"within",
     [](const LuaValue& value, ReadingExpectation& out) {
         return read_duration(value, 0, day_ns, out.expectation.within_ns.emplace());
     }},
}};

}  // namespace

Result<TestExpectation> read_expectation(const LuaValue& value, bool v6) {
    std::vector<Error> errors;
    const Problems problems(errors, {}, "expect");
    ReadingExpectation reading;
    reading.v6 = v6;
    if (value.is(LuaValue::Type::text))
        reading.expectation.type = value.text;
    else
        read_fields<ReadingExpectation>(value, expectation_fields, reading, problems);
    if (!errors.empty()) return first_of(errors);
    return reading.expectation;
}

}  // namespace picket

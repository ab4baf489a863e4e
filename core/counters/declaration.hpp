// SPDX-License-Identifier: Apache-2.0
// What a policy asks to be counted, as data: the border between core/policy, which reads it from Lua, and
// core/counters, which compiles it. Any thread.
#pragma once
#include <array>
#include <bitset>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/flow_record.hpp"
#include "core/model/prefix.hpp"

namespace picket {

/// A property of a flow record that can be a key or the object of distinct() and the like.
enum class Field : uint8_t { src, dst, src_port, dst_port, proto, local, remote, interface, icmp_type };

struct FieldInfo {
    std::string_view name;
    Field field;
    uint8_t key_bytes;  ///< width in a row's key
    bool is_address;
};
inline constexpr std::array<FieldInfo, 9> field_table{{
    {"src", Field::src, 16, true},
    {"dst", Field::dst, 16, true},
    {"src_port", Field::src_port, 2, false},
    {"dst_port", Field::dst_port, 2, false},
    {"proto", Field::proto, 1, false},
    {"local", Field::local, 16, true},
    {"remote", Field::remote, 16, true},
    {"interface", Field::interface, 4, false},
    {"icmp_type", Field::icmp_type, 1, false},
}};
inline const FieldInfo& info_of(Field field) { return field_table[static_cast<size_t>(field)]; }

/// One part of a key. For addresses, the leading bits that count: "src/24" has v4_bits = 24, v6_bits = 128.
struct KeyPart {
    Field field = Field::src;
    uint8_t v4_bits = 32, v6_bits = 128;
    bool operator==(const KeyPart&) const = default;
};

using PortSet = std::bitset<65536>;

/// Which flow records count. An absent condition lets everything pass. A port condition never holds for a
/// record whose ports are unknown (fragments, ICMP), also when it is a none_of.
struct Filter {
    uint8_t directions = 0x0f;                   ///< bit per Direction
    std::optional<std::vector<uint8_t>> protos;  ///< IANA numbers, sorted
    uint8_t tcp_classes = 0;                     ///< bit per picket_tcp_class; 0: any, and not only TCP
    std::optional<bool> fragment;
    std::shared_ptr<const PortSet> src_port, dst_port;  ///< null: any
    std::optional<std::vector<uint8_t>> icmp_types;
    struct Prefixes {
        std::vector<Prefix> list;
        bool none_of = false;
        bool operator==(const Prefixes&) const = default;
    };
    std::optional<Prefixes> src, dst, local, remote;

    bool operator==(const Filter& other) const;
};

enum class MeasureKind : uint8_t {
    packets,      ///< sum, scaled by the sampling rate
    bytes,        ///< sum, scaled
    flows,        ///< flow records with PICKET_FLOW_NEW
    distinct,     ///< distinct values of `field` in the window
    longest_run,  ///< longest run of consecutive numbers among the values of `field` in the window
    entropy,      ///< Shannon entropy of `field` over packets, in bits
    fresh,        ///< `new(field)`: values not seen before, within `memory_ns`
    baseline,     ///< EWMA of the measure `of`; its value is the z-score
};

struct MeasureDecl {
    std::string name;
    MeasureKind kind = MeasureKind::packets;
    Field field = Field::dst_port;  ///< for distinct, longest_run, entropy, fresh
    std::optional<Filter> filter;   ///< on top of the counter's
    uint32_t values_max = 0;        ///< bound of exactness for distinct, entropy and fresh; 0: the default
    uint64_t memory_ns = 0;         ///< fresh: how long a value stays known; 0: one hour
    std::string of;                 ///< baseline: name of another measure of this counter
    double alpha = 0.1;             ///< baseline: weight of the newest window
    uint32_t warmup = 30;           ///< baseline: windows before z is other than 0

    bool operator==(const MeasureDecl&) const = default;
};

struct CounterDecl {
    std::string policy, name;
    std::vector<KeyPart> by;  ///< empty: one global row
    Filter filter;
    /// Bit per Direction whose records make new rows. Those of the others count only in rows that are there,
    /// be it for another counter with the same key and directions: answers to nothing, of which a flood
    /// brings millions, then take no room.
    uint8_t opened_by = 0x0f;
    uint64_t window_ns = 10'000'000'000;
    uint32_t rows_max = 0;  ///< 0: the default of core/counters
    uint32_t history = 0;   ///< past windows kept for row:past()
    std::vector<MeasureDecl> measures;

    bool operator==(const CounterDecl&) const = default;
};

}  // namespace picket

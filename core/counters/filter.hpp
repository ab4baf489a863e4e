// SPDX-License-Identifier: Apache-2.0
// Filters, compiled: what can be said from a record's class alone is said once per class, what is left
// (ports, prefixes) once per record. Engine thread.
#pragma once
#include <bitset>
#include <cstdint>

#include "core/counters/counters.hpp"
#include "core/counters/declaration.hpp"

namespace picket {

/// What of a record decides most filters: direction, protocol with TCP class, fragment, ports known.
struct RecordClass {
    /// 0…5 TCP by class, 6 UDP, 7 ICMP, 8 ICMPv6, 9 any other protocol
    static constexpr unsigned kinds = 10;
    static constexpr uint8_t udp = 6, icmp = 7, icmp6 = 8, other = 9;
    static constexpr unsigned count = direction_count * kinds * 4;

    Direction direction = Direction::transit;
    uint8_t kind = 0;
    bool fragment = false, ports = false;

    static RecordClass of(const ClassifiedRecord& in) {
        const FlowRecord& record = *in.record;
        return {in.direction, kind_of(record), (record.flags & PICKET_FLOW_FRAGMENT) != 0,
                (record.flags & PICKET_FLOW_PORTS) != 0};
    }
    static RecordClass from_index(unsigned index);
    [[nodiscard]] unsigned index() const {
        return ((static_cast<unsigned>(direction) * kinds + kind) * 2 + (fragment ? 1U : 0U)) * 2 +
               (ports ? 1U : 0U);
    }

  private:
    static uint8_t kind_of(const FlowRecord& record) {
        if (record.proto == IPPROTO_TCP)
            return record.tcp_class < PICKET_TCP_CLASSES ? record.tcp_class : uint8_t{PICKET_TCP_NONE};
        if (record.proto == IPPROTO_UDP) return udp;
        return record.proto == IPPROTO_ICMP ? icmp : record.proto == IPPROTO_ICMPV6 ? icmp6 : other;
    }
};

enum class ClassVerdict : uint8_t { never, always, ask };

/// Whether `filter` holds for records of a class: for all, for none, or to be asked of each.
ClassVerdict judge(const Filter& filter, const RecordClass& record_class);

/// The conditions that a class leaves open. Only for records whose class got `ask`.
bool matches_rest(const Filter& filter, const ClassifiedRecord& in);

/// The end of a record that an address field means; none for the local and remote ones of transit.
enum class End : uint8_t { none, src, dst };
End end_of(Field field, Direction direction);

/// The bytes of that address; nullptr for none.
const uint8_t* address_of(const ClassifiedRecord& in, Field field);

}  // namespace picket

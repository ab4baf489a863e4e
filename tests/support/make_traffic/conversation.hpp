// SPDX-License-Identifier: Apache-2.0
// One TCP connection or UDP exchange as both its ends see it: who, which ports, and the sequence numbers, so
// that a second dissector finds a whole connection. Any one thread.
#pragma once
#include <cstdint>
#include <string_view>

#include "tests/support/make_traffic/packet.hpp"

namespace picket::traffic {

struct Conversation {
    Proto proto = Proto::tcp;
    Ip client;
    Ip server;
    uint16_t client_port = 0;
    uint16_t server_port = 0;
    uint32_t client_seq = 0;
    uint32_t server_seq = 0;

    /// One packet of it; sequence numbers move on by what it carries.
    void say(Packet& packet, bool from_client, uint8_t tcp_flags, uint16_t size = 0,
             std::string_view payload = {}) {
        packet.proto = proto;
        packet.tcp_flags = tcp_flags;
        packet.icmp_reply = !from_client;
        packet.src = from_client ? client : server;
        packet.dst = from_client ? server : client;
        const bool as_client = from_client || proto == Proto::icmp;  // an echo's numbers do not turn round
        packet.src_port = as_client ? client_port : server_port;
        packet.dst_port = as_client ? server_port : client_port;
        packet.payload_size = size;
        packet.payload = payload;
        uint32_t& sent = from_client ? client_seq : server_seq;
        packet.seq = sent;
        packet.ack = (tcp_flags & tcp::ack) != 0 ? (from_client ? server_seq : client_seq) : 0;
        sent += size + ((tcp_flags & (tcp::syn | tcp::fin)) != 0 ? 1U : 0U);
    }
};

}  // namespace picket::traffic

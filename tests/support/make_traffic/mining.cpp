// SPDX-License-Identifier: Apache-2.0
// Long connections to a mining pool: opened one after the other, then a job pushed and a share sent now and
// then. Any one thread.
#include <array>

#include "tests/support/make_traffic/conversation.hpp"
#include "tests/support/make_traffic/payloads.hpp"
#include "tests/support/make_traffic/scenario.hpp"

namespace picket::traffic {
namespace {

struct Line {
    bool from_client;
    uint8_t flags;
    const std::string_view* payload;
};

constexpr uint8_t data = tcp::psh | tcp::ack;
constexpr std::array<Line, 11> script{{
    {true, tcp::syn, nullptr},
    {false, tcp::syn | tcp::ack, nullptr},
    {true, tcp::ack, nullptr},
    {true, data, &payload::stratum_subscribe},
    {false, data, &payload::stratum_accepted},
    {true, data, &payload::stratum_authorize},
    {false, data, &payload::stratum_accepted},
    {false, data, &payload::stratum_job},
    {true, tcp::ack, nullptr},
    {true, data, &payload::stratum_submit},
    {false, data, &payload::stratum_accepted},
}};
constexpr size_t repeats_from = 7;  // jobs and shares go on until the packets are used up

}  // namespace

std::unique_ptr<Stream> make_mining(const Settings& s, Random random) {
    std::vector<Conversation> connections(s.number("connections"));
    for (size_t i = 0; i < connections.size(); ++i) {
        Conversation& connection = connections[i];
        connection.client = local_host(s.family, s.small("host") + static_cast<uint32_t>(i));
        connection.server = remote_peer(s.family, s.small("peer"));
        connection.client_port = random.ephemeral_port();
        connection.server_port = s.port();
        connection.client_seq = random.below(1U << 31U);
        connection.server_seq = random.below(1U << 31U);
    }
    const Pace pace{s.start_ns, s.number("packets"), s.number("pps")};
    return std::make_unique<Paced>(
        pace, random, [connections](Packet& packet, uint64_t step, Random& /*dice*/) mutable {
            const uint64_t turn = step / connections.size();
            const size_t at = turn < script.size()
                                  ? turn
                                  : repeats_from + (turn - script.size()) % (script.size() - repeats_from);
            const Line& line = script.at(at);
            const std::string_view text = line.payload != nullptr ? *line.payload : "";
            connections[step % connections.size()].say(packet, line.from_client, line.flags,
                                                       static_cast<uint16_t>(text.size()), text);
        });
}

}  // namespace picket::traffic

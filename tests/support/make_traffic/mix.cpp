// SPDX-License-Identifier: Apache-2.0
// Ordinary traffic: a fixed number of conversations are open at any time, each burst belongs to one drawn at
// random, and one that ends makes room for a new one. So the rate is exact, memory is bounded and no queue of
// moments is needed. Lengths are heavy tailed. Any one thread.
#include <algorithm>
#include <array>

#include "tests/support/make_traffic/conversation.hpp"
#include "tests/support/make_traffic/payloads.hpp"
#include "tests/support/make_traffic/scenario.hpp"

namespace picket::traffic {
namespace {

/// A kind of conversation. Sizes are payload bytes of one message; a bulk answer has many full segments.
struct Kind {
    unsigned weight;  ///< of 100 conversations
    Proto proto;
    uint16_t port;
    bool server_is_ours;
    uint32_t rounds;            ///< questions, at least
    unsigned rounds_doublings;  ///< how heavy the tail of rounds is; see Random::heavy_tail
    uint16_t question_least, question_most;
    unsigned bulk_doublings;  ///< tail of the number of full segments in an answer; 0: one message
    uint16_t answer_least, answer_most;
    const std::string_view* question;
    const std::string_view* answer;
};

using namespace payload;
constexpr std::array<Kind, 12> kinds{{
    {30, Proto::tcp, 443, true, 2, 4, 200, 900, 10, 100, segment_max, &tls, &tls},
    {8, Proto::tcp, 80, true, 1, 3, 70, 400, 10, 80, segment_max, &http_request, &http_answer},
    {12, Proto::udp, 443, true, 3, 5, 40, 1200, 9, 60, 1350, &quic, &quic},
    {8, Proto::tcp, 443, false, 1, 3, 200, 700, 11, 100, segment_max, &tls, &tls},
    {14, Proto::udp, 53, false, 1, 0, 29, 29, 0, 45, 45, &dns_query, &dns_answer},
    {9, Proto::udp, 53, true, 1, 0, 29, 29, 0, 45, 45, &dns_query, &dns_answer},
    {4, Proto::udp, 123, false, 1, 0, 48, 48, 0, 48, 48, &ntp_request, &ntp_answer},
    {2, Proto::tcp, 22, true, 20, 6, 36, 36, 0, 36, 36, &ssh_ignore, &ssh_ignore},
    {3, Proto::tcp, 25, true, 6, 2, 20, segment_max, 0, 8, 60, &smtp, &smtp},
    {4, Proto::tcp, 25565, true, 4, 6, 30, 300, 2, 50, segment_max, nullptr, nullptr},
    {3, Proto::icmp, 1, true, 4, 2, 56, 56, 0, 56, 56, nullptr, nullptr},
    {3, Proto::icmp, 1, false, 4, 2, 56, 56, 0, 56, 56, nullptr, nullptr},
}};

constexpr unsigned weight_sum = [] {
    unsigned sum = 0;
    for (const Kind& kind : kinds) sum += kind.weight;
    return sum;
}();
static_assert(weight_sum == 100);

constexpr uint32_t burst_max = 32;  ///< packets of one conversation in a row, acknowledgements included

enum class Step : uint8_t { open, accept, confirm, ask, answer, acknowledge, leave, let_go, gone };

struct Open {
    Conversation who;
    const Kind* kind = nullptr;
    Step step = Step::gone;
    uint32_t rounds_left = 0;
    uint32_t segments_left = 0;
    bool refused = false;
};

class Mix : public Stream {
  public:
    Mix(const Settings& s, Random random)
        : random_(random)
        , family_(s.family)
        , both_(s.is("family", "both"))
        , hosts_(s.small("hosts"))
        , peers_(s.small("peers"))
        , size_(s.port("size"))
        , clock_({s.start_ns, s.number("packets"), s.number("pps")}, Random(random.next()),
                 [](Packet& /*packet*/, uint64_t /*step*/, Random& /*dice*/) {})
        , open_(s.number("flows")) {
        for (Open& open : open_) start_anywhere(open);
    }

    bool next(Packet& packet) override {
        if (!clock_.next(packet)) return false;
        Open& open = speaker();
        if (open.step == Step::gone) start(open);
        say(open, packet);
        packet.frame_size = size_;
        return true;
    }

  private:
    Open& speaker();
    void start(Open& open);
    void start_anywhere(Open& open);
    void say(Open& open, Packet& packet);
    void say_answer(Open& open, Packet& packet);
    void after_answer(Open& open);
    void begin_answer(Open& open);
    /// Few hosts are busy, many are not: the lesser of two draws.
    uint32_t host_number(uint32_t count) { return 1 + std::min(random_.below(count), random_.below(count)); }

    Random random_;
    Family family_;
    bool both_;
    uint32_t hosts_;
    uint32_t peers_;
    uint16_t size_;
    Paced clock_;
    std::vector<Open> open_;
    Open* speaker_ = nullptr;
    uint32_t burst_left_ = 0;
};

/// The conversation that the next packet belongs to: a bulk answer goes on for a burst, as a congestion
/// window does.
Open& Mix::speaker() {
    const bool in_bulk =
        speaker_ != nullptr && (speaker_->step == Step::answer || speaker_->step == Step::acknowledge);
    if (!in_bulk || burst_left_ == 0) {
        speaker_ = &open_[random_.below(open_.size())];
        burst_left_ = burst_max;
    }
    --burst_left_;
    return *speaker_;
}

const Kind& kind_of(unsigned draw) {
    const Kind* kind = kinds.data();
    while (draw >= kind->weight) draw -= (kind++)->weight;
    return *kind;
}

void Mix::start(Open& open) {
    const Kind& kind = kind_of(random_.below(weight_sum));
    const Family family = both_ && random_.percent(35) ? Family::v6 : family_;
    const Ip ours = local_host(family, host_number(hosts_));
    // Hosts ask few resolvers and time servers; the rest of the world is large.
    const bool few_servers = !kind.server_is_ours && kind.proto == Proto::udp;
    const Ip theirs = remote_peer(family, few_servers ? 1 + random_.below(4) : host_number(peers_));
    Conversation& who = open.who;
    who.proto = kind.proto;
    who.client = kind.server_is_ours ? theirs : ours;
    who.server = kind.server_is_ours ? ours : theirs;
    who.client_port = random_.ephemeral_port();
    who.server_port = kind.port;
    who.client_seq = random_.below(1U << 31U);
    who.server_seq = random_.below(1U << 31U);
    open.kind = &kind;
    open.rounds_left = random_.heavy_tail(kind.rounds, kind.rounds_doublings);
    open.refused = kind.proto == Proto::tcp && random_.percent(1);
    open.step = kind.proto == Proto::tcp ? Step::open : Step::ask;
}

/// At the start of a capture most conversations are under way.
void Mix::start_anywhere(Open& open) {
    start(open);
    if (open.step == Step::open && !open.refused && random_.percent(80)) open.step = Step::ask;
}

void Mix::begin_answer(Open& open) {
    const unsigned doublings = open.kind->bulk_doublings;
    open.segments_left = doublings == 0 ? 1 : random_.heavy_tail(1, doublings);
    open.step = Step::answer;
}

void Mix::after_answer(Open& open) {
    if (open.rounds_left > 0)
        open.step = Step::ask;
    else
        open.step = open.who.proto == Proto::tcp ? Step::leave : Step::gone;
}

void Mix::say_answer(Open& open, Packet& packet) {
    const Kind& kind = *open.kind;
    const bool last = --open.segments_left == 0;
    const uint32_t full = kind.bulk_doublings == 0 ? 0 : kind.answer_most;
    const uint32_t size = last || full == 0 ? random_.between(kind.answer_least, kind.answer_most) : full;
    const std::string_view text = kind.answer != nullptr ? *kind.answer : std::string_view{};
    open.who.say(packet, false, tcp::ack | (last ? tcp::psh : uint8_t{0}), static_cast<uint16_t>(size), text);
    const bool acknowledged = open.who.proto == Proto::tcp && (last || open.segments_left % 2 == 0);
    if (acknowledged)
        open.step = Step::acknowledge;
    else if (last)
        after_answer(open);
}

void Mix::say(Open& open, Packet& packet) {
    Conversation& who = open.who;
    const Kind& kind = *open.kind;
    switch (open.step) {
    case Step::open:
        who.say(packet, true, tcp::syn);
        open.step = Step::accept;
        return;
    case Step::accept:
        who.say(packet, false, open.refused ? tcp::rst | tcp::ack : tcp::syn | tcp::ack);
        open.step = open.refused ? Step::gone : Step::confirm;
        return;
    case Step::confirm:
        who.say(packet, true, tcp::ack);
        open.step = Step::ask;
        return;
    case Step::ask: {
        const auto size = static_cast<uint16_t>(random_.between(kind.question_least, kind.question_most));
        const std::string_view text = kind.question != nullptr ? *kind.question : std::string_view{};
        who.say(packet, true, tcp::psh | tcp::ack, size, text);
        --open.rounds_left;
        begin_answer(open);
        return;
    }
    case Step::answer:
        say_answer(open, packet);
        return;
    case Step::acknowledge:
        who.say(packet, true, tcp::ack);
        open.step = Step::answer;
        if (open.segments_left == 0) after_answer(open);
        return;
    case Step::leave:
        who.say(packet, true, tcp::fin | tcp::ack);
        open.step = Step::let_go;
        return;
    case Step::let_go:
        who.say(packet, false, tcp::fin | tcp::ack);
        open.step = Step::gone;
        return;
    case Step::gone:
        return;
    }
}

}  // namespace

std::unique_ptr<Stream> make_mix(const Settings& settings, Random random) {
    return std::make_unique<Mix>(settings, random);
}

}  // namespace picket::traffic

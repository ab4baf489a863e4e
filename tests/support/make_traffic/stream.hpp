// SPDX-License-Identifier: Apache-2.0
// A stream of packets in the order of time, streams that keep a pace, and the merge of several. Memory does
// not grow with the number of packets. Any one thread.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "tests/support/make_traffic/packet.hpp"
#include "tests/support/make_traffic/random.hpp"

namespace picket::traffic {

class Stream {
  public:
    Stream() = default;
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
    virtual ~Stream() = default;
    /// The next packet, never earlier than the one before; false at the end.
    virtual bool next(Packet& packet) = 0;
};

/// Steps at a mean rate, each at a random moment of its own slice of time.
struct Pace {
    uint64_t start_ns = 0;
    uint64_t steps = 0;
    uint64_t per_second = 1;
};

/// One packet a step, or two where `answer` is given and says true. Both get an empty packet and the step's
/// number.
class Paced : public Stream {
  public:
    using Fill = std::function<void(Packet&, uint64_t step, Random&)>;
    using Answer = std::function<bool(Packet&, uint64_t step, Random&)>;
    Paced(Pace pace, Random random, Fill fill, Answer answer = {});
    bool next(Packet& packet) override;

  private:
    [[nodiscard]] uint64_t slice_begin_ns(uint64_t step) const;

    Pace pace_;
    Random random_;
    Fill fill_;
    Answer answer_;
    uint64_t step_ = 0;
    uint64_t last_ns_ = 0;
    bool answer_due_ = false;
};

/// Several streams as one; of packets of the same moment the earlier stream's goes first.
class Merged : public Stream {
  public:
    explicit Merged(std::vector<std::unique_ptr<Stream>> streams);
    bool next(Packet& packet) override;

  private:
    struct Head {
        std::unique_ptr<Stream> stream;
        Packet packet;
    };
    std::vector<Head> heads_;
};

}  // namespace picket::traffic

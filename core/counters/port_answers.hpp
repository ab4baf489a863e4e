// SPDX-License-Identifier: Apache-2.0
// The answers to all questions about ports at once. The lists of ports in filters part the 65,536 ports into
// few sorts, each with its own answers; so a record is asked two look-ups, however many filters name ports.
// Engine thread.
#pragma once
#include <cstdint>
#include <vector>

#include "core/counters/declaration.hpp"

namespace picket {

class PortAnswers {
  public:
    PortAnswers() = default;
    /// `filters` by question; a null one, and one without port conditions, has the answer yes.
    explicit PortAnswers(const std::vector<const Filter*>& filters);

    /// Word `index` of the answers for a record with these ports.
    [[nodiscard]] uint64_t word(uint16_t src_port, uint16_t dst_port, size_t index) const {
        return src_.answers[src_.sort_of[src_port] * words_ + index] &
               dst_.answers[dst_.sort_of[dst_port] * words_ + index];
    }

  private:
    struct Side {
        std::vector<uint16_t> sort_of;  ///< by port
        std::vector<uint64_t> answers;  ///< words_ for each sort
    };
    Side side(const std::vector<const PortSet*>& sets) const;

    size_t words_ = 1;
    Side src_, dst_;
};

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// Ports of one sort have the same answers. Runs when a plan is compiled. Engine thread.
#include "core/counters/port_answers.hpp"

#include <map>

namespace picket {

PortAnswers::PortAnswers(const std::vector<const Filter*>& filters)
    : words_(filters.size() / 64 + 1) {
    std::vector<const PortSet*> src, dst;
    for (const Filter* filter : filters) {
        src.push_back(filter != nullptr ? filter->src_port.get() : nullptr);
        dst.push_back(filter != nullptr ? filter->dst_port.get() : nullptr);
    }
    src_ = side(src);
    dst_ = side(dst);
}

PortAnswers::Side PortAnswers::side(const std::vector<const PortSet*>& sets) const {
    Side out;
    std::map<std::vector<uint64_t>, uint16_t> sorts;
    std::vector<uint64_t> last;
    for (uint32_t port = 0; port <= UINT16_MAX; ++port) {
        std::vector<uint64_t> answers(words_);
        for (size_t question = 0; question < sets.size(); ++question)
            if (sets[question] == nullptr || sets[question]->test(port))
                answers[question / 64] |= uint64_t{1} << (question % 64);
        if (port != 0 && answers == last) {
            out.sort_of.push_back(out.sort_of.back());
            continue;
        }
        const auto [at, is_new] = sorts.try_emplace(answers, static_cast<uint16_t>(sorts.size()));
        if (is_new) out.answers.insert(out.answers.end(), answers.begin(), answers.end());
        out.sort_of.push_back(at->second);
        last = std::move(answers);
    }
    return out;
}

}  // namespace picket

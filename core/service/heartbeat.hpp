// SPDX-License-Identifier: Apache-2.0
// Which threads still do their work: each has a slot into which it writes the time of its last sign of life,
// and one looks at all of them. Adding: main thread. Beating: the slot's thread. Looking: any thread.
#pragma once
#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace picket {

class Heartbeat {
    struct Slot {
        Slot(std::string of, uint64_t at_most_ns)
            : name(std::move(of))
            , silence_max_ns(at_most_ns) {}
        std::string name;
        uint64_t silence_max_ns;
        std::atomic<uint64_t> last_ns{0};  ///< 0: at rest, owes no beat
    };

  public:
    /// A thread's end of its slot. Copies are the same slot; it lives as long as the Heartbeat. One that
    /// was made without a slot beats for nobody, so that rooms can be used without a watchdog.
    class Beat {
      public:
        Beat() = default;
        /// `now_ns`: monotonic, not 0. One relaxed store: nothing else is published by it.
        void beat(uint64_t now_ns) const {
            if (slot_ != nullptr) slot_->last_ns.store(now_ns, std::memory_order_relaxed);
        }
        /// The thread ends, or waits for work without a bound: silence means nothing until it beats again.
        void rest() const { beat(0); }

      private:
        friend class Heartbeat;
        explicit Beat(Slot& slot)
            : slot_(&slot) {}
        Slot* slot_ = nullptr;
    };

    struct Silent {
        std::string name;
        uint64_t for_ns;
        bool operator==(const Silent&) const = default;
    };

    /// A new slot, at rest. `silence_max_ns`: longer without a beat, and the thread hangs.
    Beat add(std::string name, uint64_t silence_max_ns);
    /// Those that have been silent for too long, in the order in which they were added.
    [[nodiscard]] std::vector<Silent> silent(uint64_t now_ns) const;

  private:
    mutable std::mutex mutex_;  // of the list, not of what the slots hold
    std::deque<Slot> slots_;    // a deque, since Beats point into it
};

}  // namespace picket

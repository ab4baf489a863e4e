// SPDX-License-Identifier: Apache-2.0
// Holds the [main], [source] and [worker] tags of plugin.h to their word in debug builds: the first thread
// that makes such a call is the only one that may make it.
#pragma once
#include <atomic>
#include <cassert>
#include <thread>

namespace picket {

class ThreadBound {
  public:
#ifdef NDEBUG
    void check() {}
    void release() {}
#else
    void check() {
        std::thread::id owner;
        if (!owner_.compare_exchange_strong(owner, std::this_thread::get_id()))
            assert(owner == std::this_thread::get_id() && "a plugin's function is called on a second thread");
    }
    /// The next caller may be another thread.
    void release() { owner_ = std::thread::id(); }

  private:
    std::atomic<std::thread::id> owner_{};
#endif
};

}  // namespace picket

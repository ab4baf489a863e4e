// SPDX-License-Identifier: Apache-2.0
// Writes whole lines to a file or a pipe, within a deadline: a reader that stands still must not hold up the
// worker, and a line that was begun is finished before the next one. [worker]
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "picket/sdk/outcome.hpp"

namespace picket::alert {

class LineWriter {
  public:
    /// Writes to a descriptor that somebody else owns; `name` stands in messages.
    LineWriter(int fd, std::string name)
        : fd_(fd)
        , name_(std::move(name)) {}
    /// Appends to the file at `path`, made with mode 0640. Nothing is open before reopen().
    explicit LineWriter(std::string path)
        : name_(std::move(path))
        , owned_(true) {}
    ~LineWriter();
    LineWriter(const LineWriter&) = delete;
    LineWriter& operator=(const LineWriter&) = delete;

    /// Opens the path (again). On an error what was open stays in use.
    sdk::Outcome reopen();
    /// `line` without its newline. OK also when a part of it still waits for the reader; AGAIN: nothing of it
    /// was taken before `deadline_ns` (Unix time), or the disk is full; PARK: it cannot be written any more.
    sdk::Outcome write(std::string_view line, uint64_t deadline_ns);

  private:
    /// Writes what it can of `text` and removes it there.
    sdk::Outcome drain(std::string& text, uint64_t deadline_ns) const;
    [[nodiscard]] sdk::Outcome fault(int error) const;

    int fd_ = -1;
    std::string name_;
    bool owned_ = false;
    std::string rest_;  // of a line that was begun
};

}  // namespace picket::alert

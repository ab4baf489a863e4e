// SPDX-License-Identifier: Apache-2.0
// What only a person at a terminal gets: colours, and a progress bar on standard error. Main thread.
#pragma once
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/finding.hpp"

namespace picket {

/// A terminal, and nobody said no (NO_COLOR, TERM=dumb).
bool wants_colours(std::FILE* stream);
/// `text` in the colour of the severity.
std::string coloured(Severity severity, std::string_view text, bool colours);

/// How far the files have been read, by the position of their descriptors in this process. Shows nothing when
/// standard error is no terminal.
class Progress {
  public:
    explicit Progress(const std::vector<std::string>& files);
    ~Progress() { clear(); }
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    void show(uint64_t packets);
    /// Takes the bar away, so that other output can stand there.
    void clear();

  private:
    struct File {
        std::filesystem::path path;
        uint64_t size = 0, position = 0;
        bool seen = false;  ///< it was open at some time
    };
    [[nodiscard]] double fraction();

    std::vector<File> files_;
    uint64_t total_ = 0;
    bool terminal_;
    bool shown_ = false;
};

/// The bar itself: "[####----]  50 %  1,000 packets".
std::string progress_text(double fraction, uint64_t packets);

}  // namespace picket

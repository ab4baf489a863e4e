// SPDX-License-Identifier: Apache-2.0
// Colours and the progress bar. Main thread.
#include "core/terminal/terminal.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>

#include <fmt/format.h>

#include "core/terminal/table.hpp"

namespace picket {
namespace {

namespace fs = std::filesystem;

/// "pos:\t1234" of /proc/self/fdinfo/N.
uint64_t position_of(const fs::path& descriptor) {
    std::ifstream info(fs::path("/proc/self/fdinfo") / descriptor.filename());
    std::string name;
    uint64_t position = 0;
    return info >> name >> position ? position : 0;
}

}  // namespace

bool wants_colours(std::FILE* stream) {
    const char* no_color = std::getenv("NO_COLOR");
    const char* term = std::getenv("TERM");
    const bool refused = no_color != nullptr && *no_color != '\0';
    return isatty(fileno(stream)) == 1 && !refused && term != nullptr && std::string_view(term) != "dumb";
}

std::string coloured(Severity severity, std::string_view text, bool colours) {
    // In the order of Severity: grey, plain, yellow, red, white on red.
    constexpr std::array<std::string_view, severity_names.size()> codes{"90", "0", "33", "31", "1;37;41"};
    if (!colours) return std::string(text);
    return fmt::format("\x1b[{}m{}\x1b[0m", codes.at(static_cast<size_t>(severity)), text);
}

Progress::Progress(const std::vector<std::string>& files)
    : terminal_(isatty(STDERR_FILENO) == 1) {
    for (const std::string& name : files) {
        std::error_code error;
        File file;
        file.path = fs::canonical(name, error);
        if (!error) file.size = fs::file_size(file.path, error);
        if (error) continue;
        total_ += file.size;
        files_.push_back(std::move(file));
    }
}

double Progress::fraction() {
    for (File& file : files_)
        // What was open and is no more has been read to its end.
        if (file.seen) file.position = file.size;
    std::error_code error;
    fs::directory_iterator descriptors("/proc/self/fd", error);
    for (const fs::directory_iterator end; !error && descriptors != end; descriptors.increment(error)) {
        std::error_code unreadable;
        const fs::path target = fs::read_symlink(descriptors->path(), unreadable);
        for (File& file : files_) {
            if (unreadable || file.path != target) continue;
            file.seen = true;
            file.position = std::min(position_of(descriptors->path()), file.size);
        }
    }
    uint64_t read = 0;
    for (const File& file : files_) read += file.position;
    return total_ > 0 ? static_cast<double>(read) / static_cast<double>(total_) : 0;
}

std::string progress_text(double fraction, uint64_t packets) {
    constexpr size_t width = 30;
    const auto full = static_cast<size_t>(std::clamp(fraction, 0.0, 1.0) * width);
    return fmt::format("[{}{}] {:3.0f} %  {} packets", std::string(full, '#'), std::string(width - full, '-'),
                       std::clamp(fraction, 0.0, 1.0) * 100, grouped(packets));
}

void Progress::show(uint64_t packets) {
    if (!terminal_) return;
    fmt::print(stderr, "\r{}\x1b[K", progress_text(fraction(), packets));
    std::fflush(stderr);
    shown_ = true;
}

void Progress::clear() {
    if (!shown_) return;
    fmt::print(stderr, "\r\x1b[K");
    std::fflush(stderr);
    shown_ = false;
}

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// See policy_watch.hpp. Thread of the reloads.
#include "core/service/policy_watch.hpp"

#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace picket {

PolicyWatch::PolicyWatch(std::filesystem::path dir)
    : dir_(std::move(dir))
    , last_(look())
    , seen_(last_) {}

void PolicyWatch::set_dir(const std::filesystem::path& dir) {
    const std::lock_guard lock(mutex_);
    if (dir == dir_) return;
    dir_ = dir;
    seen_ = last_ = look();
}

bool PolicyWatch::has_changed() {
    const std::lock_guard lock(mutex_);
    const std::string before = std::exchange(last_, look());
    if (last_ != before || last_ == seen_) return false;
    seen_ = last_;
    return true;
}

std::string PolicyWatch::look() const {
    namespace fs = std::filesystem;
    std::vector<std::string> entries;
    std::error_code error;
    fs::recursive_directory_iterator at(dir_, error);
    for (const fs::recursive_directory_iterator end; !error && at != end; at.increment(error)) {
        if (at->path().extension() != ".lua") continue;
        std::error_code gone;
        const auto written = at->last_write_time(gone).time_since_epoch().count();
        entries.push_back(fmt::format("{} {} {}", at->path().string(), written, at->file_size(gone)));
    }
    std::ranges::sort(entries);
    std::string out;
    for (const std::string& entry : entries) out += entry + "\n";
    return out;
}

}  // namespace picket

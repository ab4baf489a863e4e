// SPDX-License-Identifier: Apache-2.0
// Notices that the files of policies have changed, by looking at names, times and sizes: that also works over
// network file systems and where an editor puts a new file in place of the old one. Any thread.
#pragma once
#include <filesystem>
#include <mutex>
#include <string>

namespace picket {

class PolicyWatch {
  public:
    explicit PolicyWatch(std::filesystem::path dir);
    /// From now on; nothing where it is the same.
    void set_dir(const std::filesystem::path& dir);
    /// True once after a change, and not before two looks in a row have seen the same: a copy that is still
    /// going on is not read.
    bool has_changed();

  private:
    [[nodiscard]] std::string look() const;

    std::mutex mutex_;
    std::filesystem::path dir_;
    std::string last_, seen_;
};

}  // namespace picket

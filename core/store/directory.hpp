// SPDX-License-Identifier: Apache-2.0
// The folder of a store: made where it is missing, and held by one process at a time. The lock goes with the
// process, however it ends. Main thread.
#pragma once
#include <filesystem>

#include "core/model/result.hpp"

namespace picket {

class StoreDirectory {
  public:
    /// denied: another process holds it, or permissions are missing.
    static Result<StoreDirectory> hold(const std::filesystem::path& dir);
    StoreDirectory(StoreDirectory&& other) noexcept;
    StoreDirectory& operator=(StoreDirectory&&) = delete;
    ~StoreDirectory();

    /// The names of the files are on disk, too. After they were made.
    static void sync(const std::filesystem::path& dir);

  private:
    explicit StoreDirectory(int lock)
        : lock_(lock) {}
    int lock_;
};

}  // namespace picket

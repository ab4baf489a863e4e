// SPDX-License-Identifier: Apache-2.0
// For the tests of this room: a folder of policies made of texts, gone when the test ends. Test thread.
#pragma once
#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <unistd.h>

#include "core/model/result.hpp"

namespace picket::testing {

class PolicyFolder {
  public:
    PolicyFolder() {
        static std::atomic<unsigned> made{0};
        root_ = std::filesystem::temp_directory_path() /
                ("picket-policy-" + std::to_string(getpid()) + "-" + std::to_string(made++));
        std::filesystem::create_directories(root_ / "detectors");
    }
    ~PolicyFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(root_, ignored);
    }
    PolicyFolder(const PolicyFolder&) = delete;
    PolicyFolder& operator=(const PolicyFolder&) = delete;

    std::filesystem::path add(const std::string& name, const std::string& text) const {
        const auto file = root_ / "detectors" / name;
        std::ofstream(file, std::ios::binary) << text;
        return file;
    }
    [[nodiscard]] const std::filesystem::path& root() const { return root_; }

  private:
    std::filesystem::path root_;
};

inline std::string joined(const std::vector<Error>& errors) {
    std::string out;
    for (const Error& error : errors) out += error.text() + "\n";
    return out;
}

/// A clock that goes on by a step on every look: budgets run out after a number of looks, not of seconds.
class StepClock {
  public:
    explicit StepClock(uint64_t step_ns)
        : step_ns_(step_ns) {}
    uint64_t operator()() { return now_ns_ += step_ns_; }

  private:
    uint64_t step_ns_, now_ns_ = 0;
};

}  // namespace picket::testing

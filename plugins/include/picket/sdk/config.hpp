// SPDX-License-Identifier: Apache-2.0
// Reads the flat JSON object that the host gives to a plugin. Optional: the only header of the SDK that needs
// a library, nlohmann-json3-dev. Any thread.
#pragma once
#include <chrono>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "picket/sdk/outcome.hpp"

namespace picket::sdk {

/// Every option stands in it, checked by the host against the option table; so a missing or wrong one is a
/// fault of plugin or host, and is thrown as a Failure that names it.
class Config {
  public:
    explicit Config(std::string_view json_text)
        : values_(nlohmann::json::parse(json_text, nullptr, /*allow_exceptions=*/false)) {
        if (!values_.is_object()) throw Failure("the configuration is not a JSON object");
    }

    [[nodiscard]] bool flag(const char* name) const { return get<bool>(name); }
    [[nodiscard]] int64_t integer(const char* name) const { return get<int64_t>(name); }
    [[nodiscard]] double number(const char* name) const { return get<double>(name); }
    [[nodiscard]] std::string text(const char* name) const { return get<std::string>(name); }
    [[nodiscard]] uint64_t size(const char* name) const { return get<uint64_t>(name); }
    [[nodiscard]] std::vector<std::string> texts(const char* name) const {
        return get<std::vector<std::string>>(name);
    }
    [[nodiscard]] std::chrono::nanoseconds duration(const char* name) const {
        return std::chrono::nanoseconds(std::llround(get<double>(name) * 1e9));
    }

  private:
    template <typename T>
    [[nodiscard]] T get(const char* name) const {
        const auto found = values_.find(name);
        if (found == values_.end()) throw Failure(std::string("option '") + name + "' is missing");
        try {
            return found->get<T>();
        } catch (const nlohmann::json::exception&) {
            throw Failure(std::string("option '") + name + "' has the wrong type");
        }
    }

    nlohmann::json values_;
};

}  // namespace picket::sdk

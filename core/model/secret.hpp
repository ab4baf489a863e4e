// SPDX-License-Identifier: Apache-2.0
// A text that must not be shown: a token, a password. It has to be asked for by name (reveal), prints as ***
// wherever it is formatted, and is wiped when it goes. Any thread.
#pragma once
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace picket {

inline constexpr std::string_view hidden_text = "***";

class Secret {
  public:
    Secret() = default;
    explicit Secret(std::string text)
        : text_(std::move(text)) {}
    Secret(const Secret&) = default;
    Secret(Secret&& other) noexcept
        : text_(other.text_) {
        other.wipe();
    }
    Secret& operator=(Secret other) noexcept {
        text_.swap(other.text_);
        return *this;
    }
    ~Secret() { wipe(); }

    [[nodiscard]] bool empty() const { return text_.empty(); }
    /// For the one place that needs it.
    [[nodiscard]] const std::string& reveal() const { return text_; }
    /// In a time that depends on the length of `given` alone. Nothing equals an empty secret.
    [[nodiscard]] bool equals(std::string_view given) const;

  private:
    void wipe() noexcept;
    std::string text_;
};

inline std::ostream& operator<<(std::ostream& out, const Secret&) { return out << hidden_text; }

/// Whether an option of this name holds a secret: "token", "smtp_password"; not "token_file", which says
/// where one is.
bool is_secret_name(std::string_view name);

}  // namespace picket

template <>
struct fmt::formatter<picket::Secret> : fmt::formatter<std::string_view> {
    template <typename Context>
    auto format(const picket::Secret&, Context& context) const {
        return fmt::formatter<std::string_view>::format(picket::hidden_text, context);
    }
};

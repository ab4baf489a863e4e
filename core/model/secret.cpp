// SPDX-License-Identifier: Apache-2.0
// Comparing and wiping secrets. Any thread.
#include "core/model/secret.hpp"

#include <strings.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace picket {

bool Secret::equals(std::string_view given) const {
    if (text_.empty()) return false;
    unsigned difference = given.size() == text_.size() ? 0 : 1;
    for (size_t i = 0; i < given.size(); ++i)
        difference |= static_cast<unsigned char>(given[i]) ^
                      static_cast<unsigned>(static_cast<unsigned char>(text_[i % text_.size()]));
    return difference == 0;
}

void Secret::wipe() noexcept {
    // Its whole room, in which a longer text may have stood.
    explicit_bzero(text_.data(), text_.capacity());
    text_.clear();
}

bool is_secret_name(std::string_view name) {
    constexpr std::array<std::string_view, 4> words{"token", "secret", "password", "passphrase"};
    const size_t last = name.find_last_of("_-.");
    if (last != std::string_view::npos) name.remove_prefix(last + 1);
    return std::ranges::find(words, name) != words.end();
}

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// Errors are values. Every function of the core that can fail for a reason outside the program returns
// Result<T>; exceptions of libraries end at the border where they arise. Any thread.
#pragma once
#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace picket {

enum class ErrorCode {
    invalid,    ///< the operator's or a plugin's input is wrong
    not_found,  ///< a file, an interface, a name does not exist
    denied,     ///< the kernel or the other side refused
    io,         ///< reading or writing failed
    limit,      ///< a bound was reached
    internal,   ///< a fault of Picket or a plugin
};

/// What went wrong, where ("picket.toml:12:8", "eth0"), and what to do next. `where` and `hint` may be empty.
struct Error {
    ErrorCode code = ErrorCode::internal;
    std::string what;
    std::string where;
    std::string hint;

    /// "where: what (hint)", the one way an error is shown.
    [[nodiscard]] std::string text() const {
        std::string out = where.empty() ? what : where + ": " + what;
        if (!hint.empty()) out += " (" + hint + ")";
        return out;
    }
};

template <typename T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(ErrorCode code, std::string what, std::string where = {},
                                  std::string hint = {}) {
    return tl::unexpected<Error>(Error{code, std::move(what), std::move(where), std::move(hint)});
}

}  // namespace picket

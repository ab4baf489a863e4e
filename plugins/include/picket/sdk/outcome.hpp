// SPDX-License-Identifier: Apache-2.0
// What a call of a plugin came to, and the border itself: no exception of a plugin ever reaches the host, it
// becomes a status with a text. Standard library only. Any thread.
#pragma once
#include <algorithm>
#include <cstring>
#include <exception>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "picket/plugin.h"

namespace picket::sdk {

/// A status, and for one other than OK a sentence for the operator: what failed, and what to do about it.
struct Outcome {
    picket_status status = PICKET_OK;
    std::string text;

    Outcome() = default;
    Outcome(picket_status code, std::string reason = {})
        : status(code)
        , text(std::move(reason)) {}
    [[nodiscard]] bool ok() const { return status == PICKET_OK; }
};

/// The same as an exception, for constructors and for places deep inside.
class Failure : public std::runtime_error {
  public:
    explicit Failure(const std::string& text, picket_status status = PICKET_INVALID)
        : std::runtime_error(text)
        , status_(status) {}
    [[nodiscard]] picket_status status() const { return status_; }

  private:
    picket_status status_;
};

/// Copies `text` into the caller's room, cut between two UTF-8 characters where it is too long.
inline void write_error(picket_error* error, std::string_view text) noexcept {
    if (error == nullptr) return;
    size_t size = std::min(text.size(), sizeof error->text - 1);
    if (size < text.size()) {
        while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0u) == 0x80u) --size;
    }
    std::memcpy(error->text, text.data(), size);
    error->text[size] = '\0';
}

/// Runs `call`, which returns an Outcome, and turns all that can come of it into a status and a text.
template <typename Call>
picket_status guarded(picket_error* error, Call&& call) noexcept {
    try {
        const Outcome outcome = std::forward<Call>(call)();
        write_error(error, outcome.text);
        return outcome.status;
    } catch (const Failure& failure) {
        write_error(error, failure.what());
        return failure.status();
    } catch (const std::bad_alloc&) {
        write_error(error, "out of memory");
    } catch (const std::exception& fault) {
        write_error(error, fault.what());
    } catch (...) {
        write_error(error, "unknown exception");
    }
    return PICKET_INTERNAL;
}

inline std::string_view view(picket_str text) { return {text.ptr == nullptr ? "" : text.ptr, text.len}; }
inline picket_str str(std::string_view text) { return {text.data(), text.size()}; }

/// Copies the first `size` bytes that both sides know, so that an older or newer reader is never overrun.
template <typename Struct>
void copy_known(Struct& to, const Struct& from) noexcept {
    const uint32_t size = to.size;
    std::memcpy(&to, &from, std::min<size_t>(size, sizeof(Struct)));
    to.size = size;
}

}  // namespace picket::sdk

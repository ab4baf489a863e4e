// SPDX-License-Identifier: Apache-2.0
// A plugin's options as a constexpr table. Standard library only. Any thread.
//
//     static constexpr std::array options{
//         sdk::duration("interval", "60s", "How long an incident stays silent").range(0, 86400).reloadable(),
//         sdk::text("file", "", "Where to write"),
//     };
#pragma once
#include "picket/plugin.h"

namespace picket::sdk {

/// A picket_option with setters that chain; a default of nullptr makes the option required.
struct Option {
    picket_option data;

    /// Inclusive, in the unit of the value: seconds for durations, bytes for sizes.
    [[nodiscard]] constexpr Option range(double min, double max) const {
        Option copy = *this;
        copy.data.min = min;
        copy.data.max = max;
        return copy;
    }
    [[nodiscard]] constexpr Option unit(const char* name) const {
        Option copy = *this;
        copy.data.unit = name;
        return copy;
    }
    /// `reconfigure` takes a new value while the instance runs.
    [[nodiscard]] constexpr Option reloadable() const {
        Option copy = *this;
        copy.data.reloadable = 1;
        return copy;
    }
};
static_assert(sizeof(Option) == sizeof(picket_option), "the host walks the table by this stride");

constexpr Option option(picket_option_type type, const char* name, const char* value, const char* help,
                        const char* choices = nullptr) {
    return Option{picket_option{name, type, 0, value, 0, 0, nullptr, choices, help}};
}
constexpr Option flag(const char* name, const char* value, const char* help) {
    return option(PICKET_OPTION_BOOL, name, value, help);
}
constexpr Option integer(const char* name, const char* value, const char* help) {
    return option(PICKET_OPTION_INT, name, value, help);
}
constexpr Option number(const char* name, const char* value, const char* help) {
    return option(PICKET_OPTION_NUMBER, name, value, help);
}
constexpr Option text(const char* name, const char* value, const char* help) {
    return option(PICKET_OPTION_TEXT, name, value, help);
}
/// `choices` is "a|b|c".
constexpr Option choice(const char* name, const char* value, const char* choices, const char* help) {
    return option(PICKET_OPTION_CHOICE, name, value, help, choices);
}
constexpr Option duration(const char* name, const char* value, const char* help) {
    return option(PICKET_OPTION_DURATION, name, value, help);
}
constexpr Option size(const char* name, const char* value, const char* help) {
    return option(PICKET_OPTION_SIZE, name, value, help);
}
constexpr Option text_list(const char* name, const char* value, const char* help) {
    return option(PICKET_OPTION_TEXT_LIST, name, value, help);
}

}  // namespace picket::sdk

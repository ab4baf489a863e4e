// SPDX-License-Identifier: Apache-2.0
// Answers of the API read without surprises: what is missing or of another type reads as nothing. An older or
// newer daemon must not make the client fall over. Main thread.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/model/result.hpp"

namespace picket {

using Json = nlohmann::ordered_json;

/// Refuses what is no JSON, and what is nested deeper than anything the API says.
Result<Json> parse_answer(std::string_view text);

/// The member, or null.
const Json& part_at(const Json& object, std::string_view key);
std::string text_at(const Json& object, std::string_view key);
uint64_t count_at(const Json& object, std::string_view key);
double number_at(const Json& object, std::string_view key);
bool flag_at(const Json& object, std::string_view key);
std::vector<std::string> texts_at(const Json& object, std::string_view key);

/// A value as a person reads it: a text as it is, a number with thousands apart, a list with commas.
std::string shown(const Json& value);
/// As one line, whatever bytes are in it.
std::string json_line(const Json& value);

/// 1234567 as "1,234,567", 0.456 as "0.46".
std::string figure_text(double value);
/// "38.2 MiB".
std::string bytes_text(uint64_t bytes);

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// Incidents over the API: page after page of a list, and the id behind its first digits. Main thread.
#pragma once
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/client/api_client.hpp"

namespace picket {

inline constexpr size_t id_digits = 16;
inline constexpr size_t id_digits_min = 4;        ///< of a prefix
inline constexpr uint64_t page_items_max = 1000;  ///< what the API gives at once

/// Calls `use` with the items of each page until `limit` of them have come, or the list has ended. True:
/// there are more.
Result<bool> each_page(ApiClient& client, std::map<std::string, std::string> query, uint64_t limit,
                       const std::function<void(const std::vector<Json>&)>& use);

/// Whole ids for ids or unique beginnings of them, in the same order, each once. Which of them exist shows
/// only where one was not whole.
Result<std::vector<std::string>> whole_ids(ApiClient& client, const std::vector<std::string>& given);

}  // namespace picket

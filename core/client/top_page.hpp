// SPDX-License-Identifier: Apache-2.0
// The answer of /api/v1/counters as a page: what is counted, and its heaviest rows. Main thread.
#pragma once
#include <string>
#include <vector>

#include "core/client/json_read.hpp"

namespace picket {

/// `sort`: the measure whose column is marked.
std::string top_page(const Json& answer, const std::string& sort, bool colours);
/// The counter that says most about who is talking, of those in a list of counters: by a local address and
/// with bytes or packets, else the first; empty: there is none.
std::string default_counter(const Json& counters);
std::vector<std::string> measures_of(const Json& counters, const std::string& counter);
/// The one after `name` in the list, round and round.
std::string next_after(const std::vector<std::string>& names, const std::string& name);

}  // namespace picket

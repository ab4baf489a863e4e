// SPDX-License-Identifier: Apache-2.0
// Query parameters and bodies as values. Each reader takes the first problem into `error`, so that a handler
// reads all it needs and asks once. Any thread.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/api/http.hpp"
#include "core/api/json.hpp"
#include "core/model/incident.hpp"

namespace picket {

inline constexpr size_t ids_max = 1000;
inline constexpr size_t note_bytes_max = 4096;

class QueryReader {
  public:
    explicit QueryReader(const Request& request)
        : query_(request.query) {}

    [[nodiscard]] std::optional<std::string> text(const std::string& name) const;
    [[nodiscard]] std::string text_or_empty(const std::string& name) const { return text(name).value_or(""); }
    size_t limit(size_t fallback);  ///< 1…1000
    std::optional<uint64_t> time(const std::string& name);
    std::optional<bool> boolean(const std::string& name);
    std::optional<Severity> severity(const std::string& name);
    std::vector<IncidentStatus> statuses(const std::string& name);

    void complain(const std::string& name, const std::string& what);
    /// What was wrong first.
    [[nodiscard]] const std::optional<std::string>& error() const { return error_; }

  private:
    const std::map<std::string, std::string>& query_;
    std::optional<std::string> error_;
};

std::optional<IncidentStatus> status_named(std::string_view name);

/// The body as an object that has no other members than `allowed`.
Result<Json> read_object(const Request& request, const std::vector<std::string_view>& allowed);
/// {"ids": […]}
Result<std::vector<std::string>> read_ids(const Json& body);

}  // namespace picket

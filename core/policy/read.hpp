// SPDX-License-Identifier: Apache-2.0
// Helps readers of Lua tables: a table of {name, reader} for a struct, all errors collected, unknown names
// with a suggestion. Engine thread.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/policy/lua_value.hpp"

namespace picket {

/// What is wrong with a value, as "what is allowed, is what"; nothing when it is right.
using Complaint = std::optional<std::string>;

/// Reads one named field of a Lua table into `T`.
template <typename T>
struct FieldReader {
    std::string_view name;
    Complaint (*read)(const LuaValue& value, T& out);
};

/// Collects problems about one thing ("counter 'tries'") at one place ("port_scan.lua:12").
class Problems {
  public:
    Problems(std::vector<Error>& out, std::string where, std::string thing)
        : out_(out)
        , where_(std::move(where))
        , thing_(std::move(thing)) {}
    void add(std::string_view what) const;
    void unknown(std::string_view kind, std::string_view name, const std::vector<std::string>& known) const;
    [[nodiscard]] Problems inner(std::string_view thing) const;
    [[nodiscard]] std::vector<Error>& errors() const { return out_; }

  private:
    std::vector<Error>& out_;
    std::string where_, thing_;
};

/// Applies `readers` to the fields of `table`. `also` are names that the caller reads itself.
template <typename T>
void read_fields(const LuaValue& table, std::span<const FieldReader<T>> readers, T& out,
                 const Problems& problems, const std::vector<std::string>& also = {}) {
    for (const LuaField& entry : table.fields) {
        const FieldReader<T>* found = nullptr;
        for (const auto& reader : readers)
            if (reader.name == entry.name) found = &reader;
        if (found != nullptr) {
            if (const Complaint wrong = found->read(entry.value, out)) problems.inner(entry.name).add(*wrong);
            continue;
        }
        bool read_elsewhere = false;
        std::vector<std::string> known = also;
        for (const std::string& name : also) read_elsewhere = read_elsewhere || name == entry.name;
        for (const auto& reader : readers) known.emplace_back(reader.name);
        if (!read_elsewhere) problems.unknown("field", entry.name, known);
    }
}

Complaint read_text(const LuaValue& value, std::string& out, size_t bytes_max);
/// A whole number within the bounds.
Complaint read_count(const LuaValue& value, double min, double max, double& out);
/// "10s" or a duration parameter.
Complaint read_duration(const LuaValue& value, uint64_t min_ns, uint64_t max_ns, uint64_t& out_ns);
/// "inbound", or a list of directions, as a bit per Direction.
Complaint read_directions(const LuaValue& value, uint8_t& out);
/// The value itself, or the entries of a list.
std::vector<const LuaValue*> one_or_many(const LuaValue& value);

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// TOML text to nodes, with toml++ (header only, and only here: it is heavy, and its sanitizer and nesting
// bounds are to be ours). The library unwinds nested tables by recursion, so depth is bounded before it sees
// the text: nested values by its own limit, dotted keys by ours. Any thread.
#include "core/config/document.hpp"

#undef TOML_HEADER_ONLY
#undef TOML_SHARED_LIB
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#define TOML_MAX_NESTED_VALUES 16
// Some of the library's assertions are about the input ("[=" fails one), with an error branch behind them.
// They must neither abort nor, with NDEBUG, become promises to the optimizer.
#undef NDEBUG
#define TOML_ASSERT(expression) static_assert(true)
#include <toml++/impl/forward_declarations.h>
// Its test for white space beyond ASCII calls most letters "unreachable"; false is the right answer for them.
#pragma push_macro("TOML_UNREACHABLE")
#undef TOML_UNREACHABLE
#define TOML_UNREACHABLE return false
#include <toml++/impl/unicode.h>
#pragma pop_macro("TOML_UNREACHABLE")
#include <toml++/toml.h>

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "core/config/key_depth.hpp"
#include "core/config/option_text.hpp"

namespace picket {
namespace {

std::string place(std::string_view name, const toml::source_position& at) {
    return fmt::format("{}:{}:{}", name, at.line, at.column);
}

std::string_view kind_of(const toml::node& node) {
    if (node.is_table()) return "a table";
    if (node.is_array_of_tables()) return "a list of tables";
    if (node.is_array()) return "a list of lists";
    return "a date or time";
}

/// [80, "8000-8100", [9000, 9010]]: whatever is an entry of a list of ports, as text.
std::optional<std::string> list_entry(const toml::node& node) {
    if (const auto text = node.value_exact<std::string>()) return *text;
    if (const auto whole = node.value_exact<int64_t>()) return std::to_string(*whole);
    const toml::array* pair = node.as_array();
    if (pair == nullptr || pair->size() != 2) return std::nullopt;
    const auto first = pair->get(0)->value_exact<int64_t>();
    const auto last = pair->get(1)->value_exact<int64_t>();
    if (!first || !last) return std::nullopt;
    return fmt::format("{}-{}", *first, *last);
}

/// A list of texts stays one. One with numbers is a list of ports, unless an entry cannot be one: then it
/// stays texts, of which the check shows the wrong one.
std::optional<RawValue> list_value(const toml::array& list) {
    std::vector<std::string> texts;
    bool numbers = false;
    for (const toml::node& node : list) {
        const auto text = list_entry(node);
        if (!text) return std::nullopt;
        numbers = numbers || !node.is_string();
        texts.push_back(*text);
    }
    if (!numbers) return RawValue(std::move(texts));
    std::vector<PortRange> ports;
    for (const std::string& text : texts) {
        const auto range = parse_port_range(text);
        if (!range) return RawValue(std::move(texts));
        ports.push_back(*range);
    }
    return RawValue(std::move(ports));
}

std::optional<RawValue> value_of(const toml::node& node) {
    if (const auto flag = node.value_exact<bool>()) return RawValue(*flag);
    if (const auto whole = node.value_exact<int64_t>()) return RawValue(*whole);
    if (const auto number = node.value_exact<double>()) return RawValue(*number);
    if (const auto text = node.value_exact<std::string>()) return RawValue(*text);
    if (const toml::array* list = node.as_array()) return list_value(*list);
    return std::nullopt;
}

struct Placed {
    toml::source_position at;
    DocumentNode node;
};

/// At most config_depth_max levels of recursion.
void flatten(std::string_view name, const toml::table& table, const std::vector<std::string>& path,
             std::vector<Placed>& out) {
    for (const auto& [key, node] : table) {
        Placed placed{key.source().begin, {}};
        placed.node.path = path;
        placed.node.path.emplace_back(key.str());
        placed.node.key_origin = place(name, key.source().begin);
        placed.node.origin = place(name, node.source().begin);
        const toml::table* inner = node.as_table();
        placed.node.table = inner != nullptr && placed.node.path.size() < config_depth_max;
        if (!placed.node.table) {
            if (auto value = value_of(node))
                placed.node.value = std::move(*value);
            else
                placed.node.unusable = kind_of(node);
        }
        const bool descend = placed.node.table;
        const auto deeper = placed.node.path;
        out.push_back(std::move(placed));
        if (descend) flatten(name, *inner, deeper, out);
    }
}

}  // namespace

Result<std::vector<DocumentNode>> read_document(std::string_view name, std::string_view text) {
    if (const auto deep = too_deep_key(text))
        return fail(ErrorCode::invalid, fmt::format("a key of at most {} parts", key_parts_max),
                    fmt::format("{}:{}:{}", name, deep->line, deep->column));
    const toml::parse_result parsed = toml::parse(text);
    if (!parsed) {
        std::string_view what = parsed.error().description();
        if (constexpr std::string_view start = "Error while parsing "; what.starts_with(start))
            what.remove_prefix(start.size());
        return fail(ErrorCode::invalid, fmt::format("not TOML: {}", what),
                    place(name, parsed.error().source().begin));
    }
    std::vector<Placed> placed;
    flatten(name, parsed.table(), {}, placed);
    std::stable_sort(placed.begin(), placed.end(),
                     [](const Placed& a, const Placed& b) { return a.at < b.at; });
    std::vector<DocumentNode> out;
    out.reserve(placed.size());
    for (Placed& each : placed) out.push_back(std::move(each.node));
    return out;
}

}  // namespace picket

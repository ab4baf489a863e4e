// SPDX-License-Identifier: Apache-2.0
// Paging, and beginnings of ids made whole. Main thread.
#include "core/client/incident_ids.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

namespace picket {
namespace {

constexpr size_t shown_max = 4;             ///< candidates in a message
constexpr uint64_t searched_max = 200'000;  ///< incidents that are looked through for a beginning

bool is_id_part(std::string_view text) {
    const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    return text.size() >= id_digits_min && text.size() <= id_digits &&
           std::all_of(text.begin(), text.end(), is_digit);
}

/// A beginning, and the ids that fit.
struct Wanted {
    std::string given;
    std::vector<std::string> fitting;
    uint64_t count = 0;
};

Result<void> search(ApiClient& client, std::vector<Wanted>& wanted) {
    const auto more = each_page(client, {}, searched_max, [&](const std::vector<Json>& items) {
        for (const Json& item : items) {
            const std::string id = text_at(item, "id");
            for (Wanted& want : wanted) {
                if (!is_id_part(id) || !id.starts_with(want.given)) continue;
                if (++want.count <= shown_max) want.fitting.push_back(id);
            }
        }
    });
    if (!more) return tl::unexpected<Error>(more.error());
    if (*more) return fail(ErrorCode::limit, "too many incidents to search", {}, "give the whole id");
    return {};
}

Result<std::string> only_one(const Wanted& want) {
    if (want.count == 1) return want.fitting.front();
    if (want.count == 0) return fail(ErrorCode::not_found, "no incident's id begins like that", want.given);
    std::string all;
    for (const std::string& id : want.fitting) all += (all.empty() ? "" : ", ") + id;
    if (want.count > shown_max) all += fmt::format(" and {} more", want.count - shown_max);
    return fail(ErrorCode::invalid, "more than one incident's id begins like that", want.given, all);
}

}  // namespace

Result<bool> each_page(ApiClient& client, std::map<std::string, std::string> query, uint64_t limit,
                       const std::function<void(const std::vector<Json>&)>& use) {
    std::string cursor;
    do {
        query["limit"] = std::to_string(std::min(limit, page_items_max));
        if (!cursor.empty()) query["cursor"] = cursor;
        const auto page = client.get("/api/v1/incidents", query);
        if (!page) return tl::unexpected<Error>(page.error());
        const Json& items = part_at(*page, "items");
        if (!items.is_array()) return fail(ErrorCode::internal, "the answer has no list of incidents");
        std::vector<Json> list(items.begin(), items.end());
        if (list.size() > limit) list.resize(static_cast<size_t>(limit));
        limit -= list.size();
        cursor = text_at(*page, "next");
        use(list);
        if (list.empty()) return false;
    } while (limit > 0 && !cursor.empty());
    return !cursor.empty();
}

Result<std::vector<std::string>> whole_ids(ApiClient& client, const std::vector<std::string>& given) {
    std::vector<Wanted> wanted;
    for (std::string text : given) {
        std::transform(text.begin(), text.end(), text.begin(),
                       [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        if (!is_id_part(text))
            return fail(
                ErrorCode::invalid, fmt::format("an incident's id has {} hexadecimal digits", id_digits),
                text.substr(0, 2 * id_digits),
                fmt::format("the first {} are enough where no other begins like that", id_digits_min));
        wanted.push_back({text, {}, 0});
    }
    std::vector<Wanted> beginnings;
    for (const Wanted& want : wanted)
        if (want.given.size() < id_digits) beginnings.push_back(want);
    if (!beginnings.empty())
        if (auto searched = search(client, beginnings); !searched)
            return tl::unexpected<Error>(searched.error());
    std::vector<std::string> out;
    for (auto beginning = beginnings.cbegin(); const Wanted& want : wanted) {
        Result<std::string> id = want.given.size() < id_digits ? only_one(*beginning++) : want.given;
        if (!id) return tl::unexpected<Error>(id.error());
        if (std::find(out.begin(), out.end(), *id) == out.end()) out.push_back(std::move(*id));
    }
    return out;
}

}  // namespace picket

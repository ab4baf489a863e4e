// SPDX-License-Identifier: Apache-2.0
// libcurl behind ApiClient. Its errors become words that say what to do. Main thread.
#include "core/client/api_client.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <system_error>
#include <utility>

#include <curl/curl.h>
#include <fmt/format.h>

#include "core/terminal/table.hpp"

namespace picket {
namespace {

constexpr long connect_timeout_ms = 3000;
constexpr const char* is_it_running = "is picket running? systemctl status picket";

using Handle = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using Headers = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

/// Once for the program, before any handle; a failure shows in curl_easy_init.
void start_curl() {
    static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
    static_cast<void>(started);
}

Result<std::string> read_token(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    std::string token(token_bytes_max + 1, '\0');
    if (!in.read(token.data(), static_cast<std::streamsize>(token.size())) && in.gcount() == 0)
        return fail(ErrorCode::io, "cannot read a token from it", file);
    token.resize(static_cast<size_t>(in.gcount()));
    while (!token.empty() && (token.back() == '\n' || token.back() == '\r' || token.back() == ' '))
        token.pop_back();
    const bool visible = std::all_of(token.begin(), token.end(), [](char c) { return c > 0x20 && c < 0x7f; });
    if (token.empty() || token.size() > token_bytes_max || !visible)
        return fail(ErrorCode::invalid, "a token is one line of visible characters", file);
    return token;
}

struct Body {
    std::string text;
    bool too_large = false;
};

size_t take_body(const char* data, size_t size, size_t count, void* user) {
    auto& body = *static_cast<Body*>(user);
    body.too_large = body.text.size() + size * count > answer_bytes_max;
    if (body.too_large) return 0;
    body.text.append(data, size * count);
    return size * count;
}

/// The kernel's or the other side's refusal, in words.
Error connect_error(const ApiAddress& address, CURLcode code, long os_error, const char* detail) {
    const std::string& where = address.url.empty() ? address.socket : address.url;
    if (code == CURLE_OPERATION_TIMEDOUT)
        return Error{ErrorCode::denied, "no answer in time", where, is_it_running};
    if (!address.url.empty()) return Error{ErrorCode::denied, detail, where, is_it_running};
    if (os_error == EACCES || os_error == EPERM)
        return Error{ErrorCode::denied, "permission denied", where, "join the group picket, or use sudo"};
    if (os_error == ENOENT) return Error{ErrorCode::denied, "there is no such socket", where, is_it_running};
    if (os_error == ECONNREFUSED)
        return Error{ErrorCode::denied, "nobody listens on the socket", where, is_it_running};
    return Error{ErrorCode::denied, os_error == 0 ? detail : std::system_category().message(int(os_error)),
                 where, is_it_running};
}

}  // namespace

struct ApiClient::Impl {
    ApiAddress address;
    std::string token;
    Handle handle{nullptr, curl_easy_cleanup};

    std::string url_of(const ApiRequest& request) const {
        std::string url = address.url.empty() ? "http://localhost" : address.url;
        while (url.ends_with('/')) url.pop_back();
        url += request.path;
        char sign = '?';
        for (const auto& [key, value] : request.query) {
            const std::unique_ptr<char, decltype(&curl_free)> escaped(
                curl_easy_escape(handle.get(), value.data(), static_cast<int>(value.size())), curl_free);
            url += fmt::format("{}{}={}", std::exchange(sign, '&'), key, escaped ? escaped.get() : "");
        }
        return url;
    }

    void prepare(const ApiRequest& request, const Headers& headers, Body& body, char* error) const {
        CURL* curl = handle.get();
        // Keeps the connection, drops everything else of the last request.
        curl_easy_reset(curl);
        curl_easy_setopt(curl, CURLOPT_URL, url_of(request).c_str());
        if (address.url.empty()) curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, address.socket.c_str());
        curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
        curl_easy_setopt(curl, CURLOPT_PROXY, "");
        curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, connect_timeout_ms);
        curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, address.timeout_ms);
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method);
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
        curl_easy_setopt(curl, CURLOPT_USERAGENT, "picket/" PICKET_VERSION);
        curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
        curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
        curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error);
    }
};

ApiClient::ApiClient(std::unique_ptr<Impl> impl)
    : impl_(std::move(impl)) {}
ApiClient::ApiClient(ApiClient&&) noexcept = default;
ApiClient& ApiClient::operator=(ApiClient&&) noexcept = default;
ApiClient::~ApiClient() = default;

Result<ApiClient> ApiClient::create(const ApiAddress& address) {
    start_curl();
    auto impl = std::make_unique<Impl>();
    impl->address = address;
    if (!address.token_file.empty()) {
        auto token = read_token(address.token_file);
        if (!token) return tl::unexpected<Error>(token.error());
        impl->token = std::move(*token);
    }
    impl->handle.reset(curl_easy_init());
    if (!impl->handle) return fail(ErrorCode::internal, "libcurl does not start");
    return ApiClient(std::move(impl));
}

Result<ApiAnswer> ApiClient::send(const ApiRequest& request) {
    Headers headers(curl_slist_append(nullptr, "Accept: application/json"), curl_slist_free_all);
    const auto add_header = [&](const std::string& line) {
        if (curl_slist* longer = curl_slist_append(headers.get(), line.c_str()); longer != nullptr) {
            static_cast<void>(headers.release());
            headers.reset(longer);
        }
    };
    if (!impl_->token.empty()) add_header("Authorization: Bearer " + impl_->token);
    Body body;
    std::string error(CURL_ERROR_SIZE, '\0');
    std::string sent;
    if (!request.body.is_null()) {
        sent = json_line(request.body);
        add_header("Content-Type: application/json");
    }
    impl_->prepare(request, headers, body, error.data());
    CURL* curl = impl_->handle.get();
    if (!request.body.is_null()) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(sent.size()));
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, sent.c_str());
    }
    const CURLcode code = curl_easy_perform(curl);
    const std::string& where = impl_->address.url.empty() ? impl_->address.socket : impl_->address.url;
    if (body.too_large)
        return fail(ErrorCode::limit,
                    fmt::format("the answer is larger than {}", bytes_text(answer_bytes_max)), where,
                    "ask for less with --limit");
    if (code != CURLE_OK) {
        long os_error = 0;
        curl_easy_getinfo(curl, CURLINFO_OS_ERRNO, &os_error);
        const char* detail = error.front() != '\0' ? error.c_str() : curl_easy_strerror(code);
        return tl::unexpected<Error>(connect_error(impl_->address, code, os_error, detail));
    }
    ApiAnswer answer;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
    if (body.text.empty()) return answer;
    auto read = parse_answer(body.text);
    if (!read && answer.status < 400) {
        read.error().where = where;
        return tl::unexpected<Error>(read.error());
    }
    if (read) answer.body = std::move(*read);
    return answer;
}

Error ApiClient::refusal(const ApiRequest& request, const ApiAnswer& answer) const {
    const ApiAddress& address = impl_->address;
    std::string what = text_at(answer.body, "detail");
    if (what.empty()) what = text_at(answer.body, "title");
    if (what.empty())
        what = fmt::format("{} {} was answered with {}", request.method, request.path, answer.status);
    what = printable(what);
    switch (answer.status) {
    case 401:
    case 403:
        return Error{ErrorCode::denied, std::move(what), address.url.empty() ? address.socket : address.url,
                     address.token_file.empty() && !address.url.empty() ? "--token-file names the token"
                                                                        : ""};
    case 404:
        return Error{ErrorCode::not_found, std::move(what), {}, {}};
    default:
        return Error{answer.status < 500 ? ErrorCode::invalid : ErrorCode::internal, std::move(what), {}, {}};
    }
}

Result<Json> ApiClient::ask(const ApiRequest& request) {
    auto answer = send(request);
    if (!answer) return tl::unexpected<Error>(answer.error());
    if (answer->status < 200 || answer->status >= 300)
        return tl::unexpected<Error>(refusal(request, *answer));
    return std::move(answer->body);
}

Result<Json> ApiClient::get(const std::string& path, const std::map<std::string, std::string>& query) {
    ApiRequest request;
    request.path = path;
    request.query = query;
    return ask(request);
}

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// Any bytes as a request, over a real store: what is answered has a status of HTTP's, its body is what its
// type says, errors are problems, and the token never comes out. Byte 0 chooses the socket; then the head, a
// line for each header, an empty line, the body. Main thread.
//   cmake --preset fuzz && ninja -C build/fuzz fuzz_api_request && build/fuzz/fuzz/fuzz_api_request
//   tests/fuzz/corpus/api_request
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/api/fake_backend.test.hpp"
#include "core/api/json.hpp"

using namespace picket;
using namespace picket::test;

namespace {

constexpr std::string_view token = "a-token-of-the-fuzzer";

void demand(bool holds) {
    if (!holds) std::abort();
}

std::string_view take_line(std::string_view& rest) {
    const size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    return line;
}

/// The rest of `input` is the body.
RequestHead read_request(std::string_view& input) {
    RequestHead out;
    std::string_view line = take_line(input);
    const size_t space = line.find(' ');
    out.method = line.substr(0, space);
    if (space != std::string_view::npos) out.target = line.substr(space + 1);
    while (!(line = take_line(input)).empty()) {
        const size_t colon = line.find(':');
        if (colon == std::string_view::npos) continue;
        out.headers.emplace_back(line.substr(0, colon), line.substr(colon + 1));
    }
    out.peer = "fuzzer";
    out.time_ns = test_time_ns;
    return out;
}

void check(const Response& out, bool may_have_token) {
    demand(out.status >= 200 && out.status < 600);
    demand(may_have_token || out.body.find(token) == std::string::npos);
    if (out.stream != nullptr) return;
    const bool is_problem = out.content_type == "application/problem+json";
    if (out.status >= 400 && out.status != 503) demand(is_problem);
    if (!is_problem && out.content_type != "application/json") return;
    if (out.status == 204) return demand(out.body.empty());
    const Json body = Json::parse(out.body, nullptr, false);
    demand(body.is_object());
    if (is_problem) demand(body["status"] == out.status && body["detail"].is_string());
}

struct Daemons {
    FakeDaemon fake;
    Api over_tcp{GateConfig{Secret(std::string(token)), {"localhost"}, false},
                 api_routes({fake.backend, fake.hub, fake.metrics})};
    Daemons() { fake.backend.fill(); }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    static Daemons daemons;
    if (size == 0) return 0;
    std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
    // A wrong parameter is told by its name, whatever that is.
    const bool has_token = input.find(token) != std::string_view::npos;
    RequestHead head = read_request(input);
    head.is_unix = (data[0] & 1) == 0;
    const Api& api = head.is_unix ? daemons.fake.api : daemons.over_tcp;
    auto judged = api.accept(head);
    if (auto* refused = std::get_if<Response>(&judged)) {
        check(*refused, has_token);
        return 0;
    }
    auto& accepted = std::get<Api::Accepted>(judged);
    accepted.request.body = input;
    check(api.answer(accepted), has_token);
    return 0;
}

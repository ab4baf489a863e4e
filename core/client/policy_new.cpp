// SPDX-License-Identifier: Apache-2.0
// The starting pair: small, whole, and green, so that each change can be tried at once. Main thread.
#include "core/client/policy_new.hpp"

#include <fstream>

#include <fmt/format.h>

namespace picket {
namespace {

constexpr const char* policy_text = R"lua(-- NAME: say in one line what it finds, and why that is abuse.
return detector {
  name    = "NAME",
  summary = "One host of ours asks many remote hosts on one port",
  params  = {
    window = param.duration { "10s", doc = "How long a try is remembered" },
    hosts  = param.count { 100, min = 5, unit = "hosts", doc = "Distinct remote hosts that are too many" },
    port   = param.count { 9999, min = 1, max = 65535, doc = "The port it is about" },
  },
  counters = function(p)
    return {
      tries = counter {
        by = { "src" }, direction = "outbound", proto = "tcp", tcp = { "syn" }, dst_port = { p.port },
        window = p.window,
        measure = { hosts = distinct "dst", packets = packets() },
      },
    }
  end,
  detect = function(p, c)
    for row in c.tries:over { hosts = p.hosts } do
      finding {
        type = "NAME", subject = row.src, severity = "medium", confidence = 0.6, row = row,
        reason = ("%d hosts asked on port %d in %s"):format(row.hosts, p.port, p.window),
      }
    end
  end,
}
)lua";

constexpr const char* test_text =
    R"lua(-- Each test runs for IPv4 and for IPv6. `picket test` runs them, and so does every load.
test("many hosts are found", function(t)
  t:traffic { src = "10.0.0.5", dst = { "203.0.113.0/24", 120 }, proto = "tcp", tcp = "syn", dst_port = 9999, over = "4s" }
  t:expect { type = "NAME", subject = "10.0.0.5" }
end)

test("just under the limit is nothing", function(t)
  t:traffic { src = "10.0.0.5", dst = { "203.0.113.0/24", 99 }, proto = "tcp", tcp = "syn", dst_port = 9999, over = "4s" }
  t:expect_nothing()
end)

test("another port is nothing", function(t)
  t:traffic { src = "10.0.0.5", dst = { "203.0.113.0/24", 120 }, proto = "tcp", tcp = "syn", dst_port = 443, over = "4s" }
  t:expect_nothing()
end)
)lua";

std::string named(std::string text, const std::string& name) {
    for (size_t at = text.find("NAME"); at != std::string::npos; at = text.find("NAME", at + name.size()))
        text.replace(at, 4, name);
    return text;
}

}  // namespace

Result<std::filesystem::path> write_new_policy(const std::filesystem::path& dir, const std::string& name) {
    const bool is_name = !name.empty() && name.size() <= 40 &&
                         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
    if (!is_name) return fail(ErrorCode::invalid, "a name of 1…40 letters a-z, digits and _", name);
    const std::filesystem::path folder = dir / "detectors";
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) return fail(ErrorCode::io, error.message(), folder.string());
    const std::pair<std::filesystem::path, const char*> files[] = {
        {folder / (name + ".lua"), policy_text}, {folder / (name + ".test.lua"), test_text}};
    for (const auto& [file, text] : files)
        if (std::filesystem::exists(file, error))
            return fail(ErrorCode::invalid, "is there already", file.string(), "take another name");
    for (const auto& [file, text] : files)
        if (!(std::ofstream(file, std::ios::binary) << named(text, name)).flush())
            return fail(ErrorCode::io, "cannot be written", file.string());
    return files[0].first;
}

}  // namespace picket

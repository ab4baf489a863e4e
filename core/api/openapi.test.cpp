// SPDX-License-Identifier: Apache-2.0
// Proves that etc/openapi.yaml and the table of routes say the same, in both directions: paths, methods,
// summaries, query parameters, and what needs no token.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "core/api/fake_backend.test.hpp"
#include "core/api/openapi.hpp"

using namespace picket;
using namespace picket::test;

BOOST_AUTO_TEST_SUITE(openapi)

namespace {

struct Operation {
    std::string summary;
    std::set<std::string> query;
    bool open = false;
};
using Operations = std::map<std::string, Operation>;  // "GET /api/v1/status"

/// The part of YAML that our own file is written in: a path at two spaces, its methods at four.
Operations operations_of(std::string_view yaml) {
    const std::regex path("  (/\\S*):"), method("    (get|post|patch|delete):"),
        summary("      summary: (.*)"), param("        - \\{ name: (\\w+), in: query.*"),
        multi_line("        - name: (\\w+)"),
        shared(".*#/components/parameters/(since|until|limit|cursor).*");
    Operations out;
    Operation* now = nullptr;
    std::string at;
    std::istringstream lines{std::string(yaml.substr(0, yaml.find("\ncomponents:")))};
    for (std::string line; std::getline(lines, line);) {
        std::smatch found;
        if (std::regex_match(line, found, path)) {
            at = found[1];
            now = nullptr;
        } else if (std::regex_match(line, found, method)) {
            std::string name = found[1];
            std::transform(name.begin(), name.end(), name.begin(), ::toupper);
            now = &out[name + " " + at];
        } else if (now == nullptr) {
            continue;
        } else if (std::regex_match(line, found, summary)) {
            now->summary = found[1];
        } else if (std::regex_match(line, found, param) || std::regex_match(line, found, multi_line) ||
                   std::regex_match(line, found, shared)) {
            now->query.insert(found[1]);
        } else if (line == "      security: []") {
            now->open = true;
        }
    }
    return out;
}

Operations operations_of(const std::vector<Route>& routes) {
    Operations out;
    for (const Route& route : routes) {
        Operation& now = out[std::string(name_of(route.method)) + " " + std::string(route.path)];
        now.summary = route.summary;
        now.query = {route.query.begin(), route.query.end()};
        now.open = route.access == Access::open;
    }
    return out;
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(the_file_and_the_routes_agree, FakeDaemon) {
    const Operations described = operations_of(openapi_yaml()), served = operations_of(api.routes());
    BOOST_TEST(served.size() == api.routes().size());
    for (const auto& [name, operation] : described)
        BOOST_TEST(served.contains(name), name + " is not served");
    for (const auto& [name, operation] : served) {
        BOOST_TEST_CONTEXT(name) {
            const auto found = described.find(name);
            BOOST_REQUIRE((found != described.end()));
            BOOST_TEST(found->second.summary == operation.summary);
            BOOST_TEST(found->second.query == operation.query, boost::test_tools::per_element());
            BOOST_TEST(found->second.open == operation.open);
        }
    }
}

BOOST_FIXTURE_TEST_CASE(the_file_is_served_whole, FakeDaemon) {
    const Response out = ask("GET", "/api/v1/openapi.yaml");
    BOOST_TEST(out.content_type == "application/yaml");
    std::ifstream file(PICKET_SOURCE_DIR "/etc/openapi.yaml");
    BOOST_TEST((out.body == std::string(std::istreambuf_iterator<char>(file), {})));
}

BOOST_AUTO_TEST_SUITE_END()

// SPDX-License-Identifier: Apache-2.0
// Proves that plugins load only from where nobody else can write, that a wrong file is named with its reason
// while the others load, and that the template in examples/plugin goes through the same door.
#include "core/plugin/registry.hpp"

#include <dlfcn.h>
#include <link.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "core/plugin/fake_plugin.test.hpp"
#include "core/plugin/instance.hpp"
#include "core/plugin/options.hpp"
#include "core/plugin/paths.hpp"

using namespace picket;

namespace {

const std::filesystem::path template_so = PICKET_BUILD_DIR "/lib/picket/examples/plugin.so";

/// The file of a shared object that is no plugin.
std::filesystem::path some_library() {
    void* handle = dlopen("libm.so.6", RTLD_LAZY);
    const link_map* map = nullptr;
    BOOST_REQUIRE(handle != nullptr && dlinfo(handle, RTLD_DI_LINKMAP, &map) == 0);
    return map->l_name;
}

void copy_plugin(const test::TempDir& to, const std::string& name) {
    std::filesystem::copy_file(template_so, to.path() / name);
    chmod((to.path() / name).c_str(), 0644);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(registry)

BOOST_AUTO_TEST_CASE(the_template_plugin_loads) {
    const test::TempDir dir;
    copy_plugin(dir, "plugin.so");
    const auto found = PluginRegistry::scan(dir.path());
    BOOST_REQUIRE(found.has_value());
    BOOST_TEST(found->problems().empty());
    const picket_plugin* plugin = found->find("example");
    BOOST_REQUIRE(plugin != nullptr);
    BOOST_TEST(plugin->kinds == PICKET_KIND_ACTION);
    BOOST_TEST(plugin->option_count == 2u);
    BOOST_TEST(found->find("exampl") == nullptr);
}

BOOST_AUTO_TEST_CASE(the_template_plugin_does_what_it_teaches) {
    const test::TempDir dir;
    copy_plugin(dir, "plugin.so");
    const auto found = PluginRegistry::scan(dir.path());
    BOOST_REQUIRE(found.has_value() && found->find("example") != nullptr);
    const picket_plugin& plugin = *found->find("example");
    const auto options = complete_options(plugin, {{"held_max", {int64_t{1}, ""}}}, "action.example");
    std::vector<std::string> log;
    auto action =
        ActionInstance::create(plugin, options_json(plugin, options.values),
                               [&](picket_log_level, std::string_view text) { log.emplace_back(text); });
    BOOST_REQUIRE(action.has_value() && (*action)->start().has_value());

    ActionRequest other = test::request_for("198.51.100.7");
    other.id[0] = 2;
    BOOST_TEST((*action)->apply(test::request_for("192.0.2.1"), 0).status == PICKET_OK);
    BOOST_TEST((*action)->apply(test::request_for("192.0.2.1"), 0).status == PICKET_OK);
    BOOST_TEST((*action)->apply(other, 0).status == PICKET_PARK);
    BOOST_TEST((*action)->revert(test::request_for("192.0.2.1"), 0).status == PICKET_OK);
    BOOST_TEST((*action)->revert(test::request_for("192.0.2.1"), 0).status == PICKET_GONE);
    const std::vector<std::string> expected{"example: ready", "example: hold 192.0.2.1",
                                            "example: release 192.0.2.1"};
    BOOST_TEST(log == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_wrong_file_is_a_problem_and_the_others_load) {
    const test::TempDir dir;
    copy_plugin(dir, "a.so");
    (void)dir.write("b.so", std::string(5000, 'x'));
    std::filesystem::copy_file(some_library(), dir.path() / "c.so");
    chmod((dir.path() / "c.so").c_str(), 0644);
    copy_plugin(dir, "d.so");
    std::filesystem::create_symlink(template_so, dir.path() / "e.so");
    copy_plugin(dir, "f.so");
    chmod((dir.path() / "f.so").c_str(), 0664);
    std::filesystem::create_directory(dir.path() / "g.so");
    (void)dir.write("ignored.txt", "");

    const auto found = PluginRegistry::scan(dir.path());
    BOOST_REQUIRE(found.has_value());
    BOOST_TEST(found->libraries().size() == 1u);
    BOOST_TEST(found->libraries().front().path() == dir.path() / "a.so");

    struct Row {
        const char* file;
        const char* part;
    };
    const std::vector<Row> expected{
        {"b.so", "invalid ELF header"}, {"c.so", PICKET_ENTRY_NAME}, {"d.so", "second plugin named example"},
        {"e.so", "not a regular file"}, {"f.so", "chmod go-w"},      {"g.so", "not a regular file"}};
    BOOST_REQUIRE(found->problems().size() == expected.size());
    for (size_t i = 0; i < expected.size(); ++i) {
        const Error& problem = found->problems()[i];
        BOOST_TEST(problem.where == (dir.path() / expected[i].file).string());
        BOOST_TEST(problem.text().find(expected[i].part) != std::string::npos, problem.text());
    }
}

BOOST_AUTO_TEST_CASE(a_directory_that_others_can_write_to_is_refused) {
    for (const mode_t mode : {0775u, 0757u, 0777u}) {
        const test::TempDir dir;
        copy_plugin(dir, "a.so");
        chmod(dir.path().c_str(), mode);
        const auto found = PluginRegistry::scan(dir.path());
        BOOST_REQUIRE(!found.has_value());
        BOOST_TEST((found.error().code == ErrorCode::denied));
        BOOST_TEST(found.error().where == dir.path().string());
    }
}

BOOST_AUTO_TEST_CASE(what_belongs_to_another_user_is_refused) {
    if (geteuid() != 0) {
        BOOST_TEST_MESSAGE("skipped: only root can give files away");
        return;
    }
    constexpr uid_t nobody = 65534;
    const test::TempDir dir;
    copy_plugin(dir, "a.so");
    BOOST_REQUIRE(chown((dir.path() / "a.so").c_str(), nobody, nobody) == 0);
    const auto found = PluginRegistry::scan(dir.path());
    BOOST_REQUIRE(found.has_value());
    BOOST_REQUIRE(found->problems().size() == 1u);
    BOOST_TEST(found->problems()[0].what.find("belongs to user 65534") != std::string::npos);

    BOOST_REQUIRE(chown(dir.path().c_str(), nobody, nobody) == 0);
    BOOST_TEST((PluginRegistry::scan(dir.path()).error().code == ErrorCode::denied));
}

BOOST_AUTO_TEST_CASE(a_directory_that_is_not_there_is_an_error) {
    const auto found = PluginRegistry::scan("/nonexistent/plugins");
    BOOST_REQUIRE(!found.has_value());
    BOOST_TEST((found.error().code == ErrorCode::not_found));
}

BOOST_AUTO_TEST_CASE(the_default_places_are_relative_to_the_program) {
    BOOST_TEST(default_plugin_dir() == std::filesystem::path(PICKET_BUILD_DIR) / "lib/picket/plugins");
    BOOST_TEST(default_policies_dir() == std::filesystem::path(PICKET_BUILD_DIR) / "share/picket/policies");
}

BOOST_AUTO_TEST_SUITE_END()

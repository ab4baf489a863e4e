// SPDX-License-Identifier: Apache-2.0
// Proves which files give a secret, and that no message about one, or about an option that holds one, shows
// it.
#include "core/config/secret_file.hpp"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>

#include "core/config/config.hpp"

using namespace picket;

BOOST_AUTO_TEST_SUITE(secret_file)

namespace {

class Folder {
  public:
    Folder() {
        char name[] = "/tmp/picket-secret-XXXXXX";
        path = mkdtemp(name);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { std::filesystem::remove_all(path); }

    [[nodiscard]] std::filesystem::path file(const std::string& text, mode_t mode = 0600) const {
        const auto out = path / "token";
        std::ofstream(out, std::ios::binary) << text;
        chmod(out.c_str(), mode);
        return out;
    }
    std::filesystem::path path;
};

}  // namespace

BOOST_AUTO_TEST_CASE(the_line_break_at_the_end_is_not_part_of_it) {
    const Folder folder;
    for (const char* text : {"hunter2", "hunter2\n", "hunter2\r\n"}) {
        const auto secret = read_secret_file(folder.file(text));
        BOOST_TEST_REQUIRE(secret.has_value());
        BOOST_TEST(secret->reveal() == "hunter2");
    }
    const auto longest = read_secret_file(folder.file(std::string(secret_bytes_max, 'x') + "\r\n"));
    BOOST_TEST_REQUIRE(longest.has_value());
    BOOST_TEST(longest->reveal().size() == secret_bytes_max);
}

BOOST_AUTO_TEST_CASE(a_file_that_everybody_may_read_is_refused_with_the_command_that_helps) {
    const Folder folder;
    const auto path = folder.file("hunter2", 0644);
    const auto secret = read_secret_file(path);
    BOOST_TEST_REQUIRE(!secret.has_value());
    BOOST_TEST((secret.error().code == ErrorCode::denied));
    BOOST_TEST(secret.error().hint == "chmod o-rwx " + path.string());
    BOOST_TEST(read_secret_file(folder.file("hunter2", 0640)).has_value());
}

BOOST_AUTO_TEST_CASE(what_is_no_line_of_text_is_refused_and_not_shown) {
    const Folder folder;
    const std::string cases[]{"", "\n", "hunter2\nhunter3\n", std::string("hunter2\0", 8),
                              "hunter2" + std::string(secret_bytes_max, 'x')};
    for (const std::string& text : cases) {
        const auto secret = read_secret_file(folder.file(text));
        BOOST_TEST_REQUIRE(!secret.has_value());
        BOOST_TEST(secret.error().text().find("hunter") == std::string::npos, secret.error().text());
    }
    BOOST_TEST((read_secret_file(folder.path).error().code == ErrorCode::invalid));
    BOOST_TEST((read_secret_file(folder.path / "none").error().code == ErrorCode::not_found));
}

BOOST_AUTO_TEST_CASE(a_credential_is_found_where_systemd_puts_it) {
    const Folder folder;
    unsetenv("CREDENTIALS_DIRECTORY");
    BOOST_TEST(!credential_path("token").has_value());
    setenv("CREDENTIALS_DIRECTORY", folder.path.c_str(), 1);
    BOOST_TEST(!credential_path("token").has_value());
    const auto path = folder.file("hunter2", 0400);
    BOOST_TEST_REQUIRE(credential_path("token").has_value());
    BOOST_TEST(*credential_path("token") == path);
    unsetenv("CREDENTIALS_DIRECTORY");
}

BOOST_AUTO_TEST_CASE(an_option_with_a_secret_shows_it_neither_in_an_error_nor_in_the_dump) {
    OptionSpec spec;
    spec.name = "smtp_password";
    spec.type = OptionType::text_list;
    BOOST_TEST(check_option(spec, RawValue(std::string("hunter2"))).error().what ==
               "a list of texts such as [\"a\", \"b\"], is ***");
    spec.type = OptionType::prefixes;
    BOOST_TEST(
        check_option(spec, RawValue(std::vector<std::string>{"hunter2"})).error().text().find("hunter") ==
        std::string::npos);

    const ConfigResult result =
        parse_config({{"x.toml", "[action.hook]\ntoken = \"hunter2\"\nurl = \"http://h\"\n"}});
    BOOST_TEST(result.problems.empty());
    const std::string dump = dump_config(result.config);
    BOOST_TEST(dump.find("hunter2") == std::string::npos);
    BOOST_TEST(dump.find("token = \"***\"") != std::string::npos);
    BOOST_TEST(dump.find("url = \"http://h\"") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

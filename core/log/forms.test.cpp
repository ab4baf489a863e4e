// SPDX-License-Identifier: Apache-2.0
// Proves what a message looks like in each form, that nothing in it can make it two, and which form is
// chosen.
#include "core/log/forms.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <fmt/format.h>

using namespace picket;

BOOST_AUTO_TEST_SUITE(forms)

namespace {

constexpr std::array fields{LogField{"incident", "00ff"}, LogField{"subject", "10.0.0.5"}};
const LogEntry opened{PICKET_LOG_WARNING, "incident 00ff opened", "store", fields};
const LogEntry hostile{PICKET_LOG_ERROR, "a\nPRIORITY=0\x1b[2J", "x\ny", {}};

}  // namespace

BOOST_AUTO_TEST_CASE(a_line_names_the_component) {
    BOOST_TEST(log_line(opened) == "store: incident 00ff opened");
    BOOST_TEST(log_line({PICKET_LOG_INFO, "starts", "", {}}) == "starts");
    BOOST_TEST(log_line(hostile) == "x?y: a?PRIORITY=0?[2J");
}

BOOST_AUTO_TEST_CASE(an_object_has_time_level_component_message_and_fields) {
    BOOST_TEST(log_json(opened, 1'700'000'000'123'000'000) ==
               R"({"time":"2023-11-14T22:13:20.123Z","level":"warning","component":"store",)"
               R"("message":"incident 00ff opened","incident":"00ff","subject":"10.0.0.5"})");
    const auto back = nlohmann::json::parse(log_json(hostile, 0));
    BOOST_TEST(back.at("message") == "a?PRIORITY=0?[2J");
    BOOST_TEST(log_json(hostile, 0).find('\n') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_text_do_not_break_the_object) {
    const LogEntry entry{PICKET_LOG_INFO, "caf\xe9 \xff", "", {}};
    BOOST_TEST(nlohmann::json::parse(log_json(entry, 0)).at("message") == "caf\uFFFD \uFFFD");
}

BOOST_AUTO_TEST_CASE(a_field_cannot_take_the_place_of_the_message) {
    constexpr std::array false_one{LogField{"message", "all is well"}};
    const LogEntry entry{PICKET_LOG_ERROR, "fire", "", false_one};
    BOOST_TEST(nlohmann::json::parse(log_json(entry, 0)).at("message") == "fire");
}

BOOST_AUTO_TEST_CASE(the_journal_gets_its_fields) {
    const std::vector<std::string> expected{"MESSAGE=store: incident 00ff opened",
                                            "PRIORITY=4",
                                            "SYSLOG_IDENTIFIER=picket",
                                            "PICKET_COMPONENT=store",
                                            "PICKET_INCIDENT=00ff",
                                            "PICKET_SUBJECT=10.0.0.5"};
    BOOST_TEST(log_journal_fields(opened) == expected, boost::test_tools::per_element());
    for (const std::string& field : log_journal_fields(hostile))
        BOOST_TEST(field.find('\n') == std::string::npos);
    constexpr std::array odd{LogField{"dst-port=x\n", "80"}};
    BOOST_TEST(log_journal_fields({PICKET_LOG_INFO, "", "", odd}).back() == "PICKET_DST_PORT_X_=80");
}

BOOST_AUTO_TEST_CASE(each_level_has_its_priority) {
    for (const auto& [level, priority] :
         {std::pair{PICKET_LOG_DEBUG, "7"}, std::pair{PICKET_LOG_INFO, "6"},
          std::pair{PICKET_LOG_WARNING, "4"}, std::pair{PICKET_LOG_ERROR, "3"}})
        BOOST_TEST(log_journal_fields({level, "", "", {}})[1] == std::string("PRIORITY=") + priority);
}

BOOST_AUTO_TEST_CASE(a_long_message_is_cut_between_characters) {
    std::string text(log_text_bytes_max - 1, 'x');
    text += "é and more";
    const std::string line = log_line({PICKET_LOG_INFO, text, "", {}});
    BOOST_TEST(line == std::string(log_text_bytes_max - 1, 'x') + "…");
}

BOOST_AUTO_TEST_CASE(auto_is_the_journal_only_where_standard_error_is_connected_to_it) {
    BOOST_TEST((log_form("auto", true) == LogForm::journal));
    BOOST_TEST((log_form("auto", false) == LogForm::text));
    BOOST_TEST((log_form("text", true) == LogForm::text));
    BOOST_TEST((log_form("json", true) == LogForm::json));
    BOOST_TEST((log_form("journal", false) == LogForm::journal));
}

BOOST_AUTO_TEST_CASE(the_journals_stream_is_known_by_device_and_inode) {
    std::array<int, 2> pipe_ends{};
    BOOST_TEST_REQUIRE(pipe(pipe_ends.data()) == 0);
    struct stat file {};
    fstat(pipe_ends[1], &file);
    const std::string name = fmt::format("{}:{}", file.st_dev, file.st_ino);
    BOOST_TEST(is_journal(name.c_str(), pipe_ends[1]));
    BOOST_TEST(!is_journal((name + "0").c_str(), pipe_ends[1]));
    BOOST_TEST(!is_journal("", pipe_ends[1]));
    BOOST_TEST(!is_journal(nullptr, pipe_ends[1]));
    BOOST_TEST(!is_journal(name.c_str(), -1));
    for (const int end : pipe_ends) close(end);
}

BOOST_AUTO_TEST_SUITE_END()

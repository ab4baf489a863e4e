// SPDX-License-Identifier: Apache-2.0
// Proves what the progress bar and the colours look like, and which exit code an error leads to.
#include <boost/test/unit_test.hpp>

#include "core/terminal/command.hpp"
#include "core/terminal/terminal.hpp"

using namespace picket;

BOOST_AUTO_TEST_SUITE(terminal)

BOOST_AUTO_TEST_CASE(the_bar_shows_the_fraction_and_never_leaves_its_frame) {
    BOOST_TEST(progress_text(0, 0) == "[------------------------------]   0 %  0 packets");
    BOOST_TEST(progress_text(0.5, 1234) == "[###############---------------]  50 %  1,234 packets");
    BOOST_TEST(progress_text(1, 5) == "[##############################] 100 %  5 packets");
    BOOST_TEST(progress_text(1.5, 5) == progress_text(1, 5));
    BOOST_TEST(progress_text(-1, 5) == progress_text(0, 5));
}

BOOST_AUTO_TEST_CASE(without_colours_a_text_stays_as_it_is) {
    BOOST_TEST(coloured(Severity::critical, "x", false) == "x");
    BOOST_TEST(coloured(Severity::high, "x", true) == "\x1b[31mx\x1b[0m");
}

BOOST_AUTO_TEST_CASE(a_wrong_input_is_told_from_a_failing_system) {
    struct Case {
        ErrorCode code;
        ExitCode expected;
    };
    const std::vector<Case> cases{
        {ErrorCode::invalid, exit_input}, {ErrorCode::not_found, exit_input},
        {ErrorCode::io, exit_input},      {ErrorCode::limit, exit_input},
        {ErrorCode::denied, exit_failed}, {ErrorCode::internal, exit_failed},
    };
    for (const Case& c : cases) BOOST_TEST(exit_code_of(Error{c.code, "x", {}, {}}) == c.expected);
}

BOOST_AUTO_TEST_SUITE_END()

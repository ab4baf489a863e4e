// SPDX-License-Identifier: Apache-2.0
// Proves that a secret is not shown by being printed, and what equals it.
#include "core/model/secret.hpp"

#include <boost/test/unit_test.hpp>
#include <sstream>

#include <fmt/ostream.h>

using namespace picket;

BOOST_AUTO_TEST_SUITE(secret)

BOOST_AUTO_TEST_CASE(however_it_is_printed_it_is_not_shown) {
    const Secret token("hunter2");
    BOOST_TEST(fmt::format("{} {:>5}", token, token) == "***   ***");
    std::ostringstream out;
    out << token;
    BOOST_TEST(out.str() == "***");
    BOOST_TEST(token.reveal() == "hunter2");
}

BOOST_AUTO_TEST_CASE(only_the_same_text_equals_it_and_nothing_an_empty_one) {
    const Secret token("hunter2");
    BOOST_TEST(token.equals("hunter2"));
    for (const char* wrong : {"", "hunter", "hunter3", "hunter2hunter2", "Hunter2", "hunter2 "})
        BOOST_TEST(!token.equals(wrong), wrong);
    BOOST_TEST(!Secret().equals(""));
}

BOOST_AUTO_TEST_CASE(one_that_was_moved_from_holds_nothing) {
    Secret first("hunter2");
    const Secret second = std::move(first);
    BOOST_TEST(second.equals("hunter2"));
    BOOST_TEST(first.empty());  // NOLINT(bugprone-use-after-move): that is what is proved
    Secret third;
    third = second;
    BOOST_TEST(third.equals("hunter2"));
}

BOOST_AUTO_TEST_CASE(options_with_secrets_are_known_by_their_name) {
    for (const char* name : {"token", "secret", "password", "smtp_password", "api.token", "bearer-token"})
        BOOST_TEST(is_secret_name(name), name);
    for (const char* name : {"", "token_file", "tokens", "secretary", "passwords_max", "user"})
        BOOST_TEST(!is_secret_name(name), name);
}

BOOST_AUTO_TEST_SUITE_END()

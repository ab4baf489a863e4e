// SPDX-License-Identifier: Apache-2.0
// Proves that columns line up whatever stands in them, and that content cannot drive the terminal.
#include <boost/test/unit_test.hpp>

#include "core/terminal/table.hpp"

using namespace picket;

BOOST_AUTO_TEST_SUITE(table)

BOOST_AUTO_TEST_CASE(columns_are_as_wide_as_their_widest_cell) {
    const std::string text =
        table_text({{"name", 0, false}, {"count", 0, true}, {"note", 0, false}},
                   {{"a", "1", "x"}, {"long → name", "12345678", ""}, {"é", "20", "y"}}, false);
    BOOST_TEST(text == "name            count  note\n"
                       "a                   1  x\n"
                       "long → name  12345678  \n"
                       "é                  20  y\n");
}

BOOST_AUTO_TEST_CASE(a_long_cell_only_pushes_its_own_row) {
    const std::vector<Column> columns{{"a", 3, false}, {"b", 0, false}};
    BOOST_TEST(table_row(columns, {"12345", "x"}) == "12345  x\n");
    BOOST_TEST(table_row(columns, {"1", "x"}) == "1    x\n");
    BOOST_TEST(table_row(columns, {"1"}) == "1    \n");
}

BOOST_AUTO_TEST_CASE(content_cannot_drive_the_terminal) {
    const std::string row = table_row({{"a", 0, false}}, {"x\x1b[31m\r\n\ty\x7f"});
    BOOST_TEST(row == "x?[31m???y?\n");
}

BOOST_AUTO_TEST_CASE(colours_are_only_in_the_head) {
    BOOST_TEST(table_text({{"a", 0, false}}, {{"b"}}, true) == "\x1b[1ma\x1b[0m\nb\n");
}

BOOST_AUTO_TEST_CASE(numbers_are_grouped_by_thousands) {
    BOOST_TEST(grouped(0) == "0");
    BOOST_TEST(grouped(999) == "999");
    BOOST_TEST(grouped(1000) == "1,000");
    BOOST_TEST(grouped(1234567) == "1,234,567");
    BOOST_TEST(grouped(18446744073709551615u) == "18,446,744,073,709,551,615");
}

BOOST_AUTO_TEST_SUITE_END()

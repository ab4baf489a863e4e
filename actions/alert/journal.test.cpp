// SPDX-License-Identifier: Apache-2.0
// Proves which fields an alert has in the journal.
#include "actions/alert/journal.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using picket::alert::journal_fields;

BOOST_AUTO_TEST_SUITE(journal)

BOOST_AUTO_TEST_CASE(a_finding_has_all_fields) {
    const auto event = nlohmann::ordered_json::parse(
        R"({"type":"port_scan","subject":"10.0.0.5","target":"203.0.113.9","policy":"scan","severity":"high",
            "incident":"00ff","reason":"200 ports\nin 4 s"})");
    const std::vector<std::string> expected{
        "SYSLOG_IDENTIFIER=picket", "MESSAGE=200 ports\nin 4 s", "PRIORITY=3",
        "PICKET_TYPE=port_scan",    "PICKET_SUBJECT=10.0.0.5",   "PICKET_TARGET=203.0.113.9",
        "PICKET_POLICY=scan",       "PICKET_INCIDENT=00ff",      "PICKET_SEVERITY=high"};
    BOOST_TEST(journal_fields(event, "unused") == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_is_missing_or_of_another_type_does_no_harm) {
    const auto event = nlohmann::ordered_json::parse(R"({"type":7,"subject":null,"severity":{"a":1}})");
    const std::vector<std::string> expected{"SYSLOG_IDENTIFIER=picket", "MESSAGE=the reason", "PRIORITY=4",
                                            "PICKET_TYPE=7", "PICKET_SEVERITY={\"a\":1}"};
    BOOST_TEST(journal_fields(event, "the reason") == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(each_severity_has_its_priority) {
    for (const auto& [severity, priority] :
         {std::pair{"info", "6"}, std::pair{"low", "5"}, std::pair{"medium", "4"}, std::pair{"high", "3"},
          std::pair{"critical", "2"}}) {
        const auto fields = journal_fields({{"severity", severity}}, "");
        BOOST_TEST(fields[2] == std::string("PRIORITY=") + priority);
    }
}

BOOST_AUTO_TEST_SUITE_END()

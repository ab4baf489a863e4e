// SPDX-License-Identifier: Apache-2.0
// Proves that two streams of incidents are compared by what they are about, that what was going on before is
// no difference, and that the book is bounded.
#include <boost/test/unit_test.hpp>

#include "core/response/incident_diff.hpp"

using namespace picket;

namespace {

Incident incident(const std::string& subject, uint64_t opened_ns) {
    Incident out;
    out.type = "scan";
    out.subject = subject;
    out.opened_ns = opened_ns;
    return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(incident_diff)

BOOST_AUTO_TEST_CASE(each_incident_is_added_dropped_moved_or_the_same) {
    IncidentDiff diff;
    diff.begin_with(incident("went_on", 1));
    diff.begin_with(incident("went_on_alone", 1));
    for (const auto& [subject, live_ns, candidate_ns] :
         {std::tuple{"added", 0, 5}, {"dropped", 5, 0}, {"moved", 5, 6}, {"same", 5, 5}, {"went_on", 0, 7}}) {
        if (live_ns != 0) diff.live().on_incident(incident(subject, static_cast<uint64_t>(live_ns)));
        if (candidate_ns != 0)
            diff.candidate().on_incident(incident(subject, static_cast<uint64_t>(candidate_ns)));
    }
    std::string found;
    for (const DiffEntry& entry : diff.differences())
        found += entry.subject + ":" + std::string(name_of(entry.kind())) + " ";
    BOOST_TEST(found == "added:added dropped:dropped moved:moved went_on_alone:dropped ");
    BOOST_TEST((diff.counts() == std::array<size_t, 4>{1, 2, 1, 2}));
}

BOOST_AUTO_TEST_CASE(one_that_closes_is_not_another_one) {
    IncidentDiff diff;
    Incident one = incident("a", 5);
    diff.candidate().on_incident(one);
    one.closed_ns = 9;
    diff.candidate().on_incident(one);
    BOOST_TEST(diff.differences().at(0).candidate.incidents == 1u);
    diff.candidate().on_incident(incident("a", 20));
    BOOST_TEST(diff.differences().at(0).candidate.incidents == 2u);
    BOOST_TEST(diff.differences().at(0).candidate.opened_ns == 5u);
}

BOOST_AUTO_TEST_CASE(what_finds_no_room_is_counted) {
    IncidentDiff diff(2);
    for (const char* subject : {"a", "b", "c", "a"}) diff.live().on_incident(incident(subject, 5));
    BOOST_TEST(diff.differences().size() == 2u);
    BOOST_TEST(diff.not_kept() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

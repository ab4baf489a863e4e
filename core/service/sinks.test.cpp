// SPDX-License-Identifier: Apache-2.0
// Proves that events reach every sink in order, that what the store is given can be read from it, that
// streams get what the store has, and that a latency is never negative.
#include "core/service/sinks.hpp"

#include <boost/test/unit_test.hpp>

#include "core/plugin/fake_plugin.test.hpp"

using namespace picket;

BOOST_AUTO_TEST_SUITE(sinks)

namespace {

struct Recorder final : EventSink {
    Recorder(char of, std::string& in)
        : name(of)
        , calls(in) {}
    void on_finding(const Finding&, const Incident&) override { calls += {name, 'f', ' '}; }
    void on_incident(const Incident&) override { calls += {name, 'i', ' '}; }
    char name;
    std::string& calls;
};

Incident incident_with(char id) {
    Incident out;
    out.id = std::string(16, id);
    out.type = "talk";
    out.subject = "10.0.0.5";
    out.opened_ns = out.last_ns = 1'700'000'000'000'000'000;
    out.findings = 1;
    return out;
}

Finding finding_of(const Incident& incident) {
    Finding out;
    out.time_ns = incident.last_ns;
    out.type = incident.type;
    out.subject = incident.subject;
    return out;
}

struct WithStore {
    test::TempDir folder;
    std::unique_ptr<Store> store;
    explicit WithStore(size_t queue_max = 100) {
        StoreConfig config;
        config.queue_max = queue_max;
        config.dir = folder.path() / "store";
        config.size_max_bytes = 16 << 20;
        store = Store::open(config).value();
    }
};

}  // namespace

BOOST_AUTO_TEST_CASE(each_sink_is_told_in_order) {
    std::string calls;
    Recorder a('a', calls), b('b', calls);
    FanOut out({&a, &b});
    out.on_incident(incident_with('1'));
    out.on_finding(finding_of(incident_with('1')), incident_with('1'));
    BOOST_TEST(calls == "ai bi af bf ");
}

BOOST_AUTO_TEST_CASE(an_incident_and_its_finding_can_be_read_from_the_store) {
    WithStore with;
    StoreSink sink(*with.store);
    Incident incident = incident_with('1');
    sink.on_incident(incident);
    incident.findings = 2;
    sink.on_finding(finding_of(incident), incident);
    BOOST_TEST_REQUIRE(with.store->flush().has_value());
    const auto kept = with.store->incident(incident.id);
    BOOST_TEST_REQUIRE(kept->has_value());
    BOOST_TEST((*kept)->incident.findings == 2U);
    RecordQuery query;
    query.incident = incident.id;
    BOOST_TEST(with.store->findings(query)->items.size() == 1U);
}

/// What a client of the stream has got so far.
std::string text_of(EventStream& stream) {
    std::string out;
    while (auto text = stream.next()) {
        if (text->empty()) break;
        out += *text;
    }
    return out;
}

BOOST_AUTO_TEST_CASE(a_stream_tells_of_an_incident_when_the_store_has_it) {
    WithStore with;
    EventHub hub;
    StoreSink keep(*with.store);
    HubSink tell(hub, *with.store);
    const auto stream = hub.subscribe();
    std::vector<int> kept;  // the writer's until the flush
    stream->on_ready([&] { kept.push_back(with.store->incident(incident_with('1').id)->has_value()); });
    FanOut events({&keep, &tell});
    events.on_finding(finding_of(incident_with('1')), incident_with('1'));
    events.on_incident(incident_with('1'));
    BOOST_TEST_REQUIRE(with.store->flush().has_value());
    BOOST_TEST(kept == (std::vector<int>{1, 1}), boost::test_tools::per_element());
    const std::string text = text_of(*stream);
    BOOST_TEST(text.find("event: finding") < text.find("event: incident"), text);
    BOOST_TEST(text.find("event: incident") != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(a_stream_shows_what_people_made_of_an_incident_that_closes) {
    WithStore with;
    EventHub hub;
    HubSink tell(hub, *with.store);
    const auto stream = hub.subscribe();
    Incident incident = incident_with('1');
    with.store->put(incident);
    BOOST_TEST(
        with.store->change({incident.id}, {IncidentStatus::acknowledged, "known"}, {"ops", 1}).has_value());
    incident.closed_ns = incident.last_ns + 1;
    with.store->put(incident);
    tell.on_incident(incident);
    BOOST_TEST_REQUIRE(with.store->flush().has_value());
    const std::string text = text_of(*stream);
    for (const char* part : {R"("status":"acknowledged")", R"("note":"known")", R"("active":false)"})
        BOOST_TEST(text.find(part) != std::string::npos, part << " in " << text);
}

BOOST_AUTO_TEST_CASE(what_the_store_has_no_room_for_is_told_at_once) {
    WithStore with(0);
    EventHub hub;
    HubSink tell(hub, *with.store);
    const auto stream = hub.subscribe();
    tell.on_finding(finding_of(incident_with('1')), incident_with('1'));
    tell.on_incident(incident_with('1'));
    const std::string text = text_of(*stream);
    BOOST_TEST(text.find("event: finding") != std::string::npos, text);
    BOOST_TEST(text.find("event: incident") != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(a_latency_is_not_negative_when_the_clock_goes_back) {
    BOOST_TEST(LatencySink::seconds_since(1'000'000'000, 3'500'000'000) == 2.5);
    BOOST_TEST(LatencySink::seconds_since(3'500'000'000, 1'000'000'000) == 0);
}

BOOST_AUTO_TEST_CASE(each_finding_is_one_observation_and_an_incident_none) {
    DaemonMetrics metrics;
    LatencySink sink(metrics, 100'000'000);
    sink.on_incident(incident_with('1'));
    for (int i = 0; i < 3; ++i) sink.on_finding(finding_of(incident_with('1')), incident_with('1'));
    BOOST_TEST(metrics.text({}, {}, {}).find("picket_finding_latency_seconds_count 3") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

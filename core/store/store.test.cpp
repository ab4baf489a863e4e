// SPDX-License-Identifier: Apache-2.0
// Proves that the store gives back what it was given, in every order and page by page, keeps what people
// said, lets go of what is old, and survives being closed, filled and damaged.
#include "core/store/store.hpp"

#include <unistd.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <random>

using namespace picket;
namespace fs = std::filesystem;

namespace {

constexpr uint64_t second = 1'000'000'000;
constexpr uint64_t day = 86'400 * second;
constexpr uint64_t start = 1'700'000'000 * second;

/// A store in a folder that goes away with the test.
struct Bench {
    fs::path dir = fs::temp_directory_path() / ("picket-store-" + std::to_string(getpid()));
    StoreConfig config;
    std::unique_ptr<Store> store;

    Bench() {
        fs::remove_all(dir);
        config.dir = dir;
        open();
    }
    ~Bench() {
        store.reset();
        fs::remove_all(dir);
    }
    Bench(const Bench&) = delete;
    Bench& operator=(const Bench&) = delete;

    void open() {
        store.reset();
        store = Store::open(config).value();
    }
    void put(const Incident& incident) {
        BOOST_REQUIRE(store->put(incident));
        BOOST_REQUIRE(store->flush().has_value());
    }
    std::vector<std::string> ids(IncidentQuery query) {
        std::vector<std::string> out;
        do {
            const auto page = store->incidents(query);
            BOOST_REQUIRE(page.has_value());
            for (const IncidentRecord& record : page->items) out.push_back(record.incident.id);
            query.cursor = page->next;
        } while (!query.cursor.empty());
        return out;
    }
};

Incident incident(const std::string& id, uint64_t opened_ns = start) {
    Incident out;
    out.id = id;
    out.type = "port_scan";
    out.subject = "10.0.0.5";
    out.policy = "port_scan";
    out.opened_ns = out.last_ns = opened_ns;
    out.findings = 1;
    out.targets = {"203.0.113.9"};
    out.peaks = {{"ports", 100.5}};
    return out;
}

Finding finding(uint64_t time_ns, const std::string& reason) {
    Finding out;
    out.time_ns = time_ns;
    out.type = "port_scan";
    out.subject = "10.0.0.5";
    out.policy = "port_scan";
    out.reason = reason;
    out.measures = {{"ports", 100}};
    out.limits = {{"ports", 99}};
    return out;
}

/// The order and the filters of IncidentQuery, said once more in the simplest way.
std::vector<std::string> model(std::vector<IncidentRecord> all, const IncidentQuery& query) {
    std::erase_if(all, [&](const IncidentRecord& record) {
        const Incident& in = record.incident;
        const bool status = query.statuses.empty() || std::ranges::count(query.statuses, record.status) > 0;
        return !status || (query.type && in.type != *query.type) ||
               (query.subject && in.subject != *query.subject) ||
               (query.active && in.active() != *query.active) ||
               (query.severity_min && in.severity < *query.severity_min) ||
               (query.since_ns && in.opened_ns < *query.since_ns) ||
               (query.until_ns && in.opened_ns >= *query.until_ns);
    });
    const auto key = [&](const IncidentRecord& record) {
        const Incident& in = record.incident;
        const uint64_t values[]{in.opened_ns, in.last_ns, static_cast<uint64_t>(in.severity), in.findings};
        return std::tuple(values[static_cast<size_t>(query.sort)], in.opened_ns, in.id);
    };
    std::ranges::sort(all, {}, key);
    if (query.descending) std::ranges::reverse(all);
    std::vector<std::string> out;
    for (const IncidentRecord& record : all) out.push_back(record.incident.id);
    return out;
}

const Actor ops{"uid:1000 (ops)", start + day};

}  // namespace

BOOST_AUTO_TEST_SUITE(store)

BOOST_AUTO_TEST_CASE(an_incident_comes_back_as_it_was_put_also_after_a_restart) {
    Bench bench;
    Incident in = incident("00ff");
    in.severity = Severity::critical;
    in.confidence = 0.75;
    in.reason = "a \"reason\" with \n and \xff";
    in.closed_ns = start + 5;
    in.targets_more = 7;
    bench.put(in);
    for (int round = 0; round < 2; ++round) {
        const auto record = bench.store->incident("00ff");
        BOOST_REQUIRE(record.has_value());
        BOOST_REQUIRE(record->has_value());
        const Incident& out = (*record)->incident;
        BOOST_TEST(out.type == in.type);
        BOOST_TEST(out.reason == in.reason);
        BOOST_TEST((out.severity == in.severity));
        BOOST_TEST(out.confidence == in.confidence);
        BOOST_TEST(out.closed_ns == in.closed_ns);
        BOOST_TEST(out.targets == in.targets);
        BOOST_TEST(out.targets_more == 7U);
        BOOST_TEST((out.peaks == in.peaks));
        BOOST_TEST(((*record)->status == IncidentStatus::open));
        bench.open();
    }
    BOOST_TEST(!bench.store->incident("no such")->has_value());
}

BOOST_AUTO_TEST_CASE(every_sort_and_filter_gives_what_the_model_gives_whatever_the_page_size) {
    Bench bench;
    std::mt19937 random(7);
    std::vector<IncidentRecord> all;
    for (int i = 0; i < 300; ++i) {
        IncidentRecord record;
        Incident& in = record.incident;
        in = incident(std::to_string(1000 + i), start + random() % 50 * second);
        in.last_ns = in.opened_ns + random() % 20 * second;
        in.closed_ns = random() % 2 == 0 ? 0 : in.last_ns + second;
        in.type = random() % 3 == 0 ? "syn_flood" : "port_scan";
        in.subject = "10.0.0." + std::to_string(random() % 5);
        in.severity = static_cast<Severity>(random() % 5);
        in.findings = random() % 10;
        record.status = static_cast<IncidentStatus>(random() % 5);
        bench.store->put(in);
        all.push_back(record);
    }
    BOOST_REQUIRE(bench.store->flush().has_value());
    for (const IncidentRecord& record : all)
        BOOST_REQUIRE(bench.store->change({record.incident.id}, {record.status, {}}, ops).has_value());
    for (int i = 0; i < 200; ++i) {
        IncidentQuery query;
        query.sort = static_cast<IncidentSort>(random() % 4);
        query.descending = random() % 2 == 0;
        query.limit = 1 + random() % 120;
        if (random() % 3 == 0) query.statuses = {IncidentStatus::open, IncidentStatus::archived};
        if (random() % 3 == 0) query.type = "syn_flood";
        if (random() % 3 == 0) query.subject = "10.0.0.3";
        if (random() % 3 == 0) query.active = random() % 2 == 0;
        if (random() % 3 == 0) query.severity_min = static_cast<Severity>(random() % 5);
        if (random() % 3 == 0) query.since_ns = start + random() % 50 * second;
        if (random() % 3 == 0) query.until_ns = start + random() % 50 * second;
        BOOST_TEST(bench.ids(query) == model(all, query), boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(a_page_goes_on_where_it_ended_while_others_come_and_go) {
    Bench bench;
    for (int i = 0; i < 10; ++i) bench.put(incident(std::to_string(i), start + static_cast<uint64_t>(i)));
    IncidentQuery query;
    query.limit = 4;
    query.descending = false;
    const auto first = bench.store->incidents(query).value();
    BOOST_REQUIRE(bench.store->remove({"2", "5"}, ops).has_value());
    bench.put(incident("early", start - 1));
    bench.put(incident("late", start + 100));
    query.cursor = first.next;
    BOOST_TEST((bench.ids(query) == std::vector<std::string>{"4", "6", "7", "8", "9", "late"}));
}

BOOST_AUTO_TEST_CASE(a_text_that_is_no_cursor_is_refused) {
    Bench bench;
    for (int i = 0; i < 3; ++i) bench.put(incident(std::to_string(i)));
    IncidentQuery query;
    query.limit = 1;
    const std::string good = bench.store->incidents(query)->next;
    BOOST_REQUIRE(!good.empty());
    query.sort = IncidentSort::last;
    for (const std::string& wrong : {good, std::string("x"), std::string("00"), good + "zz", good.substr(1),
                                     std::string(5000, '0'), std::string("\0", 1)}) {
        query.cursor = wrong;
        const auto page = bench.store->incidents(query);
        BOOST_REQUIRE(!page.has_value());
        BOOST_TEST((page.error().code == ErrorCode::invalid));
    }
}

BOOST_AUTO_TEST_CASE(what_people_said_stays_when_the_detectors_say_more) {
    Bench bench;
    bench.put(incident("a"));
    const auto changed = bench.store->change({"a", "b"}, {IncidentStatus::acknowledged, "looking"}, ops);
    BOOST_REQUIRE(changed.has_value());
    BOOST_TEST(changed->changed.size() == 1U);
    BOOST_TEST((changed->missing == std::vector<std::string>{"b"}));
    Incident more = incident("a");
    more.findings = 9;
    bench.put(more);
    const IncidentRecord record = bench.store->incident("a")->value();
    BOOST_TEST(record.incident.findings == 9U);
    BOOST_TEST((record.status == IncidentStatus::acknowledged));
    BOOST_TEST(record.note == "looking");
    BOOST_TEST(record.changed_by == ops.name);
    BOOST_TEST(record.changed_ns == ops.time_ns);
}

BOOST_AUTO_TEST_CASE(each_change_is_in_the_audit_once_with_before_and_after) {
    Bench bench;
    bench.put(incident("a"));
    BOOST_REQUIRE(bench.store->change({"a"}, {IncidentStatus::resolved, "done"}, ops).has_value());
    BOOST_REQUIRE(bench.store->change({"a"}, {IncidentStatus::resolved, "done"}, ops).has_value());
    BOOST_REQUIRE(bench.store->remove({"a", "zz"}, ops).has_value());
    BOOST_REQUIRE(bench.store->add_audit({0, start, "SIGHUP", "config.reload", "", "", "ok"}).has_value());
    RecordQuery query;
    query.ascending = true;
    const auto page = bench.store->audit(query).value();
    std::string told;
    for (const AuditRecord& entry : page.items)
        told += entry.actor + " " + entry.action + " " + entry.object + ": " + entry.before + " > " +
                entry.after + "\n";
    BOOST_TEST(told == "uid:1000 (ops) incident.status a: open > resolved\n"
                       "uid:1000 (ops) incident.note a:  > done\n"
                       "uid:1000 (ops) incident.delete a: resolved > \n"
                       "SIGHUP config.reload :  > ok\n");
    query.incident = "a";
    BOOST_TEST(bench.store->audit(query)->items.size() == 3U);
}

BOOST_AUTO_TEST_CASE(findings_come_by_incident_and_in_both_directions_and_go_with_it) {
    Bench bench;
    for (int i = 0; i < 10; ++i)
        bench.store->put(finding(start + static_cast<uint64_t>(i) * second, std::to_string(i)),
                         i % 2 == 0 ? "even" : "odd");
    bench.put(incident("even"));
    const auto reasons = [&](RecordQuery query) {
        std::string out;
        do {
            const auto page = bench.store->findings(query);
            BOOST_REQUIRE(page.has_value());
            for (const FindingRecord& record : page->items) out += record.finding.reason;
            query.cursor = page->next;
        } while (!query.cursor.empty());
        return out;
    };
    BOOST_TEST(reasons({.limit = 3}) == "9876543210");
    BOOST_TEST(reasons({.ascending = true, .limit = 1}) == "0123456789");
    BOOST_TEST(reasons({.incident = "even", .limit = 2}) == "86420");
    BOOST_TEST(reasons({.incident = "eve"}).empty());
    BOOST_TEST(reasons({.since_ns = start + 3 * second, .until_ns = start + 5 * second}) == "43");
    BOOST_REQUIRE(bench.store->remove({"even"}, ops).has_value());
    BOOST_TEST(reasons({}) == "97531");
    BOOST_TEST(bench.store->stats().findings == 5U);
}

BOOST_AUTO_TEST_CASE(a_removed_incident_stays_away_though_its_detector_has_not_heard_of_it) {
    Bench bench;
    bench.put(incident("gone"));
    bench.put(incident("kept"));
    BOOST_REQUIRE(bench.store->remove({"gone"}, ops).has_value());
    for (const char* id : {"gone", "kept", "new"}) {
        bench.store->put(finding(start, id), id);
        bench.put(incident(id));
    }
    BOOST_TEST(!bench.store->incident("gone")->has_value());
    BOOST_TEST(bench.store->incident("kept")->has_value());
    BOOST_TEST(bench.store->incident("new")->has_value());
    BOOST_TEST(bench.store->findings({.incident = "gone"})->items.empty());
    BOOST_TEST(bench.store->stats().findings == 2U);
}

BOOST_AUTO_TEST_CASE(who_asks_to_be_told_after_a_put_can_read_it_then_and_is_told_in_order) {
    Bench bench;
    std::vector<std::string> told;  // the writer's until the flush
    for (const char* id : {"a", "b", "c"}) {
        Incident incident;
        incident.id = id;
        BOOST_TEST(bench.store->put(incident));
        BOOST_TEST(bench.store->after_puts([&bench, &told, id] {
            const auto kept = bench.store->incident(id);
            told.push_back(std::string(id) + (kept && *kept ? " is there" : " is not"));
        }));
    }
    BOOST_REQUIRE(bench.store->flush().has_value());
    BOOST_TEST(told == (std::vector<std::string>{"a is there", "b is there", "c is there"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(retention_takes_what_is_old_and_ended_and_what_is_beyond_the_number) {
    Bench bench;
    bench.config.incident_retention_ns = 10 * day;
    bench.config.findings_max = 2500;
    bench.open();
    Incident going_on = incident("going on", start);
    Incident ended = incident("ended", start);
    ended.closed_ns = start + 1;
    Incident young = incident("young", start + 8 * day);
    young.closed_ns = young.last_ns;
    for (const Incident& each : {going_on, ended, young}) bench.store->put(each);
    for (uint64_t i = 0; i < 4000; ++i) bench.store->put(finding(start + 9 * day + i, "x"), "young");
    BOOST_REQUIRE(bench.store->flush().has_value());
    bench.store->expire(start + 11 * day);
    // Steps run while nothing else waits: ask until they are through.
    for (int i = 0; i < 1000 && bench.store->stats().expired < 1501; ++i) {
        BOOST_REQUIRE(bench.store->flush().has_value());
        usleep(1000);
    }
    BOOST_TEST(bench.store->stats().findings == 2500U);
    BOOST_TEST(bench.store->stats().incidents == 2U);
    BOOST_TEST(!bench.store->incident("ended")->has_value());
}

BOOST_AUTO_TEST_CASE(the_map_grows_and_at_its_limit_the_oldest_ended_ones_go) {
    Bench bench;
    bench.config.size_max_bytes = 24 << 20;
    bench.open();
    Incident going_on = incident("first", start);
    bench.store->put(going_on);
    std::string last;
    for (uint64_t i = 0; i < 40'000; ++i) {
        Incident in = incident(last = std::to_string(i), start + i);
        in.closed_ns = in.last_ns;
        in.reason = std::string(1000, 'x');
        bench.store->put(in);
        if (i % 500 != 0) continue;
        const auto flushed = bench.store->flush();
        if (!flushed) BOOST_FAIL(flushed.error().text());
    }
    BOOST_REQUIRE(bench.store->flush().has_value());
    const StoreStats stats = bench.store->stats();
    BOOST_TEST(stats.failed == 0U);
    BOOST_TEST(stats.expired > 10'000U);
    BOOST_TEST(stats.size_bytes < stats.size_max_bytes);
    BOOST_TEST(fs::file_size(bench.dir / "data.mdb") > 16U << 20);
    BOOST_TEST(bench.store->incident("first")->has_value());
    BOOST_TEST(!bench.store->incident("0")->has_value());
    BOOST_TEST(bench.store->incident(last)->has_value());
}

BOOST_AUTO_TEST_CASE(a_full_queue_refuses_and_counts_and_puts_of_one_incident_are_one) {
    Bench bench;
    bench.config.queue_max = 5;
    bench.open();
    // The writer is kept busy by a sync a put; puts of one id find the first still waiting or make a new one.
    uint64_t refused = 0;
    for (int i = 0; i < 3000; ++i) refused += bench.store->put(incident(std::to_string(i))) ? 0 : 1;
    BOOST_TEST(refused > 0U);
    BOOST_REQUIRE(bench.store->flush().has_value());
    BOOST_TEST(bench.store->stats().refused == refused);
    BOOST_TEST(bench.store->stats().incidents == 3000 - refused);
    for (uint64_t i = 1; i <= 3000; ++i) {
        Incident in = incident("same");
        in.findings = i;
        BOOST_TEST(bench.store->put(in));
    }
    BOOST_REQUIRE(bench.store->flush().has_value());
    BOOST_TEST(bench.store->incident("same")->value().incident.findings == 3000U);
}

BOOST_AUTO_TEST_CASE(a_second_opener_is_told_that_the_store_is_in_use) {
    Bench bench;
    const auto second_one = Store::open(bench.config);
    BOOST_REQUIRE(!second_one.has_value());
    BOOST_TEST((second_one.error().code == ErrorCode::denied));
    BOOST_TEST(second_one.error().text().find("picket running already") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_damaged_file_is_an_error_and_not_a_crash) {
    Bench bench;
    for (int i = 0; i < 100; ++i) bench.put(incident(std::to_string(i)));
    bench.store.reset();
    fs::resize_file(bench.dir / "data.mdb", 5000);
    BOOST_TEST(!Store::open(bench.config).has_value());
    std::ofstream(bench.dir / "data.mdb", std::ios::binary) << std::string(100'000, 'x');
    BOOST_TEST(!Store::open(bench.config).has_value());
    fs::remove(bench.dir / "data.mdb");
    bench.open();
    BOOST_TEST(bench.store->stats().incidents == 0U);
}

BOOST_AUTO_TEST_CASE(a_file_in_place_of_the_folder_is_refused) {
    Bench bench;
    std::ofstream(bench.dir / "file") << "x";
    StoreConfig config;
    config.dir = bench.dir / "file";
    const auto opened = Store::open(config);
    BOOST_REQUIRE(!opened.has_value());
    BOOST_TEST(opened.error().where == config.dir.string());
}

BOOST_AUTO_TEST_SUITE_END()

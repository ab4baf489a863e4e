// SPDX-License-Identifier: Apache-2.0
// Proves that an instance lives and dies in the order of plugin.h, that nothing which a plugin throws or
// wrongly returns passes the border, and that its texts reach the operator.
#include "core/plugin/instance.hpp"

#include <boost/test/unit_test.hpp>

#include "core/plugin/fake_plugin.test.hpp"

using namespace picket;
using test::script;

namespace {

Result<std::unique_ptr<ActionInstance>> make_action(std::string_view json = test::fake_action_json) {
    return ActionInstance::create(test::fake_action(), json, {});
}

std::unique_ptr<SourceInstance> started_source() {
    auto source = SourceInstance::create(test::fake_source(), "{}", {});
    BOOST_REQUIRE(source.has_value());
    BOOST_REQUIRE((*source)->start().has_value());
    return std::move(*source);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(instance, test::WithScript)

BOOST_AUTO_TEST_CASE(it_lives_from_create_to_destroy_in_order) {
    std::vector<std::string> log;
    {
        auto action =
            ActionInstance::create(test::fake_action(), test::fake_action_json,
                                   [&](picket_log_level, std::string_view text) { log.emplace_back(text); });
        BOOST_REQUIRE(action.has_value());
        BOOST_REQUIRE((*action)->start().has_value());
        BOOST_REQUIRE((*action)->reconfigure(R"({"wait":2.5})").has_value());
    }
    const std::vector<std::string> expected{"create", "start", "reconfigure 2500000000", "stop", "destroy"};
    BOOST_TEST(script->seen() == expected, boost::test_tools::per_element());
    BOOST_TEST(log == std::vector<std::string>{"created"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_wrong_configuration_is_an_error_with_the_plugins_text) {
    struct Row {
        const char* json;
        const char* text;
    };
    for (const Row& row :
         {Row{"{}", "option 'needed' is missing"}, Row{"[]", "not a JSON object"},
          Row{"{", "not a JSON object"}, Row{R"({"needed":1})", "option 'needed' has the wrong type"},
          Row{R"({"needed":"throw"})", "thrown by the constructor"}}) {
        const auto action = make_action(row.json);
        BOOST_REQUIRE(!action.has_value());
        BOOST_TEST(action.error().text().find(row.text) != std::string::npos, action.error().text());
        BOOST_TEST(action.error().where == "plugin fake_action");
    }
}

BOOST_AUTO_TEST_CASE(an_instance_whose_start_fails_is_not_stopped) {
    {
        auto action = make_action();
        script->on_start = [] { return sdk::Outcome(PICKET_DENIED, "needs CAP_KILL"); };
        const auto started = (*action)->start();
        BOOST_REQUIRE(!started.has_value());
        BOOST_TEST((started.error().code == ErrorCode::denied));
        BOOST_TEST(started.error().what == "needs CAP_KILL");
    }
    BOOST_TEST((script->seen() == std::vector<std::string>{"create", "start", "destroy"}));
}

BOOST_AUTO_TEST_CASE(an_action_is_no_source) {
    const auto source = SourceInstance::create(test::fake_action(), test::fake_action_json, {});
    BOOST_REQUIRE(!source.has_value());
    BOOST_TEST(source.error().what == "does not offer picket.source/1");
}

BOOST_AUTO_TEST_CASE(requests_arrive_whole_and_statuses_come_back) {
    auto action = make_action();
    ActionRequest request = test::request_for("192.0.2.1");
    request.dry_run = true;
    request.params_json = R"({"ttl":5})";
    script->on_apply = [](const sdk::Request& got) {
        BOOST_TEST(got.dry_run);
        BOOST_TEST(got.params_json == R"({"ttl":5})");
        BOOST_TEST(got.deadline_ns == 77u);
        BOOST_TEST(got.id[0] == 1);
        return sdk::Outcome(PICKET_PARK, std::string(1000, 'x'));
    };
    const ActionResult result = (*action)->apply(request, 77);
    BOOST_TEST(result.status == PICKET_PARK);
    BOOST_TEST(result.text == std::string(511, 'x'));
    BOOST_TEST((*action)->revert(request, 0).status == PICKET_GONE);
    const std::vector<ActionRequest> both{test::request_for("a"), test::request_for("b")};
    BOOST_TEST((*action)->reconcile(both, 0).status == PICKET_OK);
    BOOST_TEST(script->seen().back() == "reconcile a b");
}

BOOST_AUTO_TEST_CASE(what_a_plugin_throws_becomes_a_status) {
    auto action = make_action();
    script->on_apply = [](const sdk::Request&) -> sdk::Outcome { throw sdk::Failure("no", PICKET_DENIED); };
    BOOST_TEST((*action)->apply(test::request_for("a"), 0).status == PICKET_DENIED);
    script->on_apply = [](const sdk::Request&) -> sdk::Outcome { throw 7; };
    const ActionResult result = (*action)->apply(test::request_for("a"), 0);
    BOOST_TEST(result.status == PICKET_INTERNAL);
    BOOST_TEST(result.text == "unknown exception");
}

BOOST_AUTO_TEST_CASE(a_status_that_nobody_knows_is_a_fault_of_the_plugin) {
    static picket_action table =
        *static_cast<const picket_action*>(test::fake_action().interface(PICKET_ACTION_ID));
    // By way of a number, since no enum of ours may hold this.
    uint32_t (*returns_99)(void*, const picket_action_request*, picket_error*) =
        [](void*, const picket_action_request*, picket_error*) { return uint32_t{99}; };
    table.apply = reinterpret_cast<decltype(table.apply)>(reinterpret_cast<void*>(returns_99));
    picket_plugin plugin = test::fake_action();
    plugin.interface = [](const char*) -> const void* { return &table; };

    auto action = ActionInstance::create(plugin, test::fake_action_json, {});
    const ActionResult result = (*action)->apply(test::request_for("a"), 0);
    BOOST_TEST(result.status == PICKET_INTERNAL);
    BOOST_TEST(result.text == "failed with status \"internal\" and no text");
}

BOOST_AUTO_TEST_CASE(a_long_text_is_cut_between_characters) {
    picket_error error{};
    sdk::write_error(&error, std::string(510, 'a') + "é");
    BOOST_TEST(std::string(error.text) == std::string(510, 'a'));
}

BOOST_AUTO_TEST_CASE(batches_are_checked_before_they_are_believed) {
    const picket_packet packet{};
    struct Row {
        const char* what;
        sdk::Outcome outcome;
        const picket_packet* packets;
        size_t count;
        bool good;
    };
    const std::vector<Row> rows{
        {"packets", PICKET_OK, &packet, 1, true},       {"OK without packets", PICKET_OK, nullptr, 0, false},
        {"a null array", PICKET_OK, nullptr, 5, false}, {"time is up", PICKET_AGAIN, nullptr, 0, true},
        {"the end", PICKET_END, nullptr, 0, true},      {"a fault", {PICKET_PARK, "away"}, nullptr, 0, false},
    };
    const auto source = started_source();
    for (const Row& row : rows) {
        script->on_batch = [&](picket_batch& out) {
            out.packets = row.packets;
            out.packet_count = row.count;
            return row.outcome;
        };
        picket_batch batch{};
        const auto status = source->next_batch(0, 0, batch);
        BOOST_TEST(status.has_value() == row.good, row.what);
        if (status) BOOST_TEST(*status == row.outcome.status, row.what);
        if (!status) BOOST_TEST(status.error().where == "plugin fake_source");
    }
}

BOOST_AUTO_TEST_CASE(a_senseless_number_of_shards_is_refused) {
    for (const uint32_t shards : {0u, 5000u}) {
        script->shards = shards;
        auto source = SourceInstance::create(test::fake_source(), "{}", {});
        BOOST_TEST(!(*source)->start().has_value());
    }
}

BOOST_AUTO_TEST_CASE(stats_and_names_are_bounded_copies) {
    const auto source = started_source();
    BOOST_TEST(source->stats().received == 42u);
    BOOST_TEST(source->interface_name(0) == std::string(255, 'n'));
    source->wake();
    BOOST_TEST(script->seen().back() == "wake");
}

BOOST_AUTO_TEST_CASE(an_older_hosts_shorter_structs_are_not_overrun) {
    const auto& table = *static_cast<const picket_source*>(test::fake_source().interface(PICKET_SOURCE_ID));
    picket_source_stats stats{};
    stats.size = offsetof(picket_source_stats, received);
    stats.received = 7;
    table.stats(nullptr, &stats);
    BOOST_TEST(stats.received == 7u);
    BOOST_TEST(stats.size == offsetof(picket_source_stats, received));
}

BOOST_AUTO_TEST_SUITE_END()

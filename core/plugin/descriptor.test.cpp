// SPDX-License-Identifier: Apache-2.0
// Proves that every way in which a plugin's declaration can be wrong is found before the plugin is used, and
// that one made for a newer header, with longer structs, is read by its own stride.
#include "core/plugin/descriptor.hpp"

#include <bit>
#include <boost/test/unit_test.hpp>
#include <functional>

#include "core/plugin/fake_plugin.test.hpp"
#include "core/plugin/options.hpp"

using namespace picket;

namespace {

/// The fake plugin's declaration, to be spoiled.
struct Spoiled {
    Spoiled()
        : plugin(test::fake_action()) {
        for (uint32_t i = 0; i < plugin.option_count; ++i)
            options.push_back(option_of(test::fake_action(), i));
        plugin.options = options.data();
    }
    picket_plugin plugin;
    std::vector<picket_option> options;
};

picket_action table_without_apply = {sizeof(picket_action), nullptr, nullptr, nullptr, nullptr};

}  // namespace

BOOST_AUTO_TEST_SUITE(descriptor)

BOOST_AUTO_TEST_CASE(a_right_one_passes) {
    BOOST_TEST(check_descriptor(test::fake_action()).has_value());
    BOOST_TEST(check_descriptor(test::fake_source()).has_value());
}

BOOST_AUTO_TEST_CASE(every_wrong_one_is_refused_with_its_reason) {
    struct Row {
        const char* part;
        std::function<void(Spoiled&)> spoil;
    };
    const std::vector<Row> rows{
        {"its descriptor has 24 bytes", [](Spoiled& s) { s.plugin.size = 24; }},
        {"its name is not", [](Spoiled& s) { s.plugin.name = nullptr; }},
        {"its name is not", [](Spoiled& s) { s.plugin.name = "Upper"; }},
        {"its name is not", [](Spoiled& s) { s.plugin.name = "../x"; }},
        {"no version", [](Spoiled& s) { s.plugin.version = nullptr; }},
        {"no license", [](Spoiled& s) { s.plugin.license = ""; }},
        {"no summary", [](Spoiled& s) { s.plugin.summary = nullptr; }},
        {"no list of capabilities", [](Spoiled& s) { s.plugin.capabilities = nullptr; }},
        {"is missing", [](Spoiled& s) { s.plugin.create = nullptr; }},
        {"is missing", [](Spoiled& s) { s.plugin.interface = nullptr; }},
        {"no kind", [](Spoiled& s) { s.plugin.kinds = 0x100; }},
        {"picket.source/1 is not whole", [](Spoiled& s) { s.plugin.kinds |= PICKET_KIND_SOURCE; }},
        {"picket.action/1 is not whole",
         [](Spoiled& s) {
             s.plugin.interface = [](const char*) -> const void* { return &table_without_apply; };
         }},
        {"257 options", [](Spoiled& s) { s.plugin.option_count = 257; }},
        {"wrong size", [](Spoiled& s) { s.plugin.options = nullptr; }},
        {"wrong size", [](Spoiled& s) { s.plugin.option_size = 8; }},
        {"wrong size", [](Spoiled& s) { s.plugin.option_size = sizeof(picket_option) + 1; }},
        {"name of an option", [](Spoiled& s) { s.options[0].name = "with space"; }},
        {"two of that name", [](Spoiled& s) { s.options[0].name = "count"; }},
        {"unknown type", [](Spoiled& s) { s.options[0].type = std::bit_cast<picket_option_type>(99u); }},
        {"no help", [](Spoiled& s) { s.options[0].help = nullptr; }},
        {"has choices", [](Spoiled& s) { s.options[0].choices = "a|b"; }},
        {"has choices", [](Spoiled& s) { s.options[5].choices = nullptr; }},
        {"crossed", [](Spoiled& s) { s.options[1].min = 9; }},
        {"default is wrong", [](Spoiled& s) { s.options[1].default_value = "99"; }},
        {"default is wrong", [](Spoiled& s) { s.options[5].default_value = "sideways"; }},
        {"no reconfigure", [](Spoiled& s) { s.plugin.reconfigure = nullptr; }},
    };
    for (const Row& row : rows) {
        Spoiled spoiled;
        row.spoil(spoiled);
        const auto checked = check_descriptor(spoiled.plugin);
        BOOST_REQUIRE_MESSAGE(!checked.has_value(), row.part);
        BOOST_TEST(checked.error().what.find(row.part) != std::string::npos, checked.error().what);
    }
}

BOOST_AUTO_TEST_CASE(longer_structs_of_a_newer_header_are_read_by_their_stride) {
    struct NewerOption {
        picket_option option;
        double appended;
    };
    Spoiled spoiled;
    std::vector<NewerOption> newer;
    for (const picket_option& option : spoiled.options) newer.push_back({option, 1.0});
    spoiled.plugin.size += 64;
    spoiled.plugin.option_size = sizeof(NewerOption);
    spoiled.plugin.options = &newer.front().option;
    BOOST_TEST(check_descriptor(spoiled.plugin).has_value());
    BOOST_TEST(plugin_option_specs(spoiled.plugin).back().name == "needed");
}

BOOST_AUTO_TEST_SUITE_END()

// SPDX-License-Identifier: Apache-2.0
// Proves which files are read and in which order, that what cannot be read is said, and that the example and
// the reference page say what the tables say.
#include <boost/test/unit_test.hpp>

#include <unistd.h>

#include <fstream>
#include <sstream>

#include "core/config/config.hpp"
#include "core/config/option.hpp"
#include "core/config/tables.hpp"

using namespace picket;
namespace fs = std::filesystem;

BOOST_AUTO_TEST_SUITE(load)

namespace {

/// A folder with the system's three places, gone when the test ends.
struct Places {
    Places() {
        std::string name = (fs::temp_directory_path() / "picket-config-XXXXXX").string();
        BOOST_TEST_REQUIRE(mkdtemp(name.data()) != nullptr);
        root = name;
        sources.vendor_dir = root / "vendor";
        sources.main_file = root / "picket.toml";
        sources.drop_in_dir = root / "conf.d";
        fs::create_directory(sources.vendor_dir);
        fs::create_directory(sources.drop_in_dir);
    }
    Places(const Places&) = delete;
    Places& operator=(const Places&) = delete;
    ~Places() {
        std::error_code ignored;
        fs::remove_all(root, ignored);
    }
    fs::path write(const fs::path& name, const std::string& text) const {
        std::ofstream(root / name) << text;
        return root / name;
    }
    fs::path root;
    ConfigSources sources;
};

std::string text_of(const fs::path& path) {
    std::ostringstream out;
    out << std::ifstream(path).rdbuf();
    return out.str();
}

std::string rows(int value) { return "[engine]\nrows_max = " + std::to_string(value) + "\n"; }

}  // namespace

BOOST_AUTO_TEST_CASE(drop_ins_win_over_the_main_file_and_that_over_the_vendor) {
    const Places places;
    const auto loaded = [&] {
        const auto [config, problems] = load_config(places.sources);
        BOOST_TEST(problems.empty());
        return config;
    };
    BOOST_TEST(loaded().engine.rows_max == EngineSection{}.rows_max);
    BOOST_TEST(loaded().files.empty());
    places.write("vendor/a.toml", rows(2000));
    BOOST_TEST(loaded().engine.rows_max == 2000u);
    const auto main_file = places.write("picket.toml", rows(3000));
    BOOST_TEST(loaded().engine.rows_max == 3000u);
    BOOST_TEST(loaded().origins.at("engine.rows_max") == main_file.string() + ":2:12");
    places.write("conf.d/20-b.toml", rows(5000));
    places.write("conf.d/10-a.toml", rows(4000));
    places.write("conf.d/.30-hidden.toml", rows(6000));
    places.write("conf.d/40-b.toml~", rows(7000));
    BOOST_TEST(loaded().engine.rows_max == 5000u);
    BOOST_TEST(loaded().files.size() == 4u);
}

BOOST_AUTO_TEST_CASE(named_files_replace_the_systems) {
    Places places;
    places.write("picket.toml", rows(3000) + "queue_max = 16");
    places.sources.files = {places.write("x.toml", rows(4000)), places.write("y.toml", rows(5000))};
    const auto [config, problems] = load_config(places.sources);
    BOOST_TEST(problems.empty());
    BOOST_TEST(config.engine.rows_max == 5000u);
    BOOST_TEST(config.engine.queue_max == EngineSection{}.queue_max);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_said) {
    Places places;
    const std::string missing = (places.root / "missing.toml").string();
    const std::string large =
        places.write("large.toml", std::string(config_file_bytes_max + 1, '#')).string();
    places.sources.files = {missing, places.root, large, "/dev/zero"};
    const auto problems = load_config(places.sources).problems;
    BOOST_TEST_REQUIRE(problems.size() == 4u);
    BOOST_TEST(problems[0].text() == missing + ": cannot read it: No such file or directory");
    BOOST_TEST((problems[0].code == ErrorCode::not_found));
    BOOST_TEST(problems[1].what == "cannot read it: Is a directory");
    BOOST_TEST(problems[2].text() == large + ": a file of at most 1MiB, is larger");
    BOOST_TEST(problems[3].what == problems[2].what);
}

BOOST_AUTO_TEST_CASE(a_file_at_the_limit_is_read) {
    Places places;
    std::string text = rows(4000);
    text += std::string(config_file_bytes_max - text.size(), '#');
    places.sources.files = {places.write("x.toml", text)};
    BOOST_TEST(load_config(places.sources).config.engine.rows_max == 4000u);
}

BOOST_AUTO_TEST_CASE(too_many_drop_ins_are_refused) {
    const Places places;
    for (size_t i = 0; i <= config_files_max; ++i) places.write("conf.d/" + std::to_string(i) + ".toml", "");
    const auto problems = load_config(places.sources).problems;
    BOOST_TEST_REQUIRE(problems.size() == 1u);
    BOOST_TEST(problems[0].what == "at most 256 files, are more");
}

BOOST_AUTO_TEST_CASE(every_default_passes_its_own_check) {
    for_each_section([](std::string_view name, std::string_view, const auto& keys, auto member) {
        const Config config;
        for (const auto& key : keys) {
            const OptionSpec spec = spec_of(key);
            const OptionValue value = value_of(key, config.*member);
            Config copy;
            assign(key, copy.*member, value);
            BOOST_TEST((value_of(key, copy.*member) == value), name << "." << key.name);
            const auto parsed =
                parse_config({{"d", std::string(name) + "." + spec.name + " = " + option_text(spec, value)}});
            BOOST_TEST(parsed.problems.empty(), name << "." << key.name);
            BOOST_TEST((value_of(key, parsed.config.*member) == value), name << "." << key.name);
            // An integer lives in an unsigned member.
            if (spec.type == OptionType::integer) BOOST_TEST((spec.min && *spec.min >= 0));
        }
    });
}

BOOST_AUTO_TEST_CASE(the_example_has_every_key_at_its_default) {
    ConfigSources sources;
    sources.files = {PICKET_SOURCE_DIR "/etc/picket.toml"};
    const auto [config, problems] = load_config(sources);
    for (const Error& problem : problems) BOOST_ERROR(problem.text());
    for_each_section(
        [&config = config](std::string_view name, std::string_view, const auto& keys, auto member) {
            const Config defaults;
            for (const auto& key : keys) {
                const std::string path = std::string(name) + "." + std::string(key.name);
                BOOST_TEST(config.origins.contains(path), path);
                BOOST_TEST((value_of(key, config.*member) == value_of(key, defaults.*member)), path);
            }
        });
}

BOOST_AUTO_TEST_CASE(the_reference_page_is_up_to_date) {
    BOOST_TEST((text_of(PICKET_SOURCE_DIR "/docs/configuration.md") == config_reference()),
               "docs/configuration.md differs from the tables; run: build/dev/bin/picket check --reference > "
               "docs/configuration.md");
}

BOOST_AUTO_TEST_SUITE_END()

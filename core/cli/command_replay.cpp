// SPDX-License-Identifier: Apache-2.0
// `picket replay`: capture files in, findings out, with packet time as the clock. Main thread.
#include <memory>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include "core/cli/cli.hpp"
#include "core/cli/config_options.hpp"
#include "core/cli/replay_output.hpp"
#include "core/engine/replay.hpp"
#include "core/service/instances.hpp"
#include "core/service/log.hpp"

namespace picket {
namespace {

struct Options {
    SetupOptions setup;
    std::vector<std::string> files;
    bool json = false;
};

/// Opens all files, so that a wrong one is known before anything is printed.
Result<std::unique_ptr<SourceInstance>> open_files(const PluginRegistry& registry, const Options& options,
                                                   const Log& log) {
    const std::map<std::string, Setting> given{{"files", {options.files, "the command line"}}};
    auto source = make_source(registry, "pcap", given, log);
    if (!source) return source;
    if (auto started = (*source)->start(); !started) return tl::unexpected<Error>(started.error());
    return source;
}

int report_stopped_policies(const PolicyHost& policies) {
    int code = exit_ok;
    for (const PolicyStatus& status : policies.status()) {
        if (status.state != PolicyState::stopped) continue;
        print_error(Error{ErrorCode::internal, "policy stopped: " + status.last_error, status.name, {}});
        code = exit_failed;
    }
    return code;
}

int run_replay(const Options& options, Setup& setup) {
    Progress progress(options.files);
    const Log to_stderr = make_log(setup.config.log.level, false);
    const Log log = [&](picket_log_level level, std::string_view text) {
        progress.clear();
        to_stderr(level, text);
    };
    auto source = open_files(*setup.plugins, options, log);
    if (!source) {
        print_error(source.error());
        return exit_input;
    }
    const auto output = options.json ? make_json_output() : make_table_output(progress);
    auto engine = Engine::create(engine_config(setup.config, private_prefixes(), 0), setup.policies, *output);
    if (!engine) {
        print_error(engine.error());
        return exit_code_of(engine.error());
    }
    const auto summary =
        replay(**source, *engine, [&](const ReplayProgress& reached) { progress.show(reached.packets); });
    progress.clear();
    if (!summary) {
        print_error(summary.error());
        return exit_code_of(summary.error());
    }
    // For a source that reads files, what cannot be read is the rest of a file.
    const uint64_t truncated_files = summary->source.malformed;
    output->on_end(*summary, truncated_files);
    if (truncated_files > 0)
        print_error(
            Error{ErrorCode::io,
                  fmt::format("{} capture file(s) truncated: read to where they break off", truncated_files),
                  {},
                  {}});
    return report_stopped_policies(*setup.policies);
}

int prepare_and_run(const Options& options) {
    Setup setup = load_setup(options.setup);
    if (setup.problems.empty()) return run_replay(options, setup);
    print_errors(setup.problems);
    return exit_input;
}

}  // namespace

Run define_replay(CLI::App& app) {
    auto options = std::make_shared<Options>();
    app.add_option("files", options->files,
                   "Captures (pcap, pcapng), merged in time order; - is standard input")
        ->type_name("FILE")
        ->required();
    add_config_options(app, options->setup);
    add_local_option(app, options->setup);
    app.add_flag("--json", options->json,
                 "One JSON object a line: findings, incidents, and a summary as the last");
    app.footer(
        "Without --local and [engine] local, the private ranges are ours.\n"
        "Exit codes: 0 read to the end, 2 wrong input (nothing is printed), 3 a policy or a plugin failed.");
    return [options] { return prepare_and_run(*options); };
}

}  // namespace picket

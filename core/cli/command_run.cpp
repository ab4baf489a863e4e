// SPDX-License-Identifier: Apache-2.0
// `picket run`: the daemon, in the foreground. Main thread.
#include <algorithm>
#include <memory>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "core/cli/cli.hpp"
#include "core/cli/config_options.hpp"
#include "core/service/service.hpp"

namespace picket {
namespace {

/// A network that is not up yet, a port that is taken, a full disk: for a daemon that is the system, and may
/// be well at the next start. systemd tries again after exit_failed, and not after exit_input.
int run(const ServiceOptions& options) {
    const std::vector<Error> errors = run_service(options);
    const int code = print_errors(errors);
    const bool system_only =
        std::ranges::all_of(errors, [](const Error& error) { return error.code == ErrorCode::io; });
    return code == exit_input && system_only ? exit_failed : code;
}

}  // namespace

Run define_run(CLI::App& app) {
    auto options = std::make_shared<ServiceOptions>();
    app.add_option("--interface", options->interfaces,
                   "Interface to watch instead of the configured ones; may be repeated; auto: those with a "
                   "default route")
        ->type_name("IF")
        ->allow_extra_args(false);
    app.add_option("--filter", options->filter, "Only packets that fit, such as 'not port 22'")
        ->type_name("BPF");
    app.add_option("--state-dir", options->state_dir, "Folder of the store, instead of [store] dir")
        ->type_name("DIR");
    app.add_option("--socket", options->socket, "Unix socket of the API, instead of [api] socket")
        ->type_name("PATH");
    app.add_option("--listen", options->listen,
                   "Address and port of HTTP, instead of [api] listen; '' for none")
        ->type_name("ADDR:PORT");
    add_config_options(app, options->setup);
    add_local_option(app, options->setup);
    app.footer("Without --local and [engine] local, the addresses of this machine's interfaces are ours.\n"
               "SIGTERM and SIGINT end it after the running tick; SIGHUP reads the configuration again and "
               "reopens the files of actions.\n"
               "Exit codes: 0 stopped by a signal, 2 wrong input, 3 the system or a plugin failed.");
    return [options] { return run(*options); };
}

}  // namespace picket

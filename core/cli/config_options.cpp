// SPDX-License-Identifier: Apache-2.0
// Where a command's configuration comes from. Main thread.
#include "core/cli/config_options.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace picket {

void add_config_options(CLI::App& app, SetupOptions& options) {
    app.add_option("--config", options.config_files,
                   "Read this file instead of the system's configuration; may be repeated, later ones win")
        ->type_name("FILE")
        ->allow_extra_args(false);
    app.add_option("--policies", options.policies_dir,
                   "Folder with detectors/*.lua instead of the bundled policies")
        ->type_name("DIR");
    app.add_option("--plugins", options.plugins_dir, "Folder with the plugins")->type_name("DIR");
}

void add_local_option(CLI::App& app, SetupOptions& options) {
    app.add_option("--local", options.local,
                   "A prefix that is ours, such as 10.0.0.0/8: direction is seen from there; may be repeated")
        ->type_name("PREFIX")
        ->allow_extra_args(false);
}

}  // namespace picket

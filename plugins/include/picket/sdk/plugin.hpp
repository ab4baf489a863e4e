// SPDX-License-Identifier: Apache-2.0
// The C++ SDK: write a class, end the file with PICKET_PLUGIN(Class). What the class offers (see source.hpp
// and action.hpp) makes it a source, an action, or both. Standard library only; config.hpp reads the
// configuration.
//
//     class Hello {
//       public:
//         static constexpr sdk::About about{"hello", "1.0.0", "Apache-2.0", "Says hello", ""};
//         static constexpr std::array options{sdk::text("name", "world", "Whom to greet")};
//         Hello(sdk::Host host, std::string_view config_json);  // [main]; throw sdk::Failure to refuse
//         sdk::Outcome start();                                 // [main]  optional
//         sdk::Outcome reconfigure(std::string_view json);      // [main]  optional
//         void stop();                                          // [main]  optional
//         sdk::Outcome apply(const sdk::Request& request);      // ... and what else an action has
//     };
//     PICKET_PLUGIN(Hello)
#pragma once
#include <cstring>
#include <memory>
#include <string_view>

#include "picket/sdk/action.hpp"
#include "picket/sdk/host.hpp"
#include "picket/sdk/option.hpp"
#include "picket/sdk/outcome.hpp"
#include "picket/sdk/source.hpp"

namespace picket::sdk {

/// What `picket plugin list` shows before any other code of the plugin runs.
struct About {
    const char* name;  ///< [a-z][a-z0-9_]*
    const char* version;
    const char* license;       ///< SPDX expression
    const char* summary;       ///< one sentence
    const char* capabilities;  ///< "CAP_NET_RAW CAP_NET_ADMIN", "" for none
};

template <typename T>
struct PluginTable {
    static void* create(const picket_host* host, picket_str config_json, picket_error* error) {
        std::unique_ptr<T> made;
        guarded(error, [&] {
            made = std::make_unique<T>(Host(host), view(config_json));
            return Outcome();
        });
        return made.release();
    }
    static picket_status start(void* self, picket_error* error) {
        return guarded(error, [&]() -> Outcome {
            if constexpr (requires(T instance) { instance.start(); }) return static_cast<T*>(self)->start();
            return {};
        });
    }
    static picket_status reconfigure(void* self, picket_str config_json, picket_error* error) {
        return guarded(error, [&]() -> Outcome {
            if constexpr (reconfigures) return static_cast<T*>(self)->reconfigure(view(config_json));
            return {};
        });
    }
    static void stop(void* self) {
        guarded(nullptr, [&] {
            if constexpr (requires(T instance) { instance.stop(); }) static_cast<T*>(self)->stop();
            return Outcome();
        });
    }
    static void destroy(void* self) { delete static_cast<T*>(self); }
    static const void* interface(const char* id) {
        if constexpr (Source<T>) {
            if (std::strcmp(id, PICKET_SOURCE_ID) == 0) return &SourceTable<T>::table;
        }
        if constexpr (Action<T>) {
            if (std::strcmp(id, PICKET_ACTION_ID) == 0) return &ActionTable<T>::table;
        }
        return nullptr;
    }

    static constexpr const picket_option* first_option() {
        if constexpr (T::options.empty()) {
            return nullptr;
        } else {
            return &T::options.front().data;
        }
    }

    static constexpr bool reconfigures = requires(T instance) { instance.reconfigure(std::string_view()); };
    static constexpr uint32_t kinds =
        (Source<T> ? PICKET_KIND_SOURCE : 0u) | (Action<T> ? PICKET_KIND_ACTION : 0u);
    static_assert(kinds != 0, "the class is neither a Source nor an Action: see source.hpp and action.hpp");

    static constexpr picket_plugin table{
        sizeof(picket_plugin),
        PICKET_ABI_MINOR,
        kinds,
        sizeof(Option),
        static_cast<uint32_t>(T::options.size()),
        0,
        T::about.name,
        T::about.version,
        T::about.license,
        T::about.summary,
        T::about.capabilities,
        first_option(),
        create,
        start,
        reconfigures ? reconfigure : nullptr,
        stop,
        destroy,
        interface,
    };
};

}  // namespace picket::sdk

/// The one symbol that a plugin exports.
#define PICKET_PLUGIN(Class)                                                                                 \
    extern "C" const picket_plugin* PICKET_ENTRY(void) { return &::picket::sdk::PluginTable<Class>::table; }

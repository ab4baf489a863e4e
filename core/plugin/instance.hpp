// SPDX-License-Identifier: Apache-2.0
// Running instances of plugins, as C++: the calls of plugin.h with Results instead of statuses. What a plugin
// returns is checked before anybody believes it. The thread of each call is that of plugin.h.
#pragma once
#include <array>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/model/result.hpp"
#include "core/plugin/thread_bound.hpp"
#include "picket/plugin.h"

namespace picket {

/// Gets what a plugin logs. [any]
using PluginLog = std::function<void(picket_log_level level, std::string_view text)>;

/// "denied", "park", ... for messages and metrics.
std::string_view status_name(picket_status status);

/// What all kinds have in common: create, start, stop, destroy.
class PluginInstance {
  public:
    virtual ~PluginInstance();
    PluginInstance(const PluginInstance&) = delete;
    PluginInstance& operator=(const PluginInstance&) = delete;

    [[nodiscard]] const picket_plugin& plugin() const { return plugin_; }
    virtual Result<void> start();                            // [main]
    Result<void> reconfigure(std::string_view config_json);  // [main]
    /// Also done by the destructor. Source threads and workers are joined before. [main]
    void stop();

  protected:
    PluginInstance(const picket_plugin& plugin, PluginLog log);
    /// Calls the plugin's `create`, and looks up the interface; the error's text is the plugin's.
    Result<void> create(std::string_view config_json, const char* interface_id);

    [[nodiscard]] void* self() const { return self_; }
    [[nodiscard]] const void* table() const { return table_; }

  private:
    const picket_plugin& plugin_;
    PluginLog log_;
    picket_host host_{};
    void* self_ = nullptr;
    const void* table_ = nullptr;
    bool started_ = false;
    ThreadBound main_;
};

class SourceInstance final : public PluginInstance {
  public:
    static Result<std::unique_ptr<SourceInstance>> create(const picket_plugin& plugin,
                                                          std::string_view config_json, PluginLog log);
    ~SourceInstance() override { stop(); }

    Result<void> start() override;  // [main]
    /// At least 1; known after start. [any]
    [[nodiscard]] uint32_t shards() const { return shard_count_; }
    /// OK: at least one packet or record; AGAIN: time is up; END. Anything else is an error, after which the
    /// caller tries again with back-off. [source]
    Result<picket_status> next_batch(uint32_t shard, uint64_t timeout_ns, picket_batch& out);
    void wake();                                                         // [any]
    [[nodiscard]] picket_source_stats stats() const;                     // [any]
    [[nodiscard]] std::string interface_name(uint32_t interface) const;  // [any]

  private:
    using PluginInstance::PluginInstance;
    [[nodiscard]] const picket_source& source() const { return *static_cast<const picket_source*>(table()); }

    uint32_t shard_count_ = 0;
    std::unique_ptr<ThreadBound[]> source_threads_;
};

/// One request to an action plugin, with all it needs to be done later.
struct ActionRequest {
    std::array<uint8_t, 16> id{};
    std::string action, target, reason;
    std::string params_json = "{}";
    uint64_t expires_unix_ms = 0;  ///< 0: does not expire by itself
    bool dry_run = false;
    /// Unix time at which the tick began in which a limit was crossed; 0: it is about nothing of the kind.
    uint64_t crossed_ns = 0;
};

/// What came of it, as the plugin said it.
struct ActionResult {
    picket_status status = PICKET_OK;
    std::string text;
    uint64_t began_ns = 0;  ///< Unix time of the first try; 0: there was none
};

class ActionInstance final : public PluginInstance {
  public:
    static Result<std::unique_ptr<ActionInstance>> create(const picket_plugin& plugin,
                                                          std::string_view config_json, PluginLog log);
    ~ActionInstance() override { stop(); }

    // `deadline_ns` is the Unix time by which the call should return. [worker]
    ActionResult apply(const ActionRequest& request, uint64_t deadline_ns);
    ActionResult revert(const ActionRequest& request, uint64_t deadline_ns);
    ActionResult reconcile(std::span<const ActionRequest> requests, uint64_t deadline_ns);
    ActionResult reopen();

  private:
    using PluginInstance::PluginInstance;
    [[nodiscard]] const picket_action& action() const { return *static_cast<const picket_action*>(table()); }

    ThreadBound worker_;
};

}  // namespace picket

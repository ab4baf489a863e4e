// SPDX-License-Identifier: Apache-2.0
// The running daemon as the API sees it: the state that the engine published last, questions to the engine,
// the store. Calls on the API's threads.
#pragma once
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/api/backend.hpp"
#include "core/engine/job_queue.hpp"
#include "core/service/shadow.hpp"

namespace picket {

class LiveBackend final : public ApiBackend {
  public:
    /// A reload with changed settings; none: as it is.
    using Reload = std::function<Result<ReloadReport>(const StoredSettings&, const Actor&)>;

    LiveBackend(Store& store, const PluginRegistry& plugins, JobQueue& jobs,
                std::vector<CounterInfo> counters, Reload reload, Shadow& shadow);

    // [any]
    void publish(DaemonStatus status);
    void set_counters(std::vector<CounterInfo> counters);

    [[nodiscard]] std::shared_ptr<const DaemonStatus> status() const override;
    [[nodiscard]] std::vector<CounterInfo> counters() const override;
    Result<CounterRows> counter_rows(const CounterQuery& query) override;
    [[nodiscard]] Store& store() override { return store_; }
    [[nodiscard]] const PluginRegistry& plugins() const override { return plugins_; }
    void incidents_changed(const std::vector<std::string>& ids) override;
    Result<ReloadReport> change_settings(const StoredSettings& changes, const Actor& actor) override {
        return reload_(changes, actor);
    }
    Result<ShadowView> shadow() override { return shadow_.view(); }
    Result<ReloadReport> start_shadow(const std::string& dir) override { return shadow_.start(dir); }
    Result<void> discard_shadow() override { return shadow_.discard(); }
    Result<ReloadReport> promote_shadow(const Actor& actor) override;
    [[nodiscard]] uint64_t now_ns() const override;

  private:
    Store& store_;
    const PluginRegistry& plugins_;
    JobQueue& jobs_;
    Reload reload_;
    Shadow& shadow_;
    mutable std::mutex mutex_;  ///< of what stands below it
    std::vector<CounterInfo> counters_;
    std::shared_ptr<const DaemonStatus> status_;
};

}  // namespace picket

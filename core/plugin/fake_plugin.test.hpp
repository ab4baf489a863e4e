// SPDX-License-Identifier: Apache-2.0
// Plugins that live in the test program and do what a test tells them, and a folder that goes away by itself.
#pragma once
#include <sys/stat.h>

#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "core/plugin/instance.hpp"
#include "picket/sdk/config.hpp"
#include "picket/sdk/plugin.hpp"

namespace picket::test {

class TempDir {
  public:
    TempDir() {
        std::string name = (std::filesystem::temp_directory_path() / "picket_test_XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
        path_ = name;
    }
    ~TempDir() { std::filesystem::remove_all(path_); }
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] std::filesystem::path write(const std::string& name, const std::string& text) const {
        std::ofstream(path_ / name) << text;
        chmod((path_ / name).c_str(), 0644);
        return path_ / name;
    }

  private:
    std::filesystem::path path_;
};

/// What a test lets the fake plugins do, and sees of them.
struct Script {
    std::mutex mutex;
    std::vector<std::string> calls;
    std::function<sdk::Outcome(const sdk::Request&)> on_apply;
    std::function<sdk::Outcome(picket_batch&)> on_batch;
    std::function<sdk::Outcome()> on_start;
    uint32_t shards = 1;

    void note(std::string call) {
        const std::lock_guard lock(mutex);
        calls.push_back(std::move(call));
    }
    std::vector<std::string> seen() {
        const std::lock_guard lock(mutex);
        return calls;
    }
};
inline Script* script = nullptr;  // of the running test

/// Sets a fresh script for the life of a test.
struct WithScript {
    WithScript() { script = &own; }
    ~WithScript() { script = nullptr; }
    Script own;
};

class FakeAction {
  public:
    static constexpr sdk::About about{"fake_action", "1", "Apache-2.0", "Does what a test says", "CAP_KILL"};
    static constexpr std::array options{
        sdk::flag("on", "true", "A flag"),
        sdk::integer("count", "3", "A number").range(1, 5).unit("things"),
        sdk::duration("wait", "250ms", "A time").range(0.1, 60).reloadable(),
        sdk::size("room", "64KiB", "A size"),
        sdk::text_list("names", "a,b", "A list"),
        sdk::choice("way", "up", "up|down", "A choice"),
        sdk::text("needed", nullptr, "A required text"),
    };

    FakeAction(sdk::Host host, std::string_view config_json)
        : host_(host) {
        if (sdk::Config(config_json).text("needed") == "throw")
            throw std::runtime_error("thrown by the constructor");
        script->note("create");
        host_.info("created");
    }
    ~FakeAction() {
        if (script != nullptr) script->note("destroy");
    }
    sdk::Outcome start() {
        script->note("start");
        return script->on_start ? script->on_start() : sdk::Outcome();
    }
    sdk::Outcome reconfigure(std::string_view config_json) {
        script->note("reconfigure " + std::to_string(sdk::Config(config_json).duration("wait").count()));
        return {};
    }
    void stop() { script->note("stop"); }

    sdk::Outcome apply(const sdk::Request& request) {
        script->note("apply " + std::string(request.target));
        return script->on_apply ? script->on_apply(request) : sdk::Outcome();
    }
    sdk::Outcome revert(const sdk::Request& request) {
        script->note("revert " + std::string(request.target));
        return PICKET_GONE;
    }
    sdk::Outcome reconcile(const std::vector<sdk::Request>& requests) {
        std::string call = "reconcile";
        for (const auto& request : requests) call += " " + std::string(request.target);
        script->note(call);
        return {};
    }
    sdk::Outcome reopen() {
        script->note("reopen");
        return {};
    }

  private:
    sdk::Host host_;
};

class FakeSource {
  public:
    static constexpr sdk::About about{"fake_source", "1", "Apache-2.0", "Gives what a test says", ""};
    static constexpr std::array<sdk::Option, 0> options{};

    FakeSource(sdk::Host, std::string_view) {}
    static uint32_t shards() { return script->shards; }
    static sdk::Outcome next_batch(uint32_t, uint64_t, picket_batch& out) { return script->on_batch(out); }
    static void wake() { script->note("wake"); }
    static void stats(picket_source_stats& out) { out.received = 42; }
    static std::string interface_name(uint32_t number) {
        return std::string(300, 'n') + std::to_string(number);
    }
};

inline const picket_plugin& fake_action() { return sdk::PluginTable<FakeAction>::table; }
inline const picket_plugin& fake_source() { return sdk::PluginTable<FakeSource>::table; }

/// A configuration for FakeAction.
inline constexpr std::string_view fake_action_json = R"({"needed":"x","wait":0.25})";

inline ActionRequest request_for(std::string target) {
    ActionRequest request;
    request.id[0] = 1;
    request.action = "hold";
    request.target = std::move(target);
    return request;
}

}  // namespace picket::test

// SPDX-License-Identifier: Apache-2.0
// An engine with one policy, whose counter the tests fill with records of their own. A test's thread is the
// engine thread.
#pragma once
#include <netinet/in.h>

#include <cstring>
#include <filesystem>
#include <memory>
#include <string>

#include "core/engine/engine.hpp"
#include "core/plugin/fake_plugin.test.hpp"

namespace picket::test {

struct NoEvents : EventSink {
    void on_finding(const Finding&, const Incident&) override {}
    void on_incident(const Incident&) override {}
};

/// Counter "talk.sent" by src, with the measures packets and ports in the order of their names.
struct TalkEngine {
    TalkEngine() {
        std::filesystem::create_directories(folder.path() / "detectors");
        (void)folder.write("detectors/talk.lua", R"(
return detector { name = "talk", summary = "Who sends",
  counters = function() return { sent = counter { by = { "src", "dst/24" }, window = "10s",
    measure = { packets = packets(), ports = distinct "dst_port" } } } end,
  detect = function() end }
)");
        if (const auto problems = policies->load(folder.path(), {}); !problems.empty())
            throw std::runtime_error(problems.front().text());
        EngineConfig config;
        config.counters.rows_max = 8192;
        engine = std::make_unique<Engine>(Engine::create(config, policies, events).value());
        engine->end_tick(now_ns);
    }

    /// 10.0.`number` sends so many packets, to as many ports.
    void send(uint16_t number, uint16_t packets) {
        FlowRecord record{};
        const Address src = Address::from_v4(0x0a000000U + number), dst = Address::from_v4(0xc6120001U);
        std::memcpy(record.src, src.bytes().data(), 16);
        std::memcpy(record.dst, dst.bytes().data(), 16);
        record.proto = IPPROTO_UDP;
        record.flags = PICKET_FLOW_PORTS;
        record.sampling = 1;
        record.packets = 1;
        record.bytes = 60;
        for (uint16_t port = 0; port < packets; ++port) {
            record.dst_port = port;
            engine->add({&record, 1}, now_ns + engine->tick_ns());
        }
    }
    void tick() { engine->end_tick(now_ns += engine->tick_ns()); }

    TempDir folder;
    uint64_t now_ns = 1'700'000'000'000'000'000;
    std::shared_ptr<PolicyHost> policies = std::make_shared<PolicyHost>(PolicyBudget{});
    NoEvents events;
    std::unique_ptr<Engine> engine;
};

}  // namespace picket::test

// SPDX-License-Identifier: Apache-2.0
// The bench of one policy test: made packets through the real flow table, engine and policy, on a clock that
// only the test moves. Calling thread.
#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "core/engine/engine.hpp"
#include "core/flow/flow_table.hpp"
#include "core/policy/test_script.hpp"

namespace picket {

/// The packets of one t:traffic in order of time.
class TrafficMaker {
  public:
    TrafficMaker(const TestTraffic& traffic, uint64_t now_ns);
    /// Appends all packets up to and with `end_ns` that were not made yet.
    void make_until(uint64_t end_ns, std::vector<Packet>& out);
    [[nodiscard]] uint64_t packets() const { return total_; }
    [[nodiscard]] uint64_t next_ns() const { return next_ < total_ ? time_of(next_) : UINT64_MAX; }
    [[nodiscard]] uint64_t last_ns() const { return time_of(total_ - 1) + answer_delay_ns; }

  private:
    static constexpr uint64_t answer_delay_ns = 1'000'000;
    [[nodiscard]] uint64_t time_of(uint64_t index) const;
    [[nodiscard]] Packet packet_of(uint64_t index) const;
    [[nodiscard]] Packet answer_to(const Packet& packet) const;
    [[nodiscard]] bool is_answered(uint64_t index) const;

    TestTraffic traffic_;
    uint64_t start_ns_;
    uint64_t total_ = 0;
    uint64_t next_ = 0;
    std::vector<Packet> waiting_;  ///< answers whose time has not come
};

class TestBench final : public PolicyTestBench, private RecordSink, private EventSink {
  public:
    explicit TestBench(std::filesystem::path policy);

    Result<void> set_local(const std::vector<Prefix>& local) override;
    Result<void> set_params(const std::map<std::string, RawValue>& params) override;
    Result<void> add_traffic(const TestTraffic& traffic) override;
    Result<void> advance(uint64_t duration_ns) override;
    Result<const std::vector<Finding>*> findings() override;
    void forget() override { findings_.clear(); }
    [[nodiscard]] uint64_t start_ns() const override { return start_ns_; }

  private:
    Result<void> start();
    Result<void> run_until(uint64_t end_ns);
    Result<void> run_tick();
    [[nodiscard]] uint64_t next_packet_ns() const;
    void on_records(std::span<picket_flow> records) override { engine_->add(records, now_ns_); }
    void on_finding(const Finding& finding, const Incident&) override { findings_.push_back(finding); }
    void on_incident(const Incident&) override {}

    std::filesystem::path policy_;
    std::vector<Prefix> local_;
    std::map<std::string, PolicySettings> settings_;
    std::shared_ptr<PolicyHost> host_;
    FlowTable flows_{FlowTableConfig{}};
    std::optional<Engine> engine_;
    std::vector<TrafficMaker> traffic_;
    std::vector<Packet> packets_;
    uint64_t packets_made_ = 0;
    uint64_t now_ns_;
    uint64_t start_ns_ = 0;
    std::vector<Finding> findings_;
};

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// Start and stop. Main thread, but for the sweeper.
#include "core/api/server/server.hpp"

#include <algorithm>
#include <csignal>
#include <sys/resource.h>
#include <unistd.h>

#include <fmt/format.h>

#include "core/engine/clock.hpp"

namespace picket {
namespace {

constexpr int niceness = 10;
constexpr size_t token_bytes_min = 16;

Result<std::optional<ListenAddress>> checked_address(const ApiServerConfig& config) {
    if (config.listen.empty()) return std::nullopt;
    const auto address = parse_listen_address(config.listen);
    if (!address) return tl::unexpected(address.error());
    if (config.token.empty() && !address->is_loopback())
        return fail(ErrorCode::invalid,
                    fmt::format("{} is not a loopback address, and there is no token", config.listen),
                    "api.listen", "set api.token_file, or listen on 127.0.0.1");
    return *address;
}

Result<void> check_token(const Secret& secret) {
    const std::string& token = secret.reveal();
    const bool is_visible =
        std::all_of(token.begin(), token.end(), [](char c) { return c > 0x20 && c < 0x7f; });
    if (token.empty() || (is_visible && token.size() >= token_bytes_min)) return {};
    return fail(ErrorCode::invalid,
                fmt::format("the token is not {} or more visible ASCII characters", token_bytes_min),
                "api.token_file", "make one with: openssl rand -hex 32");
}

GateConfig gate_config(const ApiServerConfig& config, const std::optional<ListenAddress>& tcp) {
    GateConfig out;
    out.token = config.token;
    out.hosts = {"localhost", "127.0.0.1", "::1"};
    for (const std::string& host : config.hosts)
        if (auto name = host_name(host)) out.hosts.push_back(std::move(*name));
    if (tcp && tcp->is_any())
        out.any_literal_host = true;
    else if (tcp)
        out.hosts.push_back(tcp->address.text());
    return out;
}

/// What is called on it starts threads that inherit its priority and its blocked signals.
void on_niced_thread(const std::function<void()>& call) {
    std::thread([&] {
        ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), niceness);
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_BLOCK, &all, nullptr);
        call();
    }).join();
}

}  // namespace

Result<std::unique_ptr<ApiServer>> ApiServer::start(const ApiServerConfig& config, std::vector<Route> routes,
                                                    ApiCounters& counters, std::function<uint64_t()> now_ns,
                                                    ApiLog log) {
    if (auto good = check_token(config.token); !good) return tl::unexpected(good.error());
    const auto tcp = checked_address(config);
    if (!tcp) return tl::unexpected(tcp.error());
    std::unique_ptr<ApiServer> out(
        new ApiServer(config, *tcp, std::move(routes), counters, std::move(now_ns), std::move(log)));
    Result<void> started;
    on_niced_thread([&] { started = out->listen(); });
    if (!started) return tl::unexpected(started.error());
    return out;
}

ApiServer::ApiServer(const ApiServerConfig& config, const std::optional<ListenAddress>& tcp,
                     std::vector<Route> routes, ApiCounters& counters, std::function<uint64_t()> now_ns,
                     ApiLog log)
    : config_(config)
    , tcp_(tcp)
    , api_(gate_config(config, tcp), std::move(routes))
    , counters_(counters)
    , now_ns_(std::move(now_ns))
    , log_(std::move(log)) {}

Result<void> ApiServer::listen() {
    workers_ = std::make_unique<WorkerPool>(config_.limits.workers, config_.limits.waiting_max);
    means_ =
        std::make_unique<ServerMeans>(ServerMeans{api_, *workers_, counters_, config_.limits, now_ns_, log_});
    if (!config_.socket.empty()) {
        const auto warn = [this](const std::string& text) { log_(PICKET_LOG_WARNING, text); };
        auto added = add_listener(listen_unix(config_.socket, config_.group, warn), true);
        if (!added) return added;
        log_(PICKET_LOG_INFO, fmt::format("answers on {}", config_.socket.native()));
    }
    if (tcp_) {
        auto added = add_listener(listen_tcp(*tcp_), false);
        if (!added) return added;
        log_(PICKET_LOG_INFO, fmt::format("answers on {} port {}, {}", tcp_->address.text(), tcp_->port,
                                          config_.token.empty() ? "read only" : "with the token"));
    }
    sweeper_ = std::thread([this] { sweep(); });
    return {};
}

Result<void> ApiServer::add_listener(Result<int> fd, bool is_unix) {
    if (!fd) return tl::unexpected(fd.error());
    const ApiLimits& limits = config_.limits;
    auto made = Listener::start(
        {.fd = *fd,
         .is_unix = is_unix,
         .connections_max = is_unix ? limits.unix_connections_max : limits.tcp_connections_max,
         .per_address_max = is_unix ? 0 : limits.per_address_max},
        *means_);
    if (!made) return tl::unexpected(made.error());
    listeners_.push_back(std::move(*made));
    return {};
}

void ApiServer::stop() {
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) return;
        stopping_ = true;
    }
    changed_.notify_all();
    if (sweeper_.joinable()) sweeper_.join();
    // In this order: no connection may be suspended when its listener goes.
    for (auto& listener : listeners_) listener->begin_stop();
    if (workers_) workers_->stop();
    const bool has_socket = !config_.socket.empty() && !listeners_.empty();
    listeners_.clear();
    std::error_code error;
    if (has_socket) std::filesystem::remove(config_.socket, error);
}

void ApiServer::sweep() {
    std::unique_lock lock(mutex_);
    while (!changed_.wait_for(lock, std::chrono::seconds(1), [this] { return stopping_; })) {
        for (auto& listener : listeners_) listener->sweep(monotonic_ns());
        ++counters_.sweeps;
    }
}

}  // namespace picket

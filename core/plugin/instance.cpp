// SPDX-License-Identifier: Apache-2.0
// The calls across the border; see instance.hpp.
#include "core/plugin/instance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <vector>

namespace picket {
namespace {

constexpr uint32_t shards_max = 1024;

struct StatusInfo {
    std::string_view name;
    ErrorCode code;
};
/// By picket_status.
constexpr std::array statuses{
    StatusInfo{"ok", ErrorCode::internal},     StatusInfo{"again", ErrorCode::io},
    StatusInfo{"end", ErrorCode::internal},    StatusInfo{"gone", ErrorCode::not_found},
    StatusInfo{"denied", ErrorCode::denied},   StatusInfo{"park", ErrorCode::io},
    StatusInfo{"invalid", ErrorCode::invalid}, StatusInfo{"internal", ErrorCode::internal},
};

/// A number that plugin.h does not know is a fault of the plugin.
picket_status known(picket_status status) {
    uint32_t number = 0;  // the value may be one that the enum does not have
    std::memcpy(&number, &status, sizeof number);
    return number < statuses.size() ? status : PICKET_INTERNAL;
}

std::string text_of(const picket_error& error, picket_status status) {
    const std::string_view text(error.text, strnlen(error.text, sizeof error.text));
    return text.empty() ? fmt::format("failed with status \"{}\" and no text", status_name(status))
                        : std::string(text);
}

tl::unexpected<Error> failure(const picket_plugin& plugin, picket_status status, const picket_error& error) {
    return fail(statuses.at(static_cast<size_t>(status)).code, text_of(error, status),
                fmt::format("plugin {}", plugin.name));
}

picket_str str(std::string_view text) { return {text.data(), text.size()}; }

void log_to(void* ctx, picket_log_level level, picket_str text) {
    if (text.ptr == nullptr) return;
    const auto bounded = std::clamp(level, PICKET_LOG_DEBUG, PICKET_LOG_ERROR);
    const auto& log = *static_cast<const PluginLog*>(ctx);
    if (log) log(bounded, {text.ptr, text.len});
}

const void* no_extension(void*, const char*) { return nullptr; }

picket_action_request border_request(const ActionRequest& request, uint64_t deadline_ns) {
    picket_action_request out{};
    out.size = sizeof out;
    out.dry_run = request.dry_run ? 1 : 0;
    std::ranges::copy(request.id, out.id);
    out.action = str(request.action);
    out.target = str(request.target);
    out.reason = str(request.reason);
    out.params_json = str(request.params_json);
    out.expires_unix_ms = request.expires_unix_ms;
    out.deadline_ns = deadline_ns;
    return out;
}

ActionResult result_of(picket_status status, const picket_error& error) {
    return {status, status == PICKET_OK ? std::string() : text_of(error, status)};
}

}  // namespace

std::string_view status_name(picket_status status) { return statuses.at(static_cast<size_t>(status)).name; }

PluginInstance::PluginInstance(const picket_plugin& plugin, PluginLog log)
    : plugin_(plugin)
    , log_(std::move(log))
    , host_{sizeof host_, PICKET_ABI_MINOR, &log_, log_to, no_extension} {
    main_.check();
}

PluginInstance::~PluginInstance() {
    stop();
    if (self_ != nullptr) plugin_.destroy(self_);
}

Result<void> PluginInstance::create(std::string_view config_json, const char* interface_id) {
    table_ = plugin_.interface(interface_id);
    if (table_ == nullptr)
        return fail(ErrorCode::invalid, fmt::format("does not offer {}", interface_id),
                    fmt::format("plugin {}", plugin_.name));
    picket_error error{};
    self_ = plugin_.create(&host_, str(config_json), &error);
    if (self_ == nullptr) return failure(plugin_, PICKET_INVALID, error);
    return {};
}

Result<void> PluginInstance::start() {
    main_.check();
    picket_error error{};
    const picket_status status = known(plugin_.start(self_, &error));
    if (status != PICKET_OK) return failure(plugin_, status, error);
    started_ = true;
    return {};
}

Result<void> PluginInstance::reconfigure(std::string_view config_json) {
    main_.check();
    if (plugin_.reconfigure == nullptr)
        return fail(ErrorCode::invalid, "takes no new options while it runs",
                    fmt::format("plugin {}", plugin_.name), "restart to use them");
    picket_error error{};
    const picket_status status = known(plugin_.reconfigure(self_, str(config_json), &error));
    if (status != PICKET_OK) return failure(plugin_, status, error);
    return {};
}

void PluginInstance::stop() {
    main_.check();
    if (started_) plugin_.stop(self_);
    started_ = false;
}

Result<std::unique_ptr<SourceInstance>> SourceInstance::create(const picket_plugin& plugin,
                                                               std::string_view config_json, PluginLog log) {
    std::unique_ptr<SourceInstance> made(new SourceInstance(plugin, std::move(log)));
    if (auto created = made->PluginInstance::create(config_json, PICKET_SOURCE_ID); !created)
        return tl::unexpected(created.error());
    return made;
}

Result<void> SourceInstance::start() {
    if (auto started = PluginInstance::start(); !started) return started;
    shard_count_ = source().shards(self());
    if (shard_count_ == 0 || shard_count_ > shards_max)
        return fail(ErrorCode::internal, fmt::format("wants {} shards; 1…{}", shard_count_, shards_max),
                    fmt::format("plugin {}", plugin().name));
    source_threads_ = std::make_unique<ThreadBound[]>(shard_count_);
    return {};
}

Result<picket_status> SourceInstance::next_batch(uint32_t shard, uint64_t timeout_ns, picket_batch& out) {
    assert(shard < shard_count_);
    source_threads_[shard].check();
    out = {};
    out.size = sizeof out;
    picket_error error{};
    error.text[0] = '\0';
    const picket_status status = known(source().next_batch(self(), shard, timeout_ns, &out, &error));
    if (status == PICKET_AGAIN || status == PICKET_END) {
        out.packet_count = out.flow_count = 0;
        return status;
    }
    if (status != PICKET_OK) return failure(plugin(), status, error);
    const bool sane = (out.packets != nullptr || out.packet_count == 0) &&
                      (out.flows != nullptr || out.flow_count == 0) && out.packet_count + out.flow_count > 0;
    if (!sane)
        return fail(ErrorCode::internal, "gave a batch without data",
                    fmt::format("plugin {}", plugin().name));
    return status;
}

void SourceInstance::wake() { source().wake(self()); }

picket_source_stats SourceInstance::stats() const {
    picket_source_stats out{};
    out.size = sizeof out;
    source().stats(self(), &out);
    return out;
}

std::string SourceInstance::interface_name(uint32_t interface) const {
    std::array<char, 256> name{};
    source().interface_name(self(), interface, name.data(), name.size());
    return {name.data(), strnlen(name.data(), name.size())};
}

Result<std::unique_ptr<ActionInstance>> ActionInstance::create(const picket_plugin& plugin,
                                                               std::string_view config_json, PluginLog log) {
    std::unique_ptr<ActionInstance> made(new ActionInstance(plugin, std::move(log)));
    if (auto created = made->PluginInstance::create(config_json, PICKET_ACTION_ID); !created)
        return tl::unexpected(created.error());
    return made;
}

ActionResult ActionInstance::apply(const ActionRequest& request, uint64_t deadline_ns) {
    worker_.check();
    const picket_action_request out = border_request(request, deadline_ns);
    picket_error error{};
    const picket_status status = known(action().apply(self(), &out, &error));
    return result_of(status, error);
}

ActionResult ActionInstance::revert(const ActionRequest& request, uint64_t deadline_ns) {
    worker_.check();
    const picket_action_request out = border_request(request, deadline_ns);
    picket_error error{};
    const picket_status status = known(action().revert(self(), &out, &error));
    return result_of(status, error);
}

ActionResult ActionInstance::reconcile(std::span<const ActionRequest> requests, uint64_t deadline_ns) {
    worker_.check();
    std::vector<picket_action_request> out;
    out.reserve(requests.size());
    for (const ActionRequest& request : requests) out.push_back(border_request(request, deadline_ns));
    picket_error error{};
    const picket_status status = known(action().reconcile(self(), out.data(), out.size(), &error));
    return result_of(status, error);
}

ActionResult ActionInstance::reopen() {
    worker_.check();
    if (action().reopen == nullptr) return {};
    picket_error error{};
    const picket_status status = known(action().reopen(self(), &error));
    return result_of(status, error);
}

}  // namespace picket

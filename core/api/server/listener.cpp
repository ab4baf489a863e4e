// SPDX-License-Identifier: Apache-2.0
// The steps of a request through libmicrohttpd: head, body, perhaps a worker, response. Its callbacks are C:
// nothing is thrown through them.
#include "core/api/server/listener.hpp"

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <sys/socket.h>
#include <unistd.h>

#include "core/engine/clock.hpp"
#include "core/model/duration.hpp"

namespace picket {
namespace {

constexpr unsigned threads_per_listener = 2;
/// A body that goes on beyond this, though its end was refused long before, is not read to its end.
constexpr size_t body_patience_bytes = 1 << 20;

void log_message(void* means, const char* format, va_list arguments) {
    std::array<char, 512> text{};
    const int length = std::vsnprintf(text.data(), text.size(), format, arguments);
    std::string_view line(text.data(),
                          std::clamp<size_t>(static_cast<size_t>(std::max(length, 0)), 0, text.size() - 1));
    while (line.ends_with('\n')) line.remove_suffix(1);
    static_cast<const ServerMeans*>(means)->log(PICKET_LOG_DEBUG, line);
}

/// Paths and queries are decoded by parse_target alone.
size_t leave_as_is(void*, MHD_Connection*, char* text) { return std::strlen(text); }

bool has_body(MHD_Connection* connection) {
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH) !=
               nullptr ||
           MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_TRANSFER_ENCODING) !=
               nullptr;
}

uint64_t seconds_from_now(unsigned seconds) { return monotonic_ns() + seconds * ns_per_second; }

}  // namespace

Result<std::unique_ptr<Listener>> Listener::start(const ListenerConfig& config, const ServerMeans& means) {
    std::unique_ptr<Listener> out(new Listener(config, means));
    if (!out->run()) return fail(ErrorCode::internal, "the HTTP server does not start", "api");
    return out;
}

bool Listener::run() {
    const ApiLimits& limits = means_.limits;
    // poll and not epoll: libmicrohttpd 0.9.75 uses epoll edge-triggered, and does not see a client leave
    // that sent a piece of a request just before. It then holds the connection until its time is over.
    daemon_ = MHD_start_daemon(MHD_USE_POLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0,
                               nullptr, nullptr, &Listener::on_request, this,                //
                               MHD_OPTION_EXTERNAL_LOGGER, &log_message, &means_,            //
                               MHD_OPTION_LISTEN_SOCKET, config_.fd,                         //
                               MHD_OPTION_THREAD_POOL_SIZE, threads_per_listener,            //
                               MHD_OPTION_CONNECTION_LIMIT, config_.connections_max,         //
                               MHD_OPTION_PER_IP_CONNECTION_LIMIT, config_.per_address_max,  //
                               MHD_OPTION_CONNECTION_TIMEOUT, limits.idle_seconds,           //
                               MHD_OPTION_CONNECTION_MEMORY_LIMIT, limits.header_bytes_max,  //
                               MHD_OPTION_STRICT_FOR_CLIENT, 1,                              //
                               MHD_OPTION_URI_LOG_CALLBACK, &Listener::on_uri, this,         //
                               MHD_OPTION_UNESCAPE_CALLBACK, &leave_as_is, nullptr,
                               MHD_OPTION_NOTIFY_CONNECTION, &Listener::on_connection, this,  //
                               MHD_OPTION_NOTIFY_COMPLETED, &Listener::on_completed, this, MHD_OPTION_END);
    return daemon_ != nullptr;
}

Listener::~Listener() {
    if (daemon_ != nullptr) MHD_stop_daemon(daemon_);
    ::close(config_.fd);
}

void Listener::begin_stop() {
    // The socket is not libmicrohttpd's to close from here on.
    MHD_quiesce_daemon(daemon_);
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (Client* client : clients_)
        if (client->stream) client->stream->end();
}

void Listener::sweep(uint64_t monotonic_now_ns) {
    const uint64_t silent_since_ns = monotonic_now_ns - means_.limits.keep_alive_seconds * ns_per_second;
    const std::lock_guard lock(mutex_);
    for (Client* client : clients_) {
        const uint64_t deadline_ns = client->deadline_ns;
        if (client->stream) client->stream->keep_alive(silent_since_ns);
        if (deadline_ns == 0 || monotonic_now_ns < deadline_ns) continue;
        // libmicrohttpd sees the end of the connection, and closes it. The descriptor is still this
        // connection's: it is closed after remove().
        client->deadline_ns = 0;
        ++means_.counters.cut_off;
        ::shutdown(client->fd, SHUT_RDWR);
    }
}

void Listener::on_connection(void* self, MHD_Connection* connection, void** client,
                             MHD_ConnectionNotificationCode what) {
    auto* listener = static_cast<Listener*>(self);
    if (what == MHD_CONNECTION_NOTIFY_STARTED)
        listener->add(connection, client);
    else if (*client != nullptr)
        listener->remove(static_cast<Client*>(*client));
}

void Listener::add(MHD_Connection* connection, void** client) {
    auto made = std::make_unique<Client>();
    made->connection = connection;
    made->fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    made->is_unix = config_.is_unix;
    made->deadline_ns = seconds_from_now(means_.limits.request_seconds);
    read_peer(*made);
    ++means_.counters.connections;
    const std::lock_guard lock(mutex_);
    clients_.insert(made.get());
    *client = made.release();
}

void Listener::remove(Client* client) {
    {
        const std::lock_guard lock(mutex_);
        clients_.erase(client);
    }
    --means_.counters.connections;
    delete client;
}

void* Listener::on_uri(void*, const char* uri, MHD_Connection* connection) {
    const auto* info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    auto* client = static_cast<Client*>(info->socket_context);
    client->target = uri;
    return client;
}

MHD_Result Listener::on_request(void* self, MHD_Connection*, const char* url, const char* method,
                                const char* version, const char* data, size_t* size, void** client) {
    auto* listener = static_cast<Listener*>(self);
    auto& of = *static_cast<Client*>(*client);
    // Texts end at a NUL here. The version stands behind the target in the same line; where it stands further
    // behind than one space, the target went on after a NUL, and is no target.
    if (of.step == Client::Step::idle && version != url + of.target.size() + 1) of.target.clear();
    switch (of.step) {
    case Client::Step::idle:
        return listener->begin(of, method);
    case Client::Step::body:
        return listener->take_body(of, data, size);
    case Client::Step::working:
        return MHD_YES;
    case Client::Step::ready:
        break;
    }
    return listener->send(of);
}

MHD_Result Listener::begin(Client& client, const char* method) {
    auto judged = means_.api.accept(read_head(client, method, means_.now_ns()));
    if (auto* refused = std::get_if<Response>(&judged)) {
        client.response = std::move(*refused);
        // An answer before the body ends the connection, which then is the wish: the body is not read.
        if (has_body(client.connection)) return send(client);
        client.step = Client::Step::ready;
        return MHD_YES;
    }
    client.accepted = std::move(std::get<Api::Accepted>(judged));
    client.step = Client::Step::body;
    return MHD_YES;
}

MHD_Result Listener::take_body(Client& client, const char* data, size_t* size) {
    if (*size == 0) {
        client.deadline_ns = 0;
        if (client.accepted->route->waits) return work(client);
        client.response = means_.api.answer(*client.accepted);
        return send(client);
    }
    client.body_bytes += *size;
    if (client.body_bytes > body_patience_bytes) return MHD_NO;
    std::string& body = client.accepted->request.body;
    // One byte too many is enough to have it refused.
    body.append(data, std::min(*size, body_bytes_max + 1 - body.size()));
    *size = 0;
    return MHD_YES;
}

MHD_Result Listener::work(Client& client) {
    client.step = Client::Step::working;
    MHD_suspend_connection(client.connection);
    const bool taken = means_.workers.add([this, &client] {
        client.response = means_.api.answer(*client.accepted);
        client.step = Client::Step::ready;
        MHD_resume_connection(client.connection);
    });
    if (taken) return MHD_YES;
    ++means_.counters.refused_busy;
    client.response = problem(503, "too many requests wait already");
    client.response.headers.emplace_back("Retry-After", "1");
    client.step = Client::Step::ready;
    MHD_resume_connection(client.connection);
    return MHD_YES;
}

MHD_Result Listener::send(Client& client) {
    Response& response = client.response;
    MHD_Response* out = nullptr;
    if (response.stream != nullptr) out = make_stream(client);
    if (out == nullptr) {
        client.deadline_ns = seconds_from_now(means_.limits.response_seconds);
        out = MHD_create_response_from_buffer(response.body.size(), response.body.data(),
                                              MHD_RESPMEM_MUST_COPY);
    }
    if (out == nullptr) return MHD_NO;
    add_common_headers(response);
    if (!response.content_type.empty() && response.status != 204)
        MHD_add_response_header(out, MHD_HTTP_HEADER_CONTENT_TYPE, response.content_type.c_str());
    for (const auto& [name, value] : response.headers)
        MHD_add_response_header(out, name.c_str(), value.c_str());
    const auto status = static_cast<unsigned>(response.status);
    ++means_.counters.responses.at(std::min<size_t>(status / 100, 5));
    client.step = Client::Step::ready;
    const MHD_Result queued = MHD_queue_response(client.connection, status, out);
    MHD_destroy_response(out);
    return queued;
}

/// Null: there is no stream any more, and the response says so.
MHD_Response* Listener::make_stream(Client& client) {
    auto body = std::make_shared<StreamBody>(client.connection, std::move(client.response.stream));
    const std::lock_guard lock(mutex_);
    if (stopping_) {
        client.response = problem(503, "the daemon stops");
        return nullptr;
    }
    client.deadline_ns = 0;
    client.stream = body;
    return body->make_response();
}

void Listener::on_completed(void* self, MHD_Connection*, void** client, MHD_RequestTerminationCode) {
    auto* listener = static_cast<Listener*>(self);
    auto& of = *static_cast<Client*>(*client);
    {
        const std::lock_guard lock(listener->mutex_);
        if (of.stream) of.stream->detach();
        of.stream.reset();
    }
    of.forget_request();
    of.deadline_ns = seconds_from_now(listener->means_.limits.request_seconds);
}

}  // namespace picket

// SPDX-License-Identifier: Apache-2.0
// Opening, reading and reopening one ring; see live_handle.hpp. [main] [source]
#include "capture/pcap/live_handle.hpp"

#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace picket::capture {
namespace {

using namespace std::chrono_literals;

constexpr auto first_delay = 500ms, longest_delay = 10'000ms;
constexpr auto time_between_looks = 100ms;  // each costs some system calls

constexpr const char* privilege_hint =
    "capturing needs CAP_NET_RAW; run as root, or give the service AmbientCapabilities=CAP_NET_RAW";

/// libpcap's sentence, or that of the code when it left none.
std::string reason_of(pcap_t* handle, int code) {
    const std::string text = pcap_geterr(handle);
    return text.empty() ? pcap_statustostr(code) : text;
}

}  // namespace

sdk::Outcome LiveHandle::activate(pcap_t* handle) const {
    pcap_set_snaplen(handle, static_cast<int>(settings_.snaplen));
    pcap_set_promisc(handle, settings_.promiscuous ? 1 : 0);
    pcap_set_buffer_size(handle, settings_.ring_bytes);
    pcap_set_timeout(handle, settings_.buffer_timeout_ms);
    pcap_set_tstamp_precision(handle, PCAP_TSTAMP_PRECISION_NANO);  // a refusal is seen by asking afterwards
    const int code = pcap_activate(handle);
    if (code >= 0) return {};
    if (code == PCAP_ERROR_PERM_DENIED || code == PCAP_ERROR_PROMISC_PERM_DENIED)
        return {PICKET_DENIED, privilege_hint};
    return {PICKET_AGAIN, reason_of(handle, code)};
}

sdk::Outcome LiveHandle::join_fanout(int fd) {
    const bool first = interface_.fanout_id < 0;
    // An id that the kernel finds cannot be that of another program's group.
    const int kind = PACKET_FANOUT_HASH | (first ? PACKET_FANOUT_FLAG_UNIQUEID : 0);
    int argument = (first ? 0 : interface_.fanout_id) | (kind << 16);
    socklen_t size = sizeof argument;
    if (setsockopt(fd, SOL_PACKET, PACKET_FANOUT, &argument, size) != 0 ||
        getsockopt(fd, SOL_PACKET, PACKET_FANOUT, &argument, &size) != 0)
        return {PICKET_AGAIN, "PACKET_FANOUT: " + std::generic_category().message(errno)};
    interface_.fanout_id = argument & 0xffff;
    return {};
}

sdk::Outcome LiveHandle::open() try {
    const std::lock_guard lock(interface_.mutex);
    std::array<char, PCAP_ERRBUF_SIZE> reason{};
    PcapHandle handle(pcap_create(interface_.name.c_str(), reason.data()));
    if (!handle) return {PICKET_AGAIN, reason.data()};
    if (sdk::Outcome outcome = activate(handle.get()); !outcome.ok()) return outcome;
    if (!settings_.filter.empty()) {
        Filter filter(handle.get(), settings_.filter, "");
        if (pcap_setfilter(handle.get(), filter.program()) != 0)
            return {PICKET_INVALID, std::string("filter: ") + pcap_geterr(handle.get())};
    }
    if (pcap_setnonblock(handle.get(), 1, reason.data()) != 0) return {PICKET_AGAIN, reason.data()};
    if (settings_.shards > 1) {
        if (sdk::Outcome outcome = join_fanout(pcap_fileno(handle.get())); !outcome.ok()) return outcome;
    }
    const bool nano = pcap_get_tstamp_precision(handle.get()) == PCAP_TSTAMP_PRECISION_NANO;
    origin_ = {static_cast<uint16_t>(pcap_datalink(handle.get())), interface_.number, nano ? 1u : 1000u};
    fd_ = pcap_get_selectable_fd(handle.get());
    handle_ = std::move(handle);
    dropped_kernel_ = dropped_interface_ = 0;
    delay_ = 0ms;
    if (interface_.open_handles++ == 0) ++counters_.interfaces_up;
    return {};
} catch (const sdk::Failure& failure) {
    return {failure.status(), failure.what()};
}

void LiveHandle::close() {
    if (!handle_) return;
    update_losses();
    const std::lock_guard lock(interface_.mutex);
    handle_.reset();
    fd_ = -1;
    if (--interface_.open_handles == 0) {
        interface_.fanout_id = -1;
        --counters_.interfaces_up;
    }
}

void LiveHandle::read(PacketBatch& batch) {
    struct Sink {
        PacketBatch& batch;
        const PacketOrigin& origin;
    } sink{batch, origin_};
    const auto take = [](u_char* user, const pcap_pkthdr* header, const u_char* data) {
        const auto* to = reinterpret_cast<const Sink*>(user);
        to->batch.add(to->origin, *header, data);
    };
    const int room = batch.room();
    if (room == 0) return;
    const int got = pcap_dispatch(handle_.get(), room, take, reinterpret_cast<u_char*>(&sink));
    if (got < 0) went_down(reason_of(handle_.get(), got));
}

void LiveHandle::look_after(Clock::time_point now) {
    if (now < next_look_) return;
    next_look_ = now + time_between_looks;
    update_losses();
    // libpcap tells of an interface that vanished, but waits in silence for one that was only taken down.
    ifreq request{};
    interface_.name.copy(request.ifr_name, sizeof request.ifr_name - 1);
    const bool known = ioctl(fd_, SIOCGIFFLAGS, &request) == 0;
    if (known && (request.ifr_flags & IFF_UP) == 0) went_down("it was taken down");
}

void LiveHandle::update_losses() {
    pcap_stat now{};
    if (pcap_stats(handle_.get(), &now) != 0) return;
    // The counts are 32 bits wide and wrap; that of an interface which vanished may also fall back.
    const auto grown = [](uint32_t& last, uint32_t value) -> uint64_t {
        const auto difference = static_cast<int32_t>(value - last);
        last = value;
        return difference > 0 ? static_cast<uint64_t>(difference) : 0;
    };
    counters_.dropped_kernel += grown(dropped_kernel_, now.ps_drop);
    // All shards of an interface see the same count here.
    if (shard_ == 0) counters_.dropped_interface += grown(dropped_interface_, now.ps_ifdrop);
}

void LiveHandle::went_down(const std::string& reason) {
    close();
    retry_later(reason);
}

void LiveHandle::retry_later(const std::string& reason) {
    if (delay_ == 0ms && shard_ == 0) {
        ++counters_.interfaces_down;
        host_.warning(interface_.name + " is down (" + reason + "); it is tried again until it is back");
    }
    delay_ = delay_ == 0ms ? first_delay : std::min<std::chrono::milliseconds>(delay_ * 2, longest_delay);
    next_try_ = Clock::now() + delay_;
}

void LiveHandle::retry(Clock::time_point now) {
    if (now < next_try_) return;
    const sdk::Outcome outcome = open();
    if (!outcome.ok()) {
        retry_later(outcome.text);
        return;
    }
    if (shard_ == 0) {
        --counters_.interfaces_down;
        host_.info(interface_.name + " is back");
    }
}

}  // namespace picket::capture

// SPDX-License-Identifier: Apache-2.0
// The entry of the plugin. [main]
#include "capture/pcap/pcap_source.hpp"

#include "capture/pcap/file_capture.hpp"
#include "capture/pcap/live_capture.hpp"

namespace picket::capture {

sdk::Outcome PcapSource::start() {
    std::unique_ptr<Capture> capture;
    if (settings_.files.empty()) {
        capture = std::make_unique<LiveCapture>(settings_, host_, counters_);
    } else {
        capture = std::make_unique<FileCapture>(settings_, host_, counters_);
    }
    const std::lock_guard lock(mutex_);
    capture_ = std::move(capture);
    return {};
}

void PcapSource::stop() {
    const std::lock_guard lock(mutex_);
    capture_.reset();
}

void PcapSource::wake() {
    const std::lock_guard lock(mutex_);
    if (capture_) capture_->wake();
}

std::string PcapSource::interface_name(uint32_t number) {
    const std::lock_guard lock(mutex_);
    return capture_ ? capture_->interface_name(number) : "";
}

}  // namespace picket::capture

PICKET_PLUGIN(picket::capture::PcapSource)

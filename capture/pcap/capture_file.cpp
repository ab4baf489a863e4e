// SPDX-License-Identifier: Apache-2.0
// Chooses who reads a file by its first bytes. [main]
#include "capture/pcap/capture_file.hpp"

#include "capture/pcap/byte_input.hpp"
#include "capture/pcap/library_file.hpp"
#include "capture/pcap/plain_file.hpp"
#include "picket/sdk/outcome.hpp"

namespace picket::capture {

std::unique_ptr<CaptureFile> open_capture_file(const FileOptions& options) {
    auto input = std::make_unique<ByteInput>(options.path, options.wake_fd);
    const auto head = input->peek(plain_header_bytes);
    if (head.empty())
        throw sdk::Failure(options.name + " is empty: not even the header of a capture is there");
    if (PlainFile::recognizes(head)) return std::make_unique<PlainFile>(std::move(input), options);
    return std::make_unique<LibraryFile>(std::move(input), options);
}

}  // namespace picket::capture

// SPDX-License-Identifier: Apache-2.0
// make_traffic: writes captures for tests, the demo and the benchmarks. Same words, same seed, same bytes.
// Main thread.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <iterator>

#include "tests/support/make_traffic/pcap_writer.hpp"
#include "tests/support/make_traffic/scenario.hpp"

namespace {

using namespace picket;
using namespace picket::traffic;

constexpr uint64_t ns_per_second = 1'000'000'000;

struct Order {
    std::vector<std::string> words;
    std::string file;
    uint64_t seed = 1;
    uint64_t start_s = 1'700'000'000;
};

Result<void> make(const Order& order) {
    std::vector<std::unique_ptr<Stream>> streams;
    for (const std::string& word : order.words) {
        // Each word has numbers of its own, so that adding one does not change the others.
        const uint64_t seed = order.seed * 1'000'003 + streams.size() * 101;
        auto made = make_streams(word, order.start_s * ns_per_second, seed);
        if (!made) return tl::unexpected(made.error());
        std::move(made->begin(), made->end(), std::back_inserter(streams));
    }
    auto writer = PcapWriter::open(order.file);
    if (!writer) return tl::unexpected(writer.error());
    Merged merged(std::move(streams));
    Packet packet;
    Frame frame;
    uint64_t packets = 0;
    uint64_t bytes = 0;
    while (merged.next(packet)) {
        build(packet, frame);
        if (auto done = writer->write(packet.time_ns, frame); !done) return done;
        ++packets;
        bytes += frame.size;
    }
    if (auto done = writer->finish(); !done) return done;
    fmt::print(stderr, "{}: {} packets, {} bytes\n", order.file, packets, bytes);
    return {};
}

int run(int argc, char** argv) {
    CLI::App app{"Writes a pcap file of made traffic, the same for the same words and seed."};
    Order order;
    bool list = false;
    app.add_option("SCENARIO", order.words, "NAME or NAME:key=value,key=value; several are merged by time");
    app.add_option("-o,--output", order.file, "File to write; - is standard output");
    app.add_option("--seed", order.seed, "Another seed, other packets")->capture_default_str();
    app.add_option("--start", order.start_s, "Unix time of the first packet")
        ->check(CLI::Range(uint64_t{0}, uint64_t{4'000'000'000}))
        ->capture_default_str();
    app.add_flag("--list", list, "Show the scenarios and their keys");
    CLI11_PARSE(app, argc, argv);
    if (list) {
        fmt::print("{}", scenario_list());
        return 0;
    }
    if (order.words.empty() || order.file.empty()) {
        fmt::print(stderr,
                   "make_traffic: give a scenario and -o FILE (make_traffic --list shows the scenarios)\n");
        return 2;
    }
    if (auto done = make(order); !done) {
        fmt::print(stderr, "make_traffic: {}\n", done.error().text());
        return 2;
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {  // out of memory, or standard output closed
        std::fputs(error.what(), stderr);
        return 2;
    }
}

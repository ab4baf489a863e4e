// SPDX-License-Identifier: Apache-2.0
// Proves, through the plugin's C interface, that captures of every format are read whole and in time order,
// that a broken one is read to where it breaks and counted, and that one which cannot be read is refused with
// its reason.
#include <boost/test/unit_test.hpp>

#include "capture/pcap/capture_writer.test.hpp"
#include "core/plugin/descriptor.hpp"

using namespace picket::capture::test;

namespace {

/// "1.000000002" seconds are 1,000,000,002.
constexpr uint64_t s = 1'000'000'000;

std::string numbered(int number) { return "packet number " + std::to_string(number); }

/// A file with packets at the given seconds, each of which says `name` and its place.
std::string file_of(const std::string& name, const std::vector<uint32_t>& seconds) {
    std::string bytes = plain_header();
    for (size_t i = 0; i < seconds.size(); ++i)
        bytes += plain_record(seconds[i], 0, name + std::to_string(i));
    return bytes;
}

std::vector<std::string> data_of(const Reader& reader) {
    std::vector<std::string> all;
    for (const SeenPacket& packet : reader.packets) all.push_back(packet.data);
    return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(file_capture)

BOOST_AUTO_TEST_CASE(plain_captures_of_every_byte_order_and_precision) {
    struct Row {
        const char* what;
        PlainFormat format;
        uint64_t time_ns;
    };
    for (const Row& row :
         {Row{"little, micro", {false, false}, 5 * s + 7000}, Row{"big, micro", {true, false}, 5 * s + 7000},
          Row{"little, nano", {false, true}, 5 * s + 7}, Row{"big, nano", {true, true}, 5 * s + 7},
          Row{"old, by libpcap", {false, false, 1, 3}, 5 * s + 7000}}) {
        BOOST_TEST_CONTEXT(row.what) {
            const TempDir dir;
            Reader reader({dir.write("a.pcap", plain_header(row.format) +
                                                   plain_record(5, 7, numbered(1), 0, row.format.big))});
            BOOST_TEST(reader.run() == PICKET_END);
            BOOST_REQUIRE(reader.packets.size() == 1u);
            BOOST_TEST(reader.packets[0].data == numbered(1));
            BOOST_TEST(reader.packets[0].time_ns == row.time_ns);
            BOOST_TEST(reader.packets[0].length == numbered(1).size());
            BOOST_TEST(reader.packets[0].link_type == 1);
            BOOST_TEST(reader.stats().received == 1u);
        }
    }
}

BOOST_AUTO_TEST_CASE(pcapng_is_read) {
    const TempDir dir;
    Reader reader({dir.write("a.pcapng", pcapng({numbered(1), numbered(2)}))});
    BOOST_TEST(reader.run() == PICKET_END);
    BOOST_TEST((data_of(reader) == std::vector<std::string>{numbered(1), numbered(2)}));
    BOOST_TEST(reader.packets[1].time_ns == 2 * s);
}

BOOST_AUTO_TEST_CASE(more_packets_than_a_batch_or_a_buffer_keep_their_order) {
    const TempDir dir;
    // A size that does not divide the read buffer, so that records straddle its end.
    const std::string filler(1000, '.');
    std::string plain = plain_header();
    std::vector<std::string> packets;
    for (int i = 0; i < 1000; ++i) {
        packets.push_back(numbered(i) + filler);
        plain += plain_record(static_cast<uint32_t>(i), 0, packets.back());
    }
    for (const std::string& path : {dir.write("a.pcap", plain), dir.write("a.pcapng", pcapng(packets))}) {
        Reader reader({path}, {{"snaplen", 2000}});
        BOOST_TEST(reader.run() == PICKET_END);
        BOOST_TEST(data_of(reader) == packets, boost::test_tools::per_element());
        BOOST_TEST(*std::ranges::max_element(reader.batches) <= 256u);
    }
}

BOOST_AUTO_TEST_CASE(every_link_type_is_passed_on) {
    // Number in the file, and the one that libpcap gives for it here.
    struct Row {
        uint32_t in_file;
        uint16_t passed;
    };
    for (const Row& row : {Row{1, 1}, Row{0, 0}, Row{101, 12}, Row{113, 113}, Row{276, 276}, Row{228, 228},
                           Row{229, 229}, Row{108, 108}, Row{147, 147}}) {
        const TempDir dir;
        Reader reader(
            {dir.write("a.pcap", plain_header({.link_type = row.in_file}) + plain_record(1, 0, "x"))});
        BOOST_TEST(reader.run() == PICKET_END);
        BOOST_REQUIRE(reader.packets.size() == 1u);
        BOOST_TEST(reader.packets[0].link_type == row.passed);
    }
}

BOOST_AUTO_TEST_CASE(several_files_are_merged_by_time_and_then_by_their_order) {
    const TempDir dir;
    Reader reader({dir.write("a.pcap", file_of("a", {1, 4, 4, 9})),
                   dir.write("b.pcap", file_of("b", {2, 4, 5})),
                   dir.write("c.pcapng", pcapng({"c0", "c1"}))});
    BOOST_TEST(reader.run() == PICKET_END);
    const std::vector<std::string> expected{"a0", "c0", "b0", "c1", "a1", "a2", "b1", "b2", "a3"};
    BOOST_TEST(data_of(reader) == expected, boost::test_tools::per_element());
    BOOST_TEST(reader.packets[1].interface == 2);
    BOOST_TEST(reader.interface_name(1).ends_with("b.pcap"));
    BOOST_TEST(reader.interface_name(3).empty());
    BOOST_TEST(reader.shards() == 1u);
}

BOOST_AUTO_TEST_CASE(a_merge_over_many_refills_loses_and_swaps_nothing) {
    const TempDir dir;
    std::vector<std::string> files;
    constexpr size_t per_file = 2000, count = 3;
    for (uint32_t file = 0; file < count; ++file) {
        std::string bytes = plain_header({.nano = true});
        for (uint32_t i = 0; i < per_file; ++i)
            bytes += plain_record(i, file, std::to_string(i * count + file) + std::string(100, '.'));
        files.push_back(dir.write(std::to_string(file), bytes));
    }
    std::ranges::reverse(files);
    Reader reader(files);
    BOOST_TEST(reader.run() == PICKET_END);
    BOOST_REQUIRE(reader.packets.size() == per_file * count);
    for (size_t i = 0; i < reader.packets.size(); ++i)
        BOOST_REQUIRE(reader.packets[i].data.starts_with(std::to_string(i) + "."));
}

BOOST_AUTO_TEST_CASE(only_the_first_bytes_are_given_and_only_cuts_of_the_capture_are_counted) {
    const TempDir dir;
    const std::string bytes = plain_header() + plain_record(1, 0, std::string(1000, 'x')) +
                              plain_record(2, 0, std::string(100, 'x'), 900) +
                              plain_record(3, 0, std::string(300, 'x'), 900) + plain_record(4, 0, "lies", 2);
    Reader reader({dir.write("a.pcap", bytes)});
    BOOST_TEST(reader.run() == PICKET_END);
    BOOST_REQUIRE(reader.packets.size() == 4u);
    BOOST_TEST(reader.packets[0].data.size() == 256u);
    BOOST_TEST(reader.packets[0].length == 1000u);
    BOOST_TEST(reader.packets[1].data.size() == 100u);
    BOOST_TEST(reader.packets[1].length == 900u);
    BOOST_TEST(reader.packets[3].length == 4u);  // never less than what is there
    BOOST_TEST(reader.stats().truncated == 1u);
}

BOOST_AUTO_TEST_CASE(a_broken_file_is_read_to_where_it_breaks) {
    const std::string two =
        plain_header() + plain_record(1, 0, numbered(1)) + plain_record(2, 0, numbered(2));
    const std::string ng = pcapng({numbered(1), numbered(2), numbered(3)});
    struct Row {
        const char* what;
        std::string bytes;
        const char* reason;
    };
    const std::vector<Row> rows{
        {"within the header of a record", two + plain_record(3, 0, numbered(3)).substr(0, 7),
         "ends within a record"},
        {"within a packet", two + plain_record(3, 0, numbered(3)).substr(0, 20), "ends within a record"},
        {"right after the header of a record", two + plain_record(3, 0, numbered(3)).substr(0, 16),
         "ends within a record"},
        {"an impossible length", two + Bytes{}.u32(3).u32(0).u32(0xfffffff0).u32(60).raw(numbered(3)).text,
         "impossible length"},
        {"within a block of pcapng", ng.substr(0, ng.size() - 9), "truncated"},
        {"a senseless block of pcapng",
         pcapng({numbered(1), numbered(2)}) + Bytes{}.u32(6).u32(5).u32(0).text, "block"},
    };
    for (const Row& row : rows) {
        BOOST_TEST_CONTEXT(row.what) {
            const TempDir dir;
            Reader reader({dir.write("broken", row.bytes), dir.write("whole", file_of("w", {9}))});
            BOOST_TEST(reader.run() == PICKET_END);
            BOOST_TEST((data_of(reader) == std::vector<std::string>{numbered(1), numbered(2), "w0"}));
            BOOST_TEST(reader.stats().malformed == 1u);
            BOOST_REQUIRE(reader.log.size() == 1u);
            BOOST_TEST(reader.log[0].find("broken is broken after 2 packets") != std::string::npos,
                       reader.log[0]);
            BOOST_TEST(reader.log[0].find(row.reason) != std::string::npos, reader.log[0]);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_capture_without_packets_is_no_fault) {
    const TempDir dir;
    Reader reader({dir.write("a.pcap", plain_header())});
    BOOST_TEST(reader.run() == PICKET_END);
    BOOST_TEST(reader.stats().malformed == 0u);
    BOOST_TEST(reader.log.empty());
    BOOST_TEST(reader.next() == PICKET_END);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_refused_with_path_and_reason) {
    const TempDir dir;
    struct Row {
        std::string path;
        const char* reason;
    };
    const std::vector<Row> rows{
        {"/nonexistent/a.pcap", "No such file or directory"},
        {"/tmp", "Is a directory"},
        {dir.write("empty", ""), "is empty"},
        {dir.write("short", plain_header().substr(0, 10)), "is no capture"},
        {dir.write("text", "this is a text and nothing else\n"), "is no capture"},
    };
    for (const Row& row : rows) {
        Reader reader({row.path});
        BOOST_REQUIRE(reader.created());
        BOOST_TEST(reader.start() == PICKET_INVALID);
        BOOST_TEST(reader.fault().find(row.path) != std::string::npos, reader.fault());
        BOOST_TEST(reader.fault().find(row.reason) != std::string::npos, reader.fault());
    }
}

BOOST_AUTO_TEST_CASE(a_filter_takes_what_it_says) {
    const TempDir dir;
    // Ethernet with an IPv4 and with an IPv6 packet, as much of them as the filter looks at.
    const std::string ethernet(12, '\1');
    const std::string v4 = ethernet + std::string("\x08\x00\x45", 3) + std::string(40, '\0');
    const std::string v6 = ethernet + std::string("\x86\xdd\x60", 3) + std::string(40, '\0');
    std::string plain = plain_header();
    std::vector<std::string> packets;
    for (int i = 0; i < 600; ++i) {
        packets.push_back(i == 300 ? v6 : v4);
        plain += plain_record(1, 0, packets.back());
    }
    for (const std::string& path : {dir.write("a.pcap", plain), dir.write("a.pcapng", pcapng(packets))}) {
        Reader reader({path}, {{"filter", "ip6"}});
        BOOST_TEST(reader.run() == PICKET_END);
        BOOST_TEST((data_of(reader) == std::vector<std::string>{v6}));
        BOOST_TEST(reader.stats().received == 1u);

        Reader wrong({path}, {{"filter", "ip7 or so"}});
        BOOST_TEST(wrong.start() == PICKET_INVALID);
        BOOST_TEST(wrong.fault().find("filter \"ip7 or so\"") != std::string::npos, wrong.fault());
    }
}

BOOST_AUTO_TEST_CASE(standard_input_is_read_as_it_comes) {
    std::array<int, 2> pipe_fds{};
    BOOST_REQUIRE(pipe(pipe_fds.data()) == 0);
    const int saved = dup(STDIN_FILENO);
    dup2(pipe_fds[0], STDIN_FILENO);
    const auto send = [&](const std::string& bytes) {
        BOOST_REQUIRE(write(pipe_fds[1], bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
    };
    {
        const std::string record = plain_record(1, 0, numbered(1));
        send(plain_header() + record.substr(0, 5));
        Reader reader({"-"});
        BOOST_TEST(reader.start() == PICKET_OK);
        BOOST_TEST(reader.next(0) == PICKET_AGAIN);  // half a record is waited for
        send(record.substr(5));
        BOOST_TEST(reader.next(0) == PICKET_OK);
        reader.wake();
        BOOST_TEST(reader.next(UINT64_MAX) == PICKET_AGAIN);  // would wait for ever
        close(pipe_fds[1]);
        BOOST_TEST(reader.next(0) == PICKET_END);
        BOOST_TEST((data_of(reader) == std::vector<std::string>{numbered(1)}));
        BOOST_TEST(reader.interface_name(0) == "standard input");
    }
    dup2(saved, STDIN_FILENO);
    close(saved);
    close(pipe_fds[0]);
}

BOOST_AUTO_TEST_CASE(the_host_takes_its_declaration) {
    const auto checked = picket::check_descriptor(*PICKET_ENTRY());
    const std::string problem = checked ? "" : checked.error().text();
    BOOST_TEST(problem.empty(), problem);
}

BOOST_AUTO_TEST_CASE(either_files_or_interfaces_are_given) {
    Reader neither({});
    BOOST_TEST(!neither.created());
    BOOST_TEST(neither.fault() == "give either files or interfaces, and not both");
    Reader both({"a"}, {{"interfaces", {"lo"}}});
    BOOST_TEST(!both.created());
    Reader many(std::vector<std::string>(257, "a"));
    BOOST_TEST(many.fault().starts_with("at most 256 files"));
}

BOOST_AUTO_TEST_SUITE_END()

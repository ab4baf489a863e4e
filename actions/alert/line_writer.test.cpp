// SPDX-License-Identifier: Apache-2.0
// Proves that lines are whole whatever the reader does: a slow one, one that leaves, a file that is moved
// away.
#include "actions/alert/line_writer.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

using picket::alert::LineWriter;

namespace {

constexpr uint64_t past = 0, far_future = 4'000'000'000'000'000'000;

struct Pipe {
    Pipe() { BOOST_REQUIRE(pipe2(fds.data(), O_CLOEXEC) == 0); }
    ~Pipe() {
        close(fds[1]);
        close_reader();
    }
    void close_reader() {
        if (fds[0] >= 0) close(fds[0]);
        fds[0] = -1;
    }
    /// All that is in it now.
    std::string read_all() const {
        fcntl(fds[0], F_SETFL, O_NONBLOCK);
        std::string all;
        std::array<char, 65536> part{};
        for (ssize_t got = 0; (got = read(fds[0], part.data(), part.size())) > 0;)
            all.append(part.data(), static_cast<size_t>(got));
        return all;
    }
    std::array<int, 2> fds{};
};

struct TempFile {
    TempFile() {
        std::string name = (std::filesystem::temp_directory_path() / "picket_alert_XXXXXX").string();
        BOOST_REQUIRE(mkdtemp(name.data()) != nullptr);
        dir = name;
        path = dir / "alerts.jsonl";
    }
    ~TempFile() { std::filesystem::remove_all(dir); }
    std::filesystem::path dir, path;
};

std::string text_of(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(line_writer)

BOOST_AUTO_TEST_CASE(lines_are_appended_to_the_file_with_its_mode) {
    const TempFile file;
    LineWriter writer(file.path.string());
    const mode_t before = umask(0);
    BOOST_TEST(writer.reopen().ok());
    umask(before);
    BOOST_TEST(writer.write("one", far_future).ok());
    BOOST_TEST(writer.write("two", far_future).ok());
    BOOST_TEST(text_of(file.path) == "one\ntwo\n");
    struct stat status {};
    stat(file.path.c_str(), &status);
    BOOST_TEST((status.st_mode & 0777) == 0640u);
}

BOOST_AUTO_TEST_CASE(reopen_follows_a_rotation) {
    const TempFile file;
    LineWriter writer(file.path.string());
    BOOST_TEST(writer.reopen().ok());
    BOOST_TEST(writer.write("old", far_future).ok());
    std::filesystem::rename(file.path, file.dir / "rotated");
    BOOST_TEST(writer.write("still old", far_future).ok());
    BOOST_TEST(writer.reopen().ok());
    BOOST_TEST(writer.write("new", far_future).ok());
    BOOST_TEST(text_of(file.dir / "rotated") == "old\nstill old\n");
    BOOST_TEST(text_of(file.path) == "new\n");
}

BOOST_AUTO_TEST_CASE(a_failed_reopen_keeps_the_open_file) {
    const TempFile file;
    const std::filesystem::path folder = file.dir / "logs";
    std::filesystem::create_directory(folder);
    LineWriter writer((folder / "a").string());
    BOOST_TEST(writer.reopen().ok());
    std::filesystem::rename(folder, file.dir / "moved");
    const auto outcome = writer.reopen();
    BOOST_TEST(outcome.status == PICKET_PARK);
    BOOST_TEST(outcome.text.find("No such file or directory") != std::string::npos);
    BOOST_TEST(writer.write("kept", far_future).ok());
    BOOST_TEST(text_of(file.dir / "moved" / "a") == "kept\n");
}

BOOST_AUTO_TEST_CASE(a_reader_that_left_is_a_lasting_fault_and_no_signal) {
    Pipe pipe;
    LineWriter writer(pipe.fds[1], "standard output");
    pipe.close_reader();
    for (int i = 0; i < 2; ++i) {
        const auto outcome = writer.write("x", far_future);
        BOOST_TEST(outcome.status == PICKET_PARK);
        BOOST_TEST(outcome.text == "cannot write to standard output: Broken pipe");
    }
    sigset_t pending;
    sigpending(&pending);
    BOOST_TEST(sigismember(&pending, SIGPIPE) == 0);
}

BOOST_AUTO_TEST_CASE(a_descriptor_that_is_closed_is_a_lasting_fault) {
    LineWriter writer(987, "standard output");
    BOOST_TEST(writer.write("x", far_future).status == PICKET_PARK);
}

BOOST_AUTO_TEST_CASE(a_reader_that_stands_still_holds_nothing_up_and_lines_stay_whole) {
    const Pipe pipe;
    LineWriter writer(pipe.fds[1], "a pipe");
    // Longer than the pipe holds: begun, so it is taken, and its end is kept.
    const std::string big(200'000, 'b');
    BOOST_TEST(writer.write(big, past).ok());
    const auto refused = writer.write("later", past);
    BOOST_TEST(refused.status == PICKET_AGAIN);
    BOOST_TEST(refused.text == "cannot write to a pipe: its reader takes nothing");
    std::string all;
    for (int tries = 0; tries < 20; ++tries) {
        all += pipe.read_all();
        if (writer.write("later", past).ok()) break;
    }
    all += pipe.read_all();
    BOOST_TEST((all == big + "\nlater\n"));
}

BOOST_AUTO_TEST_SUITE_END()

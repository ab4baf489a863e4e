// SPDX-License-Identifier: Apache-2.0
// ANSI sequences (ECMA-48, xterm's alternate screen) and termios. The signal handler only sets a flag; what
// ends the program without one (an error, a return) passes the destructor.
#include "core/client/screen.hpp"

#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>

#include <fmt/format.h>

namespace picket {
namespace {

constexpr std::string_view enter = "\x1b[?1049h\x1b[?25l";
constexpr std::string_view leave = "\x1b[?25h\x1b[?1049l";
constexpr std::array end_signals{SIGINT, SIGTERM, SIGHUP, SIGQUIT};

volatile std::sig_atomic_t end_asked = 0;
termios before{};
std::array<struct sigaction, end_signals.size()> actions_before{};
struct sigaction resize_before {};

void on_end(int) { end_asked = 1; }
void on_resize(int) {}  // it interrupts the wait for a key, and that is all

void say(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
}

void take_signals() {
    struct sigaction action {};
    action.sa_handler = on_end;
    for (size_t i = 0; i < end_signals.size(); ++i) sigaction(end_signals[i], &action, &actions_before[i]);
    action.sa_handler = on_resize;
    sigaction(SIGWINCH, &action, &resize_before);
}

void give_signals_back() {
    for (size_t i = 0; i < end_signals.size(); ++i) sigaction(end_signals[i], &actions_before[i], nullptr);
    sigaction(SIGWINCH, &resize_before, nullptr);
}

}  // namespace

bool Screen::possible() { return isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1; }

Screen::Screen() {
    tcgetattr(STDIN_FILENO, &before);
    take_signals();
    termios raw = before;
    raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    raw.c_cc[VMIN] = 0;
    raw.c_cc[VTIME] = 0;
    // Ctrl-Z would leave the shell on a drawn screen.
    raw.c_cc[VSUSP] = _POSIX_VDISABLE;
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw);
    say(enter);
}

Screen::~Screen() {
    say(leave);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    give_signals_back();
}

ScreenSize Screen::size() {
    winsize size{};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0) return {};
    return {size.ws_row, size.ws_col};
}

void Screen::draw(std::string_view text) const {
    const int rows = size().rows;
    // Each line clears what is left of the one that stood there, so that nothing flickers. No wrapping.
    std::string out = "\x1b[H\x1b[?7l";
    for (int row = 1; row <= rows && !text.empty(); ++row) {
        const size_t end = text.find('\n');
        out += text.substr(0, end);
        out += row < rows ? "\x1b[K\r\n" : "\x1b[K";
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    }
    say(out + "\x1b[J\x1b[?7h");
}

char Screen::key(int wait_ms) {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    char key = 0;
    if (poll(&input, 1, wait_ms) <= 0) return 0;
    // A terminal that went away reads as its end.
    if (read(STDIN_FILENO, &key, 1) != 1) end_asked = 1;
    return key;
}

bool Screen::ended() { return end_asked != 0; }

}  // namespace picket

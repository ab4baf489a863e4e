// SPDX-License-Identifier: Apache-2.0
// `picket top`: the heaviest rows of a counter, drawn again every second. Main thread.
#include <algorithm>
#include <memory>
#include <optional>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include "core/client/api_options.hpp"
#include "core/client/commands.hpp"
#include "core/client/screen.hpp"
#include "core/client/top_page.hpp"
#include "core/terminal/terminal.hpp"

namespace picket {
namespace {

struct Options {
    ApiAddress address;
    std::string counter, sort;
    size_t limit = 0;
    double interval_seconds = 1;
    bool once = false, json = false;
};

constexpr size_t limit_without_terminal = 20;
constexpr int lines_around = 4;  ///< beside the rows: head, space, names, keys
constexpr const char* help = "q quit   s next sort   c next counter   p pause   ? help";
constexpr const char* help_page = R"(picket top: the heaviest rows of a counter

  q   quit
  s   sort by the next measure
  c   the next counter
  p   pause: the rows stay as they are; again: go on
  ?   this page; any key leaves it

The marked column is the one that is sorted by. The counters are those of the policies that run.
)";

class Top {
  public:
    Top(ApiClient client, const Options& options)
        : client_(std::move(client))
        , options_(options)
        , counter_(options.counter)
        , sort_(options.sort) {}

    Result<void> choose() {
        auto counters = client_.get("/api/v1/counters");
        if (!counters) return tl::unexpected<Error>(counters.error());
        counters_ = std::move(*counters);
        for (const Json& counter : part_at(counters_, "items")) names_.push_back(text_at(counter, "name"));
        if (names_.empty()) return fail(ErrorCode::not_found, "no policy counts anything");
        if (counter_.empty()) counter_ = default_counter(counters_);
        if (sort_.empty()) sort_ = first_measure();
        return {};
    }
    Result<Json> ask(size_t limit) {
        return client_.get("/api/v1/counters",
                           {{"counter", counter_}, {"sort", sort_}, {"limit", std::to_string(limit)}});
    }
    Result<void> print_once() {
        const auto answer = ask(options_.limit > 0 ? options_.limit : limit_without_terminal);
        if (!answer) return tl::unexpected<Error>(answer.error());
        fmt::print("{}", options_.json ? json_line(*answer) + "\n"
                                       : top_page(*answer, sort_, wants_colours(stdout)));
        return {};
    }
    Result<void> redraw() {
        const Screen screen;
        const bool colours = wants_colours(stdout);
        std::string page;
        while (!Screen::ended() && !quit_) {
            if (!paused_) {
                const int room = std::max(1, Screen::size().rows - lines_around);
                const auto answer = ask(options_.limit > 0 ? options_.limit : static_cast<size_t>(room));
                if (!answer) return tl::unexpected<Error>(answer.error());
                page = top_page(*answer, sort_, colours);
            }
            screen.draw(explaining_ ? help_page : page + (paused_ ? "paused   " : "") + help + "\n");
            press(Screen::key(static_cast<int>(options_.interval_seconds * 1000)));
        }
        return {};
    }

  private:
    void press(char key) {
        if (key == 0) return;
        quit_ = key == 'q';
        explaining_ = key == '?' && !explaining_;
        if (key == 'p') paused_ = !paused_;
        if (key == 's') sort_ = next_after(measures_of(counters_, counter_), sort_);
        if (key == 'c') {
            counter_ = next_after(names_, counter_);
            sort_ = first_measure();
        }
    }
    [[nodiscard]] std::string first_measure() const {
        const auto measures = measures_of(counters_, counter_);
        return measures.empty() ? "" : measures.front();
    }

    ApiClient client_;
    const Options& options_;
    std::string counter_, sort_;
    Json counters_;
    std::vector<std::string> names_;
    bool quit_ = false, paused_ = false, explaining_ = false;
};

int top(const Options& options) {
    auto client = ApiClient::create(resolved(options.address));
    if (!client) return fail_with(client.error());
    Top top(std::move(*client), options);
    if (auto chosen = top.choose(); !chosen) return fail_with(chosen.error());
    const bool live = Screen::possible() && !options.once && !options.json;
    const auto shown = live ? top.redraw() : top.print_once();
    return shown ? exit_ok : fail_with(shown.error());
}

}  // namespace

Run define_top(CLI::App& app) {
    auto options = std::make_shared<Options>();
    app.add_option("--counter", options->counter, "Which counter, such as flood.victims; see also key c")
        ->type_name("NAME");
    app.add_option("--sort", options->sort, "By which of its measures; see also key s")->type_name("MEASURE");
    app.add_option("--limit", options->limit, "So many rows; without it as many as fit")
        ->check(CLI::Range(1, 1000))
        ->type_name("N");
    app.add_option("--interval", options->interval_seconds, "Seconds between two looks")
        ->check(CLI::Range(0.1, 60.0))
        ->type_name("S");
    app.add_flag("--once", options->once, "Print it once; so does output that is no terminal");
    app.add_flag("--json", options->json, "The API's object, on one line, once");
    add_api_options(app, options->address);
    app.footer(std::string("Keys: ") + help +
               "\nExit codes: 0 done, 2 no such counter or measure, 3 no picket answers.");
    return [options] { return top(*options); };
}

}  // namespace picket

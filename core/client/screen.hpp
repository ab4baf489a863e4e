// SPDX-License-Identifier: Apache-2.0
// A terminal that is drawn on and given back as it was, however the program ends: the alternate screen, no
// cursor, keys without Enter. Main thread; one at a time.
#pragma once
#include <string_view>

namespace picket {

struct ScreenSize {
    int rows = 24, columns = 80;
};

class Screen {
  public:
    /// Standard input and output are terminals.
    static bool possible();
    Screen();
    ~Screen();
    Screen(const Screen&) = delete;
    Screen& operator=(const Screen&) = delete;

    [[nodiscard]] static ScreenSize size();
    /// Draws from the first line on; what stood there before is gone. Lines beyond the last row are cut off.
    void draw(std::string_view text) const;
    /// The key that was pressed within the time, 0: none, or a signal or a new size interrupted.
    [[nodiscard]] static char key(int wait_ms);
    /// A signal asked the program to end.
    [[nodiscard]] static bool ended();
};

}  // namespace picket

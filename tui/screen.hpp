// SPDX-License-Identifier: GPL-2.0-only
// The terminal: the only part that calls curses.
#pragma once

#include <memory>
#include <optional>

#include "lib/result.hpp"
#include "tui/canvas.hpp"
#include "tui/key.hpp"
#include "tui/terminal_restorer.hpp"
#include "tui/text.hpp"

namespace pasid::tui {

// One at a time. While it lives the terminal is in its hands, and however the process ends, but
// for SIGKILL, it is given back as it was.
class Screen final : public Canvas {
  public:
    // @color: false whatever the theme says.
    static Result<std::unique_ptr<Screen>> open(bool color, const Glyphs &glyphs);
    void use_theme(std::string_view name);
    void use_mouse(bool yes);
    ~Screen() override;
    Screen(const Screen &) = delete;
    Screen &operator=(const Screen &) = delete;

    int width() const override;
    int height() const override;
    void put(int row, int column, std::string_view text, Paint paint) override;
    void cursor(int row, int column) override;

    void begin(); // an empty frame
    void show();  // sends what differs from the last one

    // The next key that waits, if any. After the end of input at_end() is true. key::mouse: see
    // mouse().
    std::optional<Key> read();
    const Mouse &mouse() const { return mouse_; }
    bool at_end() const { return at_end_; }

    void resize();  // after SIGWINCH
    void repaint(); // the next frame is sent whole
    void suspend(); // gives the terminal back ...
    void resume();  // ... and takes it again

  private:
    explicit Screen(const Glyphs &glyphs) : glyphs_(glyphs) {}
    void set_up(bool color);
    void apply_theme();
    bool read_mouse();

    const Glyphs &glyphs_;
    const struct Theme *theme_ = nullptr;
    void *terminal_ = nullptr; // curses' SCREEN
    int cursor_row_ = -1;
    int cursor_column_ = -1;
    bool at_end_ = false;
    bool color_ = false;
    bool own_colors_ = false; // the terminal can go back to its own
    bool mouse_used_ = false;
    Mouse mouse_;
    TerminalRestorer restorer_;
};

} // namespace pasid::tui

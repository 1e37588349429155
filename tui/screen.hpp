// SPDX-License-Identifier: GPL-2.0-only
// The terminal; the only code that calls curses.
#pragma once

#include <memory>
#include <optional>

#include "lib/result.hpp"
#include "tui/canvas.hpp"
#include "tui/key.hpp"
#include "tui/terminal_restorer.hpp"
#include "tui/text.hpp"

namespace pasid::tui {

// Only one instance at a time. Controls the terminal during its lifetime and restores it however
// the process ends; after SIGKILL, TerminalRestorer does.
class Screen final : public Canvas {
  public:
    // @color: false disables colors regardless of the theme.
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

    void begin(); // starts an empty frame
    void show();  // sends the differences from the last frame

    // The next pending key, if any. At end of input at_end() becomes true. For key::mouse, see
    // mouse().
    std::optional<Key> read();
    const Mouse &mouse() const { return mouse_; }
    bool at_end() const { return at_end_; }

    void resize();  // after SIGWINCH
    void repaint(); // sends the complete next frame
    void suspend(); // restores the terminal
    void resume();  // takes it over again

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
    bool own_colors_ = false; // the terminal has default colors
    bool mouse_used_ = false;
    Mouse mouse_;
    TerminalRestorer restorer_;
};

} // namespace pasid::tui

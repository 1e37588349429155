// SPDX-License-Identifier: GPL-2.0-only
// The help page, generated from the tables of views, commands and columns.
#include <algorithm>

#include "tui/app.hpp"
#include "tui/keymap.hpp"
#include "tui/page.hpp"
#include "tui/text.hpp"

namespace pasid::tui {

namespace {

// Wraps @text at @width columns.
std::vector<std::string> wrap(std::string_view text, int width)
{
    std::vector<std::string> lines{""};
    while (!text.empty()) {
        const std::string_view word = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(text.size(), word.size() + 1));
        std::string &line = lines.back();
        if (!line.empty() && display_width(line) + 1 + display_width(word) > width)
            lines.emplace_back(word);
        else
            line += (line.empty() ? "" : " ") + std::string(word);
    }
    return lines;
}

class HelpText {
  public:
    HelpText(int width, const Glyphs &glyphs) : width_(width), glyphs_(glyphs) {}

    void section(std::string_view title)
    {
        if (!lines_.empty())
            lines_.push_back({});
        lines_.push_back({{std::string(title), Role::title}});
    }

    void entry(std::string_view name, std::string_view help)
    {
        const int left = std::min(name_width, width_ / 3);
        Span label{"  " + fit(name, left, Align::left, Cut::end, glyphs_) + "  ", Role::key};
        for (std::string &line : wrap(help, width_ - left - 4)) {
            lines_.push_back({label, {std::move(line), Role::normal}});
            label.text.assign(static_cast<std::size_t>(left) + 4, ' ');
        }
    }

    std::vector<TextLine> take() { return std::move(lines_); }

  private:
    static constexpr int name_width = 14;
    int width_;
    const Glyphs &glyphs_;
    std::vector<TextLine> lines_;
};

void add_commands(HelpText &text, std::string_view title, bool (*wanted)(const Command &),
                  unsigned hidden_in = 0)
{
    text.section(title);
    for (const Command &command : commands()) {
        if (!wanted(command))
            continue;
        const unsigned where = hidden_in ? hidden_in | command.where : 0;
        const std::string keys = keys_text(command, static_cast<int>(command.keys.size()), where);
        if (!keys.empty())
            text.entry(keys, command.help);
    }
}

bool is_general(const Command &command)
{
    return command.where != in_prompt && command.where != in_chooser && command.where != in_replay;
}

} // namespace

std::vector<TextLine> build_help(App &app, int width)
{
    HelpText text(width, app.glyphs());
    text.section("Views");
    for (const View &each : views())
        text.entry(key_text(each.key) + "  " + std::string(each.title), each.help);
    const unsigned hidden_in = app.replaying() ? unsigned{in_replay} : 0;
    if (hidden_in)
        add_commands(text, "In a recording",
                     [](const Command &command) { return command.where == in_replay; });
    add_commands(text, "Keys", is_general, hidden_in);
    add_commands(text, "While typing",
                 [](const Command &command) { return command.where == in_prompt; });
    add_commands(text, "While selecting columns",
                 [](const Command &command) { return command.where == in_chooser; });
    text.section("Columns of " + std::string(app.current_view().title));
    for (const Column &column : app.table().columns())
        text.entry(column.title, column.help);
    return text.take();
}

} // namespace pasid::tui

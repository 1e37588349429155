// SPDX-License-Identifier: GPL-2.0-only
// Choices of the user: search, columns, mouse, themes, and the settings that are saved.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include <unistd.h>

#include "bench.hpp"
#include "tui/keymap.hpp"
#include "tui/theme.hpp"

namespace pasid::tui {

using test::Bench;

namespace {

bool contains(const std::string &text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

std::string first_word(const std::string &line)
{
    const std::size_t from = std::min(line.find_first_not_of(' '), line.size());
    return line.substr(from, line.find(' ', from) - from);
}

// A temporary directory for settings.
class Home {
  public:
    Home() : path_(std::filesystem::temp_directory_path() / ("toprc-" + std::to_string(getpid())))
    {
        std::filesystem::create_directories(path_ / "pasidctl");
        setenv("XDG_CONFIG_HOME", path_.c_str(), 1);
    }
    ~Home()
    {
        std::filesystem::remove_all(path_);
        unsetenv("XDG_CONFIG_HOME");
    }
    Home(const Home &) = delete;
    Home &operator=(const Home &) = delete;

    void write(const std::string &text) const { std::ofstream(settings_path()) << text; }

  private:
    std::filesystem::path path_;
};

App started(const TuiOptions &options = {}) { return App(options, unicode_glyphs()); }

} // namespace

TEST(TuiSearch, it_goes_to_the_first_match_while_one_types)
{
    Bench bench(80, 24, "pasids");
    bench.type("/nginx");
    EXPECT_TRUE(bench.draw().shows("/nginx"));
    EXPECT_EQ(bench.app().lines().size(), 18u) << "a search hides no rows";
    EXPECT_TRUE(contains(bench.selected_line(), "nginx"));
    EXPECT_EQ(bench.app().cursor().selected(), 2u);
    bench.press(key::enter);
    EXPECT_FALSE(bench.app().prompting());
    bench.press(U'n');
    EXPECT_EQ(bench.app().cursor().selected(), 3u);
    bench.press(U'n');
    EXPECT_EQ(bench.app().cursor().selected(), 8u);
    bench.press(U'N');
    bench.press(U'N');
    EXPECT_EQ(bench.app().cursor().selected(), 2u);
    bench.press(U'N');
    EXPECT_EQ(bench.app().cursor().selected(), 15u) << "continues at the other end";
}

TEST(TuiSearch, esc_goes_back_and_nothing_found_is_said)
{
    Bench bench(80, 24, "pasids");
    bench.press(key::down);
    bench.type("/dsa");
    EXPECT_TRUE(contains(bench.selected_line(), "dsa_perf"));
    bench.press(key::escape);
    EXPECT_EQ(bench.app().cursor().selected(), 1u);
    bench.type("/nobody");
    bench.press(key::enter);
    EXPECT_EQ(bench.app().cursor().selected(), 1u);
    bench.now = App::Clock::now(); // messages of keys have the current time
    bench.press(U'n');
    EXPECT_TRUE(bench.draw().shows("no row contains \"nobody\""));
}

TEST(TuiFollow, the_row_or_the_line_stays_selected)
{
    Bench bench(80, 24, "pasids");
    bench.press(key::down);
    EXPECT_EQ(first_word(bench.selected_line()), "2");
    bench.press(U'r');
    EXPECT_EQ(first_word(bench.selected_line()), "2") << "the selection follows the row";
    EXPECT_EQ(bench.app().cursor().selected(), 16u);
    bench.press(U'F');
    bench.press(U'r');
    EXPECT_EQ(first_word(bench.selected_line()), "17") << "the selection stays on the line";
    EXPECT_EQ(bench.app().cursor().selected(), 16u);
}

TEST(TuiColumns, can_be_hidden_and_moved_and_brought_back)
{
    Bench bench(120, 24, "processes");
    bench.press(U'c');
    EXPECT_TRUE(bench.draw().shows("> Columns"));
    EXPECT_TRUE(bench.canvas().shows("> [x] PID"));
    bench.press(U' ');
    EXPECT_TRUE(bench.draw().shows("> [ ] PID"));
    bench.press(key::down);
    bench.press(U'>');
    bench.press(key::escape);
    EXPECT_FALSE(bench.draw().shows(" PID ")) << bench.canvas().text();
    const std::string heading = bench.canvas().line(bench.canvas().row_of("COMM"));
    EXPECT_LT(heading.find("PASIDS"), heading.find("COMM")) << heading;
    bench.press(U'>');
    EXPECT_TRUE(bench.draw().shows("COMM▲")) << "only visible columns can be sorted by";

    bench.press(U'c');
    bench.press(U'R');
    bench.press(U'c');
    EXPECT_LT(bench.draw().row_of("PID"), 6);
    bench.press(U'2');
    bench.press(U'3');
    EXPECT_TRUE(bench.draw().shows("STATE")) << "each view has its own columns";
}

TEST(TuiColumns, one_stays)
{
    Bench bench(120, 24, "processes");
    bench.press(U'c');
    for (int i = 0; i < 20; i++) {
        bench.press(U' ');
        bench.press(key::down);
    }
    bench.press(key::escape);
    EXPECT_EQ(bench.app().shown_columns().size(), 1u);
    bench.draw();
}

TEST(TuiMouse, selects_opens_sorts_scrolls_and_changes_the_view)
{
    Bench bench(100, 24, "pasids");
    bench.click_on("1m54s");
    EXPECT_EQ(first_word(bench.selected_line()), "4");
    bench.click_on("PID ");
    EXPECT_TRUE(bench.draw().shows("PID▲"));
    bench.click_on("PID▲");
    EXPECT_TRUE(bench.draw().shows("PID▼"));
    bench.click_on("Devices");
    EXPECT_EQ(bench.app().current_view().id, ViewId::devices);
    bench.click_on("Cgroups");
    bench.click_on("── a");
    EXPECT_FALSE(bench.app().drilled());
    bench.click_on("── a");
    EXPECT_TRUE(bench.draw().shows("> cgroup /demo/vm/a"));
    bench.click_on("Esc Back");
    EXPECT_FALSE(bench.app().drilled());
    bench.click(10, 10, Mouse::wheel_down);
    EXPECT_EQ(bench.app().cursor().selected(), 6u);
    bench.click(10, 10, Mouse::wheel_up);
    EXPECT_EQ(bench.app().cursor().selected(), 3u);
    EXPECT_EQ(bench.click(0, 0), unsigned{changed_nothing});
    EXPECT_EQ(bench.click(-5, 1000), unsigned{changed_nothing});
}

TEST(TuiThemes, one_after_the_other)
{
    Bench bench;
    std::set<std::string> seen;
    for (std::size_t i = 0; i < themes().size(); i++) {
        EXPECT_TRUE(bench.press(U'C') & changed_appearance);
        seen.insert(bench.app().theme());
    }
    EXPECT_EQ(seen, (std::set<std::string>{"default", "mono", "high-contrast", "light"}));
    EXPECT_EQ(bench.app().theme(), "default");
}

TEST(TuiSettings, what_was_saved_is_found_again)
{
    const Home home;
    {
        App app = started();
        app.take(test::sample_snapshot(), {});
        app.show(ViewId::processes);
        press(app, U'r');
        press(app, U'c');
        press(app, U' ');
        press(app, U'c');
        press(app, U'C');
        press(app, U'-');
        press(app, U'F');
        press(app, U'm');
        app.show(ViewId::cgroups);
        press(app, U't');
        app.show(ViewId::devices);
        press(app, U'W');
    }
    App app = started();
    app.take(test::sample_snapshot(), {});
    EXPECT_EQ(app.current_view().id, ViewId::devices);
    EXPECT_EQ(app.theme(), "mono");
    EXPECT_EQ(app.interval(), std::chrono::seconds(2));
    EXPECT_EQ(app.settings().follow, false);
    EXPECT_FALSE(app.mouse_used());
    app.show(ViewId::processes);
    EXPECT_FALSE(app.list_settings().reverse);
    EXPECT_FALSE(app.column_settings().front().shown);
    app.show(ViewId::cgroups);
    EXPECT_FALSE(app.list_settings().tree);

    TuiOptions options;
    options.view = "events";
    options.theme = "light";
    options.interval = std::chrono::milliseconds(500);
    const App told = started(options);
    EXPECT_EQ(told.current_view().id, ViewId::events) << "options override saved settings";
    EXPECT_EQ(told.theme(), "light");
    EXPECT_EQ(told.interval(), std::chrono::milliseconds(500));
}

TEST(TuiSettings, a_broken_file_is_told_and_the_view_starts)
{
    const Home home;
    for (const char *text :
         {"", "{", "[]", "7", "{\"theme\": 3}", "{\"views\": []}", "{\"views\": {\"pasids\": 1}}",
          "{\"views\": {\"pasids\": {\"columns\": 1}}}",
          "{\"views\": {\"pasids\": {\"columns\": [{\"shown\": true}]}}}",
          "{\"interval_ms\": \"x\"}"}) {
        home.write(text);
        App app = started();
        const std::string said = app.flash(App::Clock::now());
        EXPECT_TRUE(contains(said, "settings not read: ")) << text << ": " << said;
        EXPECT_TRUE(contains(said, "fix or remove it")) << said;
        EXPECT_EQ(app.theme(), "default");
    }
}

TEST(TuiSettings, what_this_version_does_not_know_is_left_alone)
{
    const Home home;
    home.write("{\"theme\": \"neon\", \"view\": \"moon\", \"interval_ms\": -5, \"new\": [],"
               " \"views\": {\"moon\": {}, \"pasids\": {\"sort\": \"size\", \"columns\":"
               " [{\"key\": \"size\"}, {\"key\": \"comm\"}]}}}");
    App app = started();
    app.take(test::sample_snapshot(), {});
    EXPECT_EQ(app.flash(App::Clock::now()), "");
    EXPECT_EQ(app.theme(), "default");
    EXPECT_EQ(app.interval(), std::chrono::milliseconds(100));
    app.show(ViewId::pasids);
    EXPECT_EQ(app.column_settings().front().key, "comm");
}

TEST(TuiSettings, the_file_is_whole_or_not_there)
{
    const Home home;
    Settings settings;
    settings.theme = "light";
    ASSERT_TRUE(write_settings(settings_path(), settings));
    settings.theme = "mono";
    ASSERT_TRUE(write_settings(settings_path(), settings));
    EXPECT_EQ(read_settings(settings_path())->theme, "mono");
    std::size_t files = 0;
    for ([[maybe_unused]] const auto &file :
         std::filesystem::directory_iterator(std::filesystem::path(settings_path()).parent_path()))
        files++;
    EXPECT_EQ(files, 1u) << "no other files remain";
    EXPECT_FALSE(write_settings("/proc/nothing/pasidctl/toprc", settings));
    EXPECT_FALSE(write_settings("", settings));
}

} // namespace pasid::tui

// SPDX-License-Identifier: GPL-2.0-only
// Shell completions and the manual agree with the help of the program.
#include <algorithm>
#include <fstream>
#include <functional>
#include <regex>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fakes.hpp"
#include "render/fields.hpp"
#include "render/json.hpp"

namespace pasid::test {

using testing::HasSubstr;
using testing::Not;

TEST(Completion, EachShellAndTheManualKnowEachCommand)
{
    World world;
    for (const char *shell : {"bash", "zsh", "fish", "man"}) {
        const auto run = world.run({"completion", shell});
        EXPECT_EQ(run.status, 0);
        for (const CommandRow &row : command_table())
            EXPECT_THAT(run.out, HasSubstr(std::string(row.name))) << shell;
        EXPECT_THAT(run.out, HasSubstr("explain")) << shell;
        EXPECT_THAT(run.out, HasSubstr("duration")) << shell;
    }
    EXPECT_EQ(world.run({"completion", "csh"}).status, 2);
}

using Options = std::set<std::string>;
using Path = std::vector<std::string>;

std::vector<std::string> text_lines(const std::string &text)
{
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);)
        lines.push_back(line);
    return lines;
}

void take_options(const std::string &text, Options &options)
{
    static const std::regex name("(^|[ ,])(--?[a-z][a-z-]*)", std::regex::icase);
    for (std::sregex_iterator at(text.begin(), text.end(), name), none; at != none; ++at)
        options.insert((*at)[2]);
}

// "  -n,--count N   ..." -> -n, --count
Options options_of_help(const std::string &help)
{
    Options options;
    for (const std::string &line : text_lines(help))
        if (line.starts_with("  -"))
            take_options(line.substr(2, line.find(' ', 2) - 2), options);
    return options;
}

// The lines of a command in the manual, without markup.
std::vector<std::string> manual_of(const std::string &manual, const std::string &path)
{
    std::vector<std::string> found;
    bool inside = false;
    for (const std::string &line :
         text_lines(std::regex_replace(manual, std::regex(R"(\\-)"), "-"))) {
        if (line.starts_with(".S"))
            inside = line == ".SS pasidctl " + path;
        else if (inside)
            found.push_back(line);
    }
    return found;
}

Options options_of_manual(const std::vector<std::string> &lines)
{
    Options options;
    for (const std::string &line : lines)
        if (line.starts_with("\\fB-"))
            take_options(line.substr(3, line.find("\\fR") - 3), options);
    return options;
}

Options options_of_bash(const std::string &script, const std::string &path)
{
    Options options;
    const std::string begin = "    \" " + path + "\") COMPREPLY=($(compgen -W \"";
    for (const std::string &line : text_lines(script))
        if (line.starts_with(begin))
            take_options(line.substr(begin.size(), line.find('"', begin.size()) - begin.size()),
                         options);
    return options;
}

Options options_of_fish(const std::string &script, const Path &path)
{
    Options options;
    std::string when;
    for (const std::string &word : path)
        when += (when.empty() ? "" : "; and ") + ("__fish_seen_subcommand_from " + word);
    static const std::regex name("-(s|l) ([a-zA-Z-]+)");
    for (const std::string &line : text_lines(script)) {
        const std::string begin = "complete -c pasidctl -n '" + when;
        const std::string rest = line.starts_with(begin) ? line.substr(begin.size()) : "";
        if (!rest.starts_with("' -") && !rest.starts_with("; and not "))
            continue;
        const std::string names = rest.substr(0, rest.find(" -d "));
        for (std::sregex_iterator at(names.begin(), names.end(), name), none; at != none; ++at)
            options.insert(((*at)[1] == "s" ? "-" : "--") + (*at)[2].str());
    }
    return options;
}

void each_path(std::span<const CommandRow> rows, const Path &above,
               const std::function<void(const CommandRow &, const Path &)> &look)
{
    for (const CommandRow &row : rows) {
        Path path = above;
        path.emplace_back(row.name);
        look(row, path);
        each_path(row.children, path, look);
    }
}

// An option that is added to a command appears in all four, with the same text.
TEST(Completion, HelpManualAndShellsKnowTheSameOptions)
{
    World world;
    const std::string manual = world.run({"completion", "man"}).out;
    const std::string bash = world.run({"completion", "bash"}).out;
    const std::string zsh = world.run({"completion", "zsh"}).out;
    const std::string fish = world.run({"completion", "fish"}).out;
    int commands = 0;
    each_path(command_table(), {}, [&](const CommandRow &row, const Path &path) {
        const std::string name = fmt::format("{}", fmt::join(path, " "));
        std::vector<const char *> words;
        for (const std::string &word : path)
            words.push_back(word.c_str());
        words.push_back("--help");
        const std::string help = world.run(words).out;
        const Options options = options_of_help(help);
        EXPECT_TRUE(options.count("--help")) << name;
        EXPECT_EQ(options.count("--json"), row.children.empty()) << name;

        const auto section = manual_of(manual, name);
        EXPECT_EQ(options_of_manual(section), options) << name;
        EXPECT_EQ(options_of_bash(bash, name), options) << name;
        EXPECT_EQ(options_of_bash(zsh, name), options) << name;
        EXPECT_EQ(options_of_fish(fish, path), options) << name;

        ASSERT_GT(section.size(), 2u) << name;
        EXPECT_EQ(section.front(), std::string(row.help) + ".");
        EXPECT_EQ(section.back(), "Example: " + std::string(row.example));
        for (std::size_t i = 0; i + 2 < section.size(); i++)
            if (section[i] == ".TP") {
                EXPECT_THAT(help, HasSubstr(section[i + 2])) << name;
            }
        commands++;
    });
    EXPECT_GE(commands, 18);
}

template <class Row> void manual_has_fields(const std::vector<std::string> &manual)
{
    for (const Field<Row> &field : fields<Row>()) {
        const std::string key = "\\fB" + std::string(field.key) + "\\fR";
        const auto at = std::find_if(manual.begin(), manual.end(), [&](const std::string &line) {
            return field.in_json() ? line == key || line.starts_with(key + " (column ")
                                   : line == "column " + std::string(field.title);
        });
        EXPECT_NE(at, manual.end()) << field.key << field.title;
    }
}

TEST(Completion, TheManualHasEachField)
{
    World world;
    const auto manual = text_lines(
        std::regex_replace(world.run({"completion", "man"}).out, std::regex(R"(\\-)"), "-"));
    manual_has_fields<Ioasid>(manual);
    manual_has_fields<Binding>(manual);
    manual_has_fields<CgroupUsage>(manual);
    manual_has_fields<Process>(manual);
    manual_has_fields<Device>(manual);
    manual_has_fields<System>(manual);
    manual_has_fields<Event>(manual);
}

TEST(Completion, BashCompletes)
{
    World world;
    const std::string path = testing::TempDir() + "pasidctl-completion.bash";
    std::ofstream(path) << world.run({"completion", "bash"}).out;
    const auto completed = [&](const std::string &words, int at) {
        const std::string command = "bash -c 'source " + path + "; COMP_WORDS=(" + words +
                                    "); COMP_CWORD=" + std::to_string(at) +
                                    "; _pasidctl; echo ${COMPREPLY[@]}'";
        FILE *pipe = popen(command.c_str(), "r");
        char line[4096] = {};
        EXPECT_NE(fgets(line, sizeof(line), pipe), nullptr);
        pclose(pipe);
        return std::string(line);
    };
    EXPECT_EQ(completed("pasidctl tr", 1), "trace\n");
    EXPECT_EQ(completed("pasidctl policy ap", 2), "apply\n");
    EXPECT_EQ(completed("pasidctl policy apply --dry", 3), "--dry-run\n");
    EXPECT_EQ(completed("pasidctl trace --json --rep", 3), "--replay\n");
    unlink(path.c_str());
}

} // namespace pasid::test

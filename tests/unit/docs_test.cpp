// SPDX-License-Identifier: GPL-2.0-only
// The commands in the README and in the examples of --help are accepted.
#include <fstream>
#include <regex>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fakes.hpp"
#include "ioasid-io/script.hpp"
#include "render/fields.hpp"
#include "render/json.hpp"

namespace pasid::test {

namespace {

std::string file(const std::string &name)
{
    std::ifstream stream(PASID_SOURCE "/" + name);
    EXPECT_TRUE(stream) << name;
    return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<std::string> words_of(const std::string &line)
{
    std::vector<std::string> words;
    std::istringstream stream(line);
    for (std::string word; stream >> word && word[0] != '#' && word[0] != '>';)
        words.push_back(word);
    return words;
}

// The command exists and has all options of the line.
void expect_accepted(const std::string &line)
{
    World world;
    auto words = words_of(line);
    std::vector<const char *> command;
    for (std::size_t i = 1; i < words.size() && words[i][0] != '-'; i++)
        command.push_back(words[i].c_str());
    command.push_back("--help");
    const auto help = world.run(command);
    EXPECT_EQ(help.status, 0) << line;
    for (std::size_t i = 1; i < words.size(); i++) {
        if (words[i][0] != '-' || words[i - 1] == "--sort") // its KEY may begin with `-`
            continue;
        EXPECT_TRUE(std::regex_search(help.out, std::regex("[ ,]" + words[i] + "[ ,]")))
            << words[i] << " in " << line;
    }
}

void expect_examples_accepted(std::span<const CommandRow> rows)
{
    for (const CommandRow &row : rows) {
        expect_accepted(std::string(row.example));
        expect_examples_accepted(row.children);
    }
}

} // namespace

TEST(Docs, ExamplesOfHelp) { expect_examples_accepted(command_table()); }

TEST(Docs, CommandsOfTheReadme)
{
    const std::string text = file("README.md");
    const std::regex command(R"((?:^|\n)(?:\$ |    )(pasidctl .*))");
    int seen = 0;
    for (std::sregex_iterator at(text.begin(), text.end(), command), none; at != none; ++at, seen++)
        expect_accepted((*at)[1]);
    EXPECT_GT(seen, 8);
}

TEST(Docs, PoliciesOfTheReadme)
{
    const std::string text = file("README.md");
    const std::regex block("```yaml\n([^`]*)```");
    int seen = 0;
    for (std::sregex_iterator at(text.begin(), text.end(), block), none; at != none; ++at, seen++) {
        const auto compiled = policy::compile((*at)[1].str(), "README.md");
        EXPECT_TRUE(compiled.ok()) << policy::to_text(compiled.diagnostics);
        EXPECT_TRUE(compiled.diagnostics.empty()) << policy::to_text(compiled.diagnostics);
    }
    EXPECT_GE(seen, 1);
}

// tests/kernel/uapi_doc.t runs them.
TEST(Docs, ScriptsOfTheUapiPage)
{
    const std::string text = file("docs/uapi.md");
    const std::regex block("```ioasid-io\n([^`]*)```\n\n```output\n([^`]*)```\n");
    int seen = 0;
    for (std::sregex_iterator at(text.begin(), text.end(), block), none; at != none; ++at, seen++) {
        const std::vector<io::Source> source{{"docs/uapi.md", (*at)[1].str()}};
        const auto script = io::parse(source);
        ASSERT_TRUE(script) << (*at)[1] << describe(script.error());
        EXPECT_FALSE(script->empty());
    }
    EXPECT_GE(seen, 9);
    const std::regex start("```ioasid-io\n");
    const std::sregex_iterator starts(text.begin(), text.end(), start);
    EXPECT_EQ(std::distance(starts, {}), seen) << "each has its output";
}

// Every call of the header has its place on the page.
TEST(Docs, CallsOfTheUapiPage)
{
    const std::string header = file("include/uapi/ioasid.h"), page = file("docs/uapi.md");
    const std::regex call("#define IOASID_(?:REQUEST_)?([A-Z_]+)\t+_IO\\(");
    int seen = 0;
    for (std::sregex_iterator at(header.begin(), header.end(), call), none; at != none;
         ++at, seen++)
        EXPECT_TRUE(std::regex_search(page, std::regex("\\b" + (*at)[1].str() + "\\b")))
            << (*at)[1];
    EXPECT_GE(seen, 22);
}

// The documents name the range of kernels that doctor, the build and the lab use.
TEST(Docs, SupportedKernels)
{
    const std::string kernels = file("kmod-shim/supported-kernels");
    std::smatch oldest, newest;
    ASSERT_TRUE(std::regex_search(kernels, oldest, std::regex("\nKERNEL_OLDEST=([0-9.]+)\n")));
    ASSERT_TRUE(std::regex_search(kernels, newest, std::regex("\nKERNEL_NEWEST=([0-9.]+)\n")));
    const std::string range = "Linux " + oldest.str(1) + " to " + newest.str(1);
    for (const char *page : {"README.md", "docs/supported.md"})
        EXPECT_THAT(file(page), testing::HasSubstr(range)) << page;
}

// The targets of all links in the documents exist.
TEST(Docs, LinksLeadSomewhere)
{
    const std::regex link(R"(\]\(([^):#]+)[)#])");
    for (const char *page :
         {"README.md", "CONTRIBUTING.md", "docs/design.md", "docs/supported.md",
          "docs/object-graph.md", "docs/glossary.md", "docs/uapi.md", "policy/README.md"}) {
        const std::string text = file(page);
        // Without a slash, rfind() is npos and the folder "".
        const std::string folder = std::string(page).substr(0, std::string(page).rfind('/') + 1);
        for (std::sregex_iterator at(text.begin(), text.end(), link), none; at != none; ++at)
            EXPECT_EQ(access((PASID_SOURCE "/" + folder + (*at)[1].str()).c_str(), F_OK), 0)
                << page << ": " << (*at)[1];
    }
}

// docs/json.schema.json has the description of each field.
template <class Row> void expect_documented(const Json &schema, const char *noun)
{
    std::vector<std::string> documented, described;
    for (const auto &[key, property] : schema["$defs"][noun]["properties"].items())
        documented.push_back(key + ": " + property.value("description", ""));
    for (const Field<Row> &field : fields<Row>())
        if (field.in_json())
            described.push_back(std::string(field.key) + ": " + std::string(field.help));
    EXPECT_EQ(documented, described) << noun;
}

TEST(Json, IsDocumented)
{
    std::ifstream file(PASID_SOURCE "/docs/json.schema.json");
    const Json schema = Json::parse(file);
    expect_documented<Ioasid>(schema, "ioasid");
    expect_documented<Binding>(schema, "binding");
    expect_documented<Process>(schema, "process");
    expect_documented<CgroupUsage>(schema, "cgroup-usage");
    expect_documented<Device>(schema, "device");
    expect_documented<Space>(schema, "space");
    expect_documented<System>(schema, "system");
    expect_documented<Event>(schema, "event");

    const auto expect_command = [&](const std::string &name) {
        EXPECT_TRUE(schema["commands"].contains(name)) << name;
    };
    for (const CommandRow &row : command_table()) {
        if (row.name == "metrics" || row.name == "completion") // print no JSON
            continue;
        if (row.children.empty())
            expect_command(std::string(row.name));
        for (const CommandRow &child : row.children)
            expect_command(std::string(row.name) + " " + std::string(child.name));
    }
}

} // namespace pasid::test

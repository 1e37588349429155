// SPDX-License-Identifier: GPL-2.0-only
// The documentation agrees with the rows of policy/fields.cpp.
// POLICY_GOLDEN_UPDATE=1 writes the table in policy/README.md.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "policy/fields.hpp"

namespace pasid::policy {

namespace {

using Json = nlohmann::ordered_json;

std::string read_file(const char *path)
{
    std::ifstream file(path);
    EXPECT_TRUE(file) << path;
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string row(const Key &key)
{
    std::string name(key.name);
    if (key.where == Where::defaults)
        name = "defaults: " + name;
    return fmt::format("| {} | {} | `{}` | {}{} |\n", name, key.allowed, key.example, key.help,
                       key.required ? "; required" : "");
}

std::string key_table()
{
    std::string text = "| key | value | example | meaning |\n| --- | --- | --- | --- |\n";
    for (const DefaultField &field : default_fields())
        text += row(field.key);
    for (const RuleField &field : rule_fields())
        text += row(field.key);
    return text;
}

} // namespace

TEST(Fields, AreInTheReadme)
{
    constexpr const char *path = POLICY_SOURCE "/policy/README.md";
    const std::string text = read_file(path), begin = "<!-- keys: from fields.cpp -->\n";
    const std::size_t from = text.find(begin) + begin.size();
    const std::size_t to = text.find("<!-- end -->", from);
    ASSERT_TRUE(text.find(begin) != text.npos && to != text.npos);
    if (std::getenv("POLICY_GOLDEN_UPDATE"))
        std::ofstream(path) << text.substr(0, from) << key_table() << text.substr(to);
    else
        EXPECT_EQ(text.substr(from, to - from), key_table());
}

TEST(Fields, AreInTheSchema)
{
    const Json rule =
        Json::parse(read_file(POLICY_SOURCE "/docs/json.schema.json"))["$defs"]["rule"];
    Json properties = Json::object(), required = Json::array();
    for (const RuleField &field : rule_fields()) {
        const std::string key(field.json_key);
        properties[key]["description"] = field.key.help;
        const Json schema = Json::parse(field.schema);
        for (const auto &[name, value] : schema.items())
            properties[key][name] = value;
        if (properties[key].contains("enum"))
            for (const Choice &choice : field.key.choices)
                properties[key]["enum"].push_back(choice.name);
        required.push_back(key);
    }
    EXPECT_EQ(rule["properties"], properties) << properties.dump(2);
    EXPECT_EQ(rule["required"], required);
}

// Every key must be enforced, so the policies of the tests in the guest must use it.
TEST(Fields, AreEnforced)
{
    std::string tests;
    for (const auto &entry : std::filesystem::directory_iterator(POLICY_SOURCE "/tests/bpf"))
        if (entry.path().extension() == ".t")
            tests += read_file(entry.path().c_str());
    for (const RuleField &field : rule_fields())
        EXPECT_NE(tests.find(fmt::format(" {}: ", field.key.name)), tests.npos)
            << field.key.name << " is in no policy of tests/bpf";
}

} // namespace pasid::policy

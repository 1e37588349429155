// SPDX-License-Identifier: GPL-2.0-only
//
// golden/NAME.txt contains the exact diagnostics of compiling golden/NAME.yaml, or the policy
// if there are none. POLICY_GOLDEN_UPDATE=1 rewrites the .txt files; review the diff.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "helpers.hpp"

namespace pasid::policy {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path &path)
{
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

std::vector<std::string> names()
{
    std::vector<std::string> out;
    for (const auto &entry : fs::directory_iterator(POLICY_GOLDEN))
        if (entry.path().extension() == ".yaml")
            out.push_back(entry.path().stem());
    std::sort(out.begin(), out.end());
    return out;
}

std::string result_of(const std::string &name)
{
    std::string text = read(fs::path(POLICY_GOLDEN) / (name + ".yaml"));
    Compiled compiled = compile(text, name + ".yaml");
    EXPECT_EQ(compiled.ok(),
              std::none_of(compiled.diagnostics.begin(), compiled.diagnostics.end(),
                           [](const Diagnostic &d) { return d.severity == Severity::error; }));
    std::string out = to_text(compiled.diagnostics);
    if (compiled.ok())
        out += "=> " + to_yaml(decompile(*compiled.image));
    return out;
}

class Golden : public testing::TestWithParam<std::string> {};

TEST_P(Golden, SaysWhatItShould)
{
    fs::path golden = fs::path(POLICY_GOLDEN) / (GetParam() + ".txt");
    std::string result = result_of(GetParam());
    if (std::getenv("POLICY_GOLDEN_UPDATE"))
        std::ofstream(golden, std::ios::binary) << result;
    ASSERT_TRUE(fs::exists(golden)) << "current output:\n" << result;
    EXPECT_EQ(result, read(golden));
}

INSTANTIATE_TEST_SUITE_P(Files, Golden, testing::ValuesIn(names()),
                         [](const auto &info) { return info.param; });

TEST(GoldenFiles, AreThere) { EXPECT_GT(names().size(), 100u); }

} // namespace
} // namespace pasid::policy

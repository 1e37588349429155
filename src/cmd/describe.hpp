// SPDX-License-Identifier: GPL-2.0-only
// The command line as data, from what --help is made from.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace pasid {

struct OptionText {
    std::vector<std::string> names; // "-n", "--count"; of an argument: its name
    std::string argument;           // "" for a flag
    std::string help;
    bool positional = false;
};

struct CommandText {
    std::vector<std::string> words; // "policy", "apply"
    std::string help;
    std::string example;
    std::vector<OptionText> options;
    std::vector<std::string> children;
};

// Each command of @root, which comes first; a parent before its children.
std::vector<CommandText> describe_commands(const CLI::App &root);

} // namespace pasid

// SPDX-License-Identifier: GPL-2.0-only
// The command line as data; --help, the completions and the manual page show the same.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace pasid {

struct OptionText {
    std::vector<std::string> names; // "-n", "--count"; for an argument: its name
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

// All commands below @root, which comes first; parents before their children.
std::vector<CommandText> describe_commands(const CLI::App &root);

} // namespace pasid
